// Adds up the splits of every gradient in their order, where it was cut, and the squares for the global norm of every run: each
// thread leaves the sum of its own. Four threads share a block, whose row of the table each reads once. There is no reduction
// over a workgroup, because a barrier costs a CPU adapter more than all the rest.

struct Call { blocks: u32, blocksOfThread: u32, sums: u32 }
// First quad of a block's first split, number of splits, and from one split and one run to the next, in quads.
struct Block { first: u32, splits: u32, splitStride: u32, runStride: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> blocks: array<Block>;
@group(0) @binding(2) var<storage, read> splits: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> squares: array<f32>;

const QUADS_PER_BLOCK: u32 = 16u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let thread = (group.y * groups.x + group.x) * 64u + local;
  if (thread >= call.sums) { return; }
  let run = group.z;
  let begin = thread / 4u * call.blocksOfThread;
  let end = min(call.blocks, begin + call.blocksOfThread);
  var sum = 0.0;
  for (var number = begin; number < end; number++) {
    let block = blocks[number];
    let first = block.first + run * block.runStride;
    let base = (run * call.blocks + number) * QUADS_PER_BLOCK;
    for (var i = thread % 4u; i < QUADS_PER_BLOCK; i += 4u) {
      var g = vec4f(0.0);
      if (block.splits == 0u) {
        g = gradients[base + i];
      } else {
        for (var s = 0u; s < block.splits; s++) { g += splits[first + s * block.splitStride + i]; }
        gradients[base + i] = g;
      }
      sum += dot(g, g);
    }
  }
  squares[run * call.sums + thread] = sum;
}
