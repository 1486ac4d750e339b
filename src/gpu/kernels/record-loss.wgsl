// Mean loss of the batch into the history of its segment (as bits: a loss that is not finite, or of a run that has diverged, is NaN).
// One workgroup per run; the sum runs in a fixed order.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> losses: array<f32>;
@group(0) @binding(2) var<storage, read_write> runs: array<Run>;
@group(0) @binding(3) var<storage, read_write> history: array<u32>;

const NAN_BITS: u32 = 0x7fc00000u;
var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let run = group.z;
  var sum = 0.0;
  for (var i = local; i < call.rows; i += 64u) { sum += losses[run * call.rows + i]; }
  partial[local] = sum;
  workgroupBarrier();
  if (local > 0u) { return; }
  sum = 0.0;
  for (var i = 0u; i < 64u; i++) { sum += partial[i]; }
  let mean = sum / f32(call.rows);
  // Told by its bits, because shader compilers may assume that NaN and infinity do not occur.
  let finite = (bitcast<u32>(mean) & 0x7f800000u) != 0x7f800000u;
  if (!finite && runs[run].divergedAt == NEVER) { runs[run].divergedAt = runs[run].step; }
  history[(runs[run].step % call.segmentSteps) * call.runs + run] = select(NAN_BITS, bitcast<u32>(mean), runs[run].divergedAt == NEVER);
}
