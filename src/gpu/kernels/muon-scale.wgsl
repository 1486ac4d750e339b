// X /= its Frobenius norm, for each matrix that muon-momentum.wgsl has gathered. Every thread adds up what all threads
// have left of its matrix, in the same order. A matrix without a gradient gives zeros.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> squares: array<vec4f>;
@group(0) @binding(2) var<storage, read> runs: array<Run>;
@group(0) @binding(3) var<storage, read_write> x: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let number = group.y * groups.x + group.x;
  let run = group.z;
  if (number >= call.matrices * call.groups || runs[run].divergedAt != NEVER) { return; }
  let matrix = run * call.matrices + number / call.groups;
  let begin = number % call.groups * call.lanesOfGroup;
  let end = min(call.lanes, begin + call.lanesOfGroup);
  let quads = call.groups * 16u;

  var sums = vec4f(0.0);
  for (var i = 0u; i < quads; i++) { sums += squares[matrix * quads + i]; }
  let sum = (sums.x + sums.y) + (sums.z + sums.w);
  let inverse = select(0.0, inverseSqrt(sum), sum > 1e-38);
  for (var i = begin + local; i < end; i += 64u) { x[matrix * call.lanes + i] *= inverse; }
}
