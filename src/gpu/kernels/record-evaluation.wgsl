// Mean loss of each evaluation sequence, at its place in the window. One thread per sequence of the batch.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> clock: array<u32>;
@group(0) @binding(2) var<storage, read> losses: array<f32>;
@group(0) @binding(3) var<storage, read_write> means: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= call.batch) { return; }
  let base = (id.z * call.batch + id.x) * call.context;
  var sum = 0.0;
  for (var t = 0u; t < call.context; t++) { sum += losses[base + t]; }
  means[id.z * call.windowSize + clock[0] * call.batch + id.x] = sum / f32(call.context);
}
