// Cuts the current batch out of the windows [batches, batch, context + 1] that are on the device; behind the last comes the first again.
// All runs of a cohort share it. One thread per token of the batch.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> clock: array<u32>;
@group(0) @binding(2) var<storage, read> windows: array<u32>;
@group(0) @binding(3) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(4) var<storage, read_write> labels: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let n = (group.y * groups.x + group.x) * 64u + local;
  if (n >= call.batch * call.context) { return; }
  let window = (clock[0] % call.batches) * call.batch + n / call.context;
  let source = window * (call.context + 1u) + n % call.context;
  tokens[n] = windows[source];
  labels[n] = windows[source + 1u];
}
