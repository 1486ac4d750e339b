// Adds the outputs of the splits in their order and scatters them to where the gradient lives. One thread per entry.

struct Call { size: u32, splits: u32, splitStride: u32, inputRunStride: u32, outputRunStride: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> splits: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if (i >= call.size) { return; }
  let run = group.z;
  var sum = 0.0;
  for (var s = 0u; s < call.splits; s++) {
    sum += splits[s * call.splitStride + run * call.inputRunStride + i];
  }
  output[run * call.outputRunStride + i] = sum;
}
