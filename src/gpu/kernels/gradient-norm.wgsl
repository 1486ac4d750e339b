// Sums of squares of 4096 gradient entries each, for the global norm of every run. One workgroup per chunk and run.

struct Call { quads: u32, chunks: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

const QUADS_PER_CHUNK: u32 = 1024u;
var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let run = group.z;
  let end = min(call.quads, (group.x + 1u) * QUADS_PER_CHUNK);
  var sum = 0.0;
  for (var i = group.x * QUADS_PER_CHUNK + local; i < end; i += 64u) {
    let g = gradients[run * call.quads + i];
    sum += dot(g, g);
  }
  partial[local] = sum;
  workgroupBarrier();
  if (local > 0u) { return; }
  sum = 0.0;
  for (var i = 0u; i < 64u; i++) { sum += partial[i]; }
  sums[run * call.chunks + group.x] = sum;
}
