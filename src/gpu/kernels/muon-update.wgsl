// The second half of Muon's update, once X is orthogonal: p -= lr * lrMult * (X + decay * p). One thread per entry of the
// matrices of one shape.

struct Call { rows: u32, columns: u32, matrices: u32, tensors: u32, parameterStride: u32 }
struct Run { step: u32, divergedAt: u32 }
struct Update { learningRate: f32, gradientScale: f32, correction1: f32, correction2: f32 }
struct Matrix { at: u32, isTurned: u32, tensor: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> matrices: array<Matrix>;
@group(0) @binding(3) var<storage, read> rules: array<vec4f>;
@group(0) @binding(4) var<storage, read> updates: array<Update>;
@group(0) @binding(5) var<storage, read> runs: array<Run>;
@group(0) @binding(6) var<storage, read_write> parameters: array<f32>;

const NEVER: u32 = 0xffffffffu;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  let run = group.z;
  let size = call.rows * call.columns;
  if (i >= call.matrices * size || runs[run].divergedAt != NEVER) { return; }
  let matrix = matrices[i / size];
  let entry = i % size;
  let row = entry / call.columns;
  let column = entry % call.columns;
  let at = run * call.parameterStride + matrix.at + select(entry, column * call.rows + row, matrix.isTurned == 1u);
  let rule = rules[run * (call.tensors + 2u) + 2u + matrix.tensor];
  let p = parameters[at];
  parameters[at] = p - updates[run].learningRate * rule.x * (x[run * call.matrices * size + i] + rule.y * p);
}
