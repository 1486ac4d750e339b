// With s = sigmoid(gate): dgate = dy * up * s * (1 + gate * (1 - s)) and dup = dy * gate * s.
// One thread per lane.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> gate: array<Lane>;
@group(0) @binding(2) var<storage, read> up: array<Lane>;
@group(0) @binding(3) var<storage, read> gradient: array<Lane>;
@group(0) @binding(4) var<storage, read_write> gateGradient: array<Lane>;
@group(0) @binding(5) var<storage, read_write> upGradient: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if (i >= call.lanes) { return; }
  let at = group.z * call.lanes + i;
  let g = gate[at];
  let s = 1.0 / (1.0 + exp(clamp(-g, Lane(-80.0), Lane(80.0))));
  let dy = gradient[at];
  gateGradient[at] = dy * up[at] * s * (1.0 + g * (1.0 - s));
  upGradient[at] = dy * g * s;
}
