// With g = gain * dy and xhat the normalised input: dx += 1/std * (g - mean(g) - xhat * mean(g * xhat)), without mean(g) where
// the norm is not CENTRED.
// Adds, because the residual path has written its gradient first; with `assign` set it writes. One thread per row.

struct Call { rows: u32, lanes: u32, gainStride: u32, assign: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<Lane>;
@group(0) @binding(2) var<storage, read> gain: array<Lane>;
@group(0) @binding(3) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(4) var<storage, read> dy: array<Lane>;
@group(0) @binding(5) var<storage, read_write> dx: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let row = (group.y * groups.x + group.x) * 64u + local;
  if (row >= call.rows) { return; }
  let run = group.z;
  let base = (run * call.rows + row) * call.lanes;
  let gains = run * call.gainStride;
  let width = f32(call.lanes * LANES);
  let mean = statistics[run * call.rows + row].x;
  let scale = statistics[run * call.rows + row].y;

  var sum = Lane(0.0);
  var projected = Lane(0.0);
  for (var i = 0u; i < call.lanes; i++) {
    let g = gain[gains + i] * dy[base + i];
    sum += g;
    projected += g * (x[base + i] - mean) * scale;
  }
  let meanGradient = select(0.0, total(sum) / width, CENTRED == 1u);
  let meanProjected = total(projected) / width;

  for (var i = 0u; i < call.lanes; i++) {
    let g = gain[gains + i] * dy[base + i];
    let xhat = (x[base + i] - mean) * scale;
    let change = scale * (g - meanGradient - xhat * meanProjected);
    if (call.assign == 1u) { dx[base + i] = change; } else { dx[base + i] += change; }
  }
}
