// The first part of Muon's update: m = mu * m + g, and X = g + mu * m for each hidden matrix of one shape, gathered into
// [run, matrix, rows, columns] with rows <= columns (tall matrices are turned). Several workgroups share a matrix; each thread
// leaves the sum of its own squares for muon-scale.wgsl. A run that has diverged is left as it was.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read> matrices: array<Matrix>;
@group(0) @binding(3) var<storage, read> updates: array<Update>;
@group(0) @binding(4) var<storage, read> runs: array<Run>;
@group(0) @binding(5) var<storage, read_write> momenta: array<f32>;
@group(0) @binding(6) var<storage, read_write> x: array<f32>;
@group(0) @binding(7) var<storage, read_write> squares: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let number = group.y * groups.x + group.x;
  let run = group.z;
  if (number >= call.matrices * call.groups || runs[run].divergedAt != NEVER) { return; }
  let matrix = matrices[number / call.groups];
  let size = call.rows * call.columns;
  let begin = number % call.groups * call.entriesOfGroup;
  let end = min(size, begin + call.entriesOfGroup);
  let base = (run * call.matrices + number / call.groups) * size;
  let own = run * call.parameterStride + matrix.at;
  let scale = updates[run].gradientScale;
  let mu = updates[run].momentum;

  var sum = 0.0;
  for (var i = begin + local; i < end; i += 64u) {
    let g = scale * gradients[own + i];
    let m = mu * momenta[own + i] + g;
    momenta[own + i] = m;
    let value = g + mu * m;
    sum += value * value;
    // Turned, entry (r, c) of [columns, rows] goes to (c, r).
    var to = i;
    if (matrix.isTurned == 1u) { to = i % call.rows * call.columns + i / call.rows; }
    x[base + to] = value;
  }
  squares[(run * call.matrices * call.groups + number) * 64u + local] = sum;
}
