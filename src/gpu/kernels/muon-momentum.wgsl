// The first half of Muon's update: m = mu * m + g, and X = (g + mu * m) / its Frobenius norm for each hidden matrix of one shape,
// gathered into [run, matrix, rows, columns] with rows <= columns (tall matrices are turned). A matrix without a gradient
// gives zeros. One workgroup per matrix and run; sums run in a fixed order.

struct Call { rows: u32, columns: u32, matrices: u32, tensors: u32, parameterStride: u32 }
struct Run { step: u32, divergedAt: u32 }
struct Update { learningRate: f32, gradientScale: f32, correction1: f32, correction2: f32 }
// Where a matrix begins among the parameters, whether it is turned, and its row of rules.
struct Matrix { at: u32, isTurned: u32, tensor: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> gradients: array<f32>;
@group(0) @binding(2) var<storage, read> matrices: array<Matrix>;
@group(0) @binding(3) var<storage, read> rules: array<vec4f>;
@group(0) @binding(4) var<storage, read> updates: array<Update>;
@group(0) @binding(5) var<storage, read> runs: array<Run>;
@group(0) @binding(6) var<storage, read_write> momenta: array<f32>;
@group(0) @binding(7) var<storage, read_write> x: array<f32>;

const NEVER: u32 = 0xffffffffu;
var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let run = group.z;
  let matrix = matrices[group.x];
  let size = call.rows * call.columns;
  let base = (run * call.matrices + group.x) * size;
  let own = run * call.parameterStride + matrix.at;
  let scale = updates[run].gradientScale;
  let mu = rules[run * (call.tensors + 2u) + 1u].x;

  var sum = 0.0;
  if (runs[run].divergedAt == NEVER) {
    for (var i = local; i < size; i += 64u) {
      let g = scale * gradients[own + i];
      let m = mu * momenta[own + i] + g;
      momenta[own + i] = m;
      let value = g + mu * m;
      sum += value * value;
      // Turned, entry (r, c) of [columns, rows] goes to (c, r).
      let to = select(i, (i % call.rows) * call.columns + i / call.rows, matrix.isTurned == 1u);
      x[base + to] = value;
    }
  }
  partial[local] = sum;
  workgroupBarrier();
  if (local == 0u) {
    sum = 0.0;
    for (var i = 0u; i < 64u; i++) { sum += partial[i]; }
    partial[0] = select(0.0, inverseSqrt(sum), sum > 1e-38);
  }
  // The entries written above are read by other threads below when the matrix is turned.
  storageBarrier();
  workgroupBarrier();
  let inverse = partial[0];
  for (var i = local; i < size; i += 64u) { x[base + i] *= inverse; }
}
