// Loss of each token, -log softmax(logits)[label], and its gradient (softmax - onehot) / rows written over the logits.
// One thread per token.

struct Call { rows: u32, lanes: u32 }

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read_write> logits: array<Lane>;
@group(0) @binding(3) var<storage, read_write> losses: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let row = (group.y * groups.x + group.x) * 64u + local;
  if (row >= call.rows) { return; }
  let at = group.z * call.rows + row;
  let base = at * call.lanes;
  let label = labels[row];

  var highest = Lane(-3.0e38);
  for (var i = 0u; i < call.lanes; i++) { highest = max(highest, logits[base + i]); }
  let top = largest(highest);
  var sum = Lane(0.0);
  for (var i = 0u; i < call.lanes; i++) { sum += exp(logits[base + i] - top); }
  let weight = total(sum);
  // The difference comes first: a confident model's loss would drown in the rounding of the logits' size.
  losses[at] = log(weight) - (entry(logits[base + label / LANES], label % LANES) - top);

  let each = 1.0 / f32(call.rows);
  let scale = each / weight;
  for (var i = 0u; i < call.lanes; i++) { logits[base + i] = scale * exp(logits[base + i] - top); }
  logits[base + label / LANES] -= each * unit(label % LANES);
}
