// Both gradients of a norm. With xhat the normalised input and g = gain * dy:
// dx = 1/std * (g - mean(g) - xhat * mean(g * xhat)), without mean(g) where the norm is not CENTRED, and
// dgain = sum over rows of dy * xhat, of which each workgroup leaves that of its own rows as a split.
// dx is added, because the residual path has written its gradient first; with `assign` set it is written. TEAM threads share a row;
// then one takes a lane of all rows: neither reads what the other writes, so no barrier stands between.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<Lane>;
@group(0) @binding(2) var<storage, read> gain: array<Lane>;
@group(0) @binding(3) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(4) var<storage, read> dy: array<Lane>;
@group(0) @binding(5) var<storage, read_write> dx: array<Lane>;
@group(0) @binding(6) var<storage, read_write> gainGradient: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let run = group.z;
  let begin = group.x * call.rowsOfGroup;
  let end = min(call.rows, begin + call.rowsOfGroup);
  let gains = run * call.gainStride;
  let width = f32(call.lanes * LANES);

  let member = local % TEAM;
  // All of a workgroup take the same turns, which the teams' sums need.
  for (var first = begin; first < end; first += 64u / TEAM) {
    let isInside = first + local / TEAM < end;
    @when TEAM == 1: if (!isInside) { break; }
    let row = min(first + local / TEAM, end - 1u);
    let base = (run * call.rows + row) * call.lanes;
    let s = statistics[run * call.rows + row];
    var sum = Lane(0.0);
    var projected = Lane(0.0);
    for (var i = member; i < call.lanes; i += TEAM) {
      let g = gain[gains + i] * dy[base + i];
      sum += g;
      projected += g * (x[base + i] - s.x) * s.y;
    }
    let meanGradient = select(0.0, total(sumOfTeam(local, sum)) / width, CENTRED == 1u);
    let meanProjected = total(sumOfTeam(local, projected)) / width;
    @when TEAM == 1: let lanes = call.lanes;
    // A team beyond the last row writes nothing.
    @when TEAM != 1: let lanes = select(0u, call.lanes, isInside);
    for (var i = member; i < lanes; i += TEAM) {
      let g = gain[gains + i] * dy[base + i];
      let xhat = (x[base + i] - s.x) * s.y;
      let change = s.y * (g - meanGradient - xhat * meanProjected);
      if (call.assign == 1u) { dx[base + i] = change; } else { dx[base + i] += change; }
    }
  }

  for (var lane = local; lane < call.lanes; lane += 64u) {
    var sum = Lane(0.0);
    for (var row = begin; row < end; row++) {
      let at = run * call.rows + row;
      let s = statistics[at];
      sum += dy[at * call.lanes + lane] * (x[at * call.lanes + lane] - s.x) * s.y;
    }
    gainGradient[group.x * call.splitStride + run * call.outputRunStride + lane] = sum;
  }
}
