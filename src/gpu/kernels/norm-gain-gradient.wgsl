// Gradient of the gain: sum over rows of dy * xhat. The rows are cut into `splits` ranges, each with an output of its own
// (summed in order by sum-splits.wgsl), so that few columns still fill a GPU. One thread per lane and range.

struct Call { rows: u32, lanes: u32, outputStride: u32, splits: u32, splitStride: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> x: array<Lane>;
@group(0) @binding(2) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(3) var<storage, read> dy: array<Lane>;
@group(0) @binding(4) var<storage, read_write> gradient: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= call.lanes * call.splits) { return; }
  let lane = id.x % call.lanes;
  let split = id.x / call.lanes;
  let run = id.z;
  let length = (call.rows + call.splits - 1u) / call.splits;
  let begin = split * length;
  let end = min(call.rows, begin + length);
  var sum = Lane(0.0);
  for (var row = begin; row < end; row++) {
    let at = run * call.rows + row;
    let s = statistics[at];
    sum += dy[at * call.lanes + lane] * (x[at * call.lanes + lane] - s.x) * s.y;
  }
  gradient[split * call.splitStride + run * call.outputStride + lane] = sum;
}
