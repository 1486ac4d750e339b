// A norm with a gain and no bias: y = (x - mean) / sqrt(mean square of x - mean + eps) * gain. LayerNorm is CENTRED; RMSNorm
// takes the mean to be 0. Keeps (mean, 1/std) for the backward pass.
// TEAM threads share a row.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<Lane>;
@group(0) @binding(2) var<storage, read> gain: array<Lane>;
@group(0) @binding(3) var<storage, read_write> y: array<Lane>;
@group(0) @binding(4) var<storage, read_write> statistics: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let thread = (group.y * groups.x + group.x) * 64u + local;
  let isInside = thread / TEAM < call.rows;
  @when TEAM == 1: if (!isInside) { return; }
  let row = min(thread / TEAM, call.rows - 1u);
  let member = thread % TEAM;
  let run = group.z;
  let base = (run * call.rows + row) * call.lanes;
  let width = f32(call.lanes * LANES);

  var mean = 0.0;
  if (CENTRED == 1u) {
    var sum = Lane(0.0);
    for (var i = member; i < call.lanes; i += TEAM) { sum += x[base + i]; }
    mean = total(sumOfTeam(local, sum)) / width;
  }

  var squares = Lane(0.0);
  for (var i = member; i < call.lanes; i += TEAM) {
    let centred = x[base + i] - mean;
    squares += centred * centred;
  }
  let scale = inverseSqrt(total(sumOfTeam(local, squares)) / width + EPSILON);

  // Of a team beyond the last row nobody writes.
  @when TEAM != 1: if (!isInside) { return; }
  for (var i = member; i < call.lanes; i += TEAM) {
    y[base + i] = (x[base + i] - mean) * scale * gain[run * call.gainStride + i];
  }
  @when TEAM == 1: statistics[run * call.rows + row] = vec2f(mean, scale);
  @when TEAM != 1: if (member == 0u) { statistics[run * call.rows + row] = vec2f(mean, scale); }
}
