// y = gelu(x), the tanh form: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). One thread per lane.

struct Call { lanes: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<Lane>;
@group(0) @binding(2) var<storage, read_write> y: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if (i >= call.lanes) { return; }
  let at = group.z * call.lanes + i;
  let v = x[at];
  // Clamped, because some drivers' tanh overflows for large arguments; tanh(15) is 1 in f32.
  let t = tanh(clamp(0.7978845608028654 * (v + 0.044715 * v * v * v), Lane(-15.0), Lane(15.0)));
  y[at] = 0.5 * v * (1.0 + t);
}
