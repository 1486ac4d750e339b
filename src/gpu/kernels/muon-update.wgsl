// The last part of Muon's update, once X is orthogonal: p -= lr * lrMult * (X + decay * p), for the matrices of one shape.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> matrices: array<Matrix>;
@group(0) @binding(3) var<storage, read> rules: array<Rule>;
@group(0) @binding(4) var<storage, read> updates: array<Update>;
@group(0) @binding(5) var<storage, read> runs: array<Run>;
@group(0) @binding(6) var<storage, read_write> parameters: array<f32>;

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
  let rule = rules[run * call.tensors + matrix.tensor];
  let rate = updates[run].learningRate * rule.factor;

  for (var i = begin + local; i < end; i += 64u) {
    // Turned as in muon-momentum.wgsl.
    var turned = i;
    if (matrix.isTurned == 1u) { turned = i % call.rows * call.columns + i / call.rows; }
    let p = parameters[own + i];
    parameters[own + i] = p - rate * (x[base + turned] + rule.decay * p);
  }
}
