// Adds up the splits of every gradient in their order, where it was cut, and the squares for the global norm of every run: each
// TEAM of threads leaves the sum of its own. Four threads share a block, whose row of the table each reads once, and take every
// `blocksAtOnce`-th. A gain has many splits: AT_ONCE of them are loaded together, so that a GPU does not wait for one after another.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> blocks: array<Block>;
@group(0) @binding(2) var<storage, read> splits: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> squares: array<f32>;

const QUADS_PER_BLOCK: u32 = 16u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let thread = (group.y * groups.x + group.x) * 64u + local;
  let run = group.z;
  let own = thread % 4u;
  var sum = 0.0;
  for (var number = thread / 4u; number < call.blocks; number += call.blocksAtOnce) {
    let block = blocks[number];
    let base = (run * call.blocks + number) * QUADS_PER_BLOCK + own;
    @each q < 4: var g{q} = vec4f(0.0);
    if (block.splits == 0u) {
      @each q < 4: g{q} = gradients[base + 4u * {q}u];
    } else {
      let first = block.first + run * block.runStride + own;
      for (var s = 0u; s < block.splits; s += AT_ONCE) {
        // Beyond the last split the last one is loaded again, and not added.
        @each n < AT_ONCE: let at{n} = first + min(s + {n}u, block.splits - 1u) * block.splitStride;
        @each n < AT_ONCE: @each q < 4: let split{n}_{q} = splits[at{n} + 4u * {q}u];
        @each n < AT_ONCE: @each q < 4: g{q} += select(vec4f(0.0), split{n}_{q}, s + {n}u < block.splits);
      }
      @each q < 4: gradients[base + 4u * {q}u] = g{q};
    }
    @each q < 4: sum += dot(g{q}, g{q});
  }
  let all = entry(sumOfTeam(local, Lane(sum)), 0u);
  if (thread % TEAM == 0u && thread / TEAM < call.sums) { squares[run * call.sums + thread / TEAM] = all; }
}
