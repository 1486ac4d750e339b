// Loss of each token, -log softmax(logits)[label], and its gradient (softmax - onehot) / rows written over the logits.
// TEAM threads share a token.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> labels: array<u32>;
@group(0) @binding(2) var<storage, read_write> logits: array<Lane>;
@group(0) @binding(3) var<storage, read_write> losses: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let thread = (group.y * groups.x + group.x) * 64u + local;
  let isInside = thread / TEAM < call.rows;
  @when TEAM == 1: if (!isInside) { return; }
  let row = min(thread / TEAM, call.rows - 1u);
  let member = thread % TEAM;
  let at = group.z * call.rows + row;
  let base = at * call.lanes;
  let label = labels[row];

  var highest = Lane(-3.0e38);
  for (var i = member; i < call.lanes; i += TEAM) { highest = max(highest, logits[base + i]); }
  let top = largest(largestOfTeam(local, highest));
  var sum = Lane(0.0);
  for (var i = member; i < call.lanes; i += TEAM) { sum += exp(logits[base + i] - top); }
  let weight = total(sumOfTeam(local, sum));
  // Of a team beyond the last token nobody writes.
  @when TEAM != 1: if (!isInside) { return; }
  let each = 1.0 / f32(call.rows);
  let scale = each / weight;
  // Whose lane the label's logit is in tells the loss, before the gradient takes its place.
  let own = label / LANES;
  @when TEAM == 1: let isOwn = true;
  @when TEAM != 1: let isOwn = own % TEAM == member;
  // The difference comes first: a confident model's loss would drown in the rounding of the logits' size.
  if (isOwn) { losses[at] = log(weight) - (entry(logits[base + own], label % LANES) - top); }
  for (var i = member; i < call.lanes; i += TEAM) { logits[base + i] = scale * exp(logits[base + i] - top); }
  if (isOwn) { logits[base + own] -= each * unit(label % LANES); }
}
