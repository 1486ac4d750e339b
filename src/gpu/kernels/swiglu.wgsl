// y = gate * sigmoid(gate) * up (Shazeer 2020, arXiv 2002.05202). One thread per lane.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> gate: array<Lane>;
@group(0) @binding(2) var<storage, read> up: array<Lane>;
@group(0) @binding(3) var<storage, read_write> y: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if (i >= call.lanes) { return; }
  let at = group.z * call.lanes + i;
  let g = gate[at];
  // Clamped, because e^88 is infinite in f32.
  y[at] = g / (1.0 + exp(clamp(-g, Lane(-80.0), Lane(80.0)))) * up[at];
}
