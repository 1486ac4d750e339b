// Turns pairs of numbers (i, i + d_h/2) of each head by the angle of their position, in place (Su et al. 2021, arXiv 2104.09864).
// The cosines and sines are a table made on the CPU: WGSL's own are only promised to 5e-4. `inverse` turns back, which is what
// a gradient needs. One thread per pair.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> rotations: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> x: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if (i >= call.rows * call.heads * call.half) { return; }
  let pair = i % call.half;
  let head = i / call.half;
  let position = (head / call.heads) % call.context;
  let at = (group.z * call.rows * call.heads + head) * 2u * call.half + pair;
  let turn = rotations[position * call.half + pair];
  let sine = select(turn.y, -turn.y, call.inverse == 1u);
  let first = x[at];
  let second = x[at + call.half];
  x[at] = first * turn.x - second * sine;
  x[at + call.half] = first * sine + second * turn.x;
}
