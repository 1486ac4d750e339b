// y = max(x, 0)^2. One thread per lane.

struct Call { lanes: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<Lane>;
@group(0) @binding(2) var<storage, read_write> y: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if (i >= call.lanes) { return; }
  let at = group.z * call.lanes + i;
  let v = max(x[at], Lane(0.0));
  y[at] = v * v;
}
