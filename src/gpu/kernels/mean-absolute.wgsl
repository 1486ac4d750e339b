// Mean |a - b| (or |a|) of each run into means[clock, run, module]: what a coordinate check measures. One workgroup per run; the
// sum runs in a fixed order.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> clock: array<u32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> means: array<f32>;

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let run = group.z;
  var sum = 0.0;
  for (var i = local; i < call.count; i += 64u) {
    let at = run * call.count + i;
    sum += abs(a[at] - select(0.0, b[at], call.isDifference == 1u));
  }
  partial[local] = sum;
  workgroupBarrier();
  if (local > 0u) { return; }
  sum = 0.0;
  for (var i = 0u; i < 64u; i++) { sum += partial[i]; }
  means[(clock[0] * call.runs + run) * call.columns + call.column] = sum / f32(call.count);
}
