// Causal attention: TEAM threads share a query, and each takes every TEAM-th key. The softmax runs online over the keys, so no
// [context, context] matrix exists.
// Keeps log(sum(exp(scores))) of each row as the first of its two statistics, from which the backward kernels rebuild any probability.
// q, k, v, output: [run, sequence, position, head, head size]; statistics: [run, sequence, head, position].
// With QUADS, four neighbouring threads load each row together and broadcast it: a load is what a CPU adapter is slowest at.

@when QUADS == 1: enable subgroups;
@when QUADS == 1: diagnostic(off, subgroup_uniformity);

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> q: array<Lane>;
@group(0) @binding(2) var<storage, read> k: array<Lane>;
@group(0) @binding(3) var<storage, read> v: array<Lane>;
@group(0) @binding(4) var<storage, read> multipliers: array<Multipliers>;
@group(0) @binding(5) var<storage, read_write> output: array<Lane>;
@group(0) @binding(6) var<storage, read_write> statistics: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let thread = (group.y * groups.x + group.x) * 64u + local;
  let queries = call.batch * call.heads * call.context;
  let isInside = thread / TEAM < queries;
  @when TEAM == 1: if (!isInside) { return; }
  let i = min(thread / TEAM, queries - 1u);
  let member = thread % TEAM;
  let run = group.z;
  let position = i % call.context;
  let head = (i / call.context) % call.heads;
  let sequence = run * call.batch + i / (call.context * call.heads);
  let stride = call.heads * HEAD_LANES;
  let base = sequence * call.context * stride + head * HEAD_LANES;
  let scale = multipliers[run].attention;

  @each c < HEAD_LANES: var query{c} = Lane(0.0);
  @each c < HEAD_LANES: var sum{c} = Lane(0.0);
  @each c < HEAD_LANES: query{c} = scale * q[base + position * stride + {c}u];

  var highest = -3.0e38;
  var weight = 0.0;
  @when QUADS == 0: let last = position;
  // A quad ends together, at the last of its queries.
  @when QUADS == 1: let last = position | 3u;
  for (var j = member; j <= last; j += TEAM) {
    let at = base + j * stride;
    @when QUADS == 0: @each c < HEAD_LANES: let key{c} = k[at + {c}u];
    @when QUADS == 1: @each c < HEAD_QUARTER: let ownKey{c} = k[at + {c}u * 4u + local % 4u];
    @when QUADS == 1: @each c < HEAD_QUARTER: let ownValue{c} = v[at + {c}u * 4u + local % 4u];
    @when QUADS == 1: @each c < HEAD_LANES: let key{c} = quadBroadcast(ownKey{c / 4}, {c % 4}u);
    @when QUADS == 1: @each c < HEAD_LANES: let value{c} = quadBroadcast(ownValue{c / 4}, {c % 4}u);
    @when QUADS == 1: if (j > position) { continue; }
    var product = Lane(0.0);
    @each c < HEAD_LANES: product += query{c} * key{c};
    let score = total(product);
    if (score > highest) {
      let shrink = exp(highest - score);
      weight *= shrink;
      @each c < HEAD_LANES: sum{c} *= shrink;
      highest = score;
    }
    let p = exp(score - highest);
    weight += p;
    @when QUADS == 0: @each c < HEAD_LANES: let value{c} = v[at + {c}u];
    @each c < HEAD_LANES: sum{c} += p * value{c};
  }
  @when TEAM == 1: let top = highest;
  @when TEAM == 1: let all = weight;
  @when TEAM == 1: @each c < HEAD_LANES: let mixed{c} = sum{c};
  // A member without a key has the lowest of all highest scores, and so no weight.
  @when TEAM != 1: let top = largest(largestOfTeam(local, Lane(highest)));
  @when TEAM != 1: let share = exp(highest - top);
  @when TEAM != 1: let all = entry(sumOfTeam(local, Lane(weight * share)), 0u);
  @when TEAM != 1: @each c < HEAD_LANES: let mixed{c} = sumOfTeam(local, sum{c} * share);
  @when TEAM != 1: if (!isInside) { return; }
  @each c < HEAD_LANES: if ({c}u % TEAM == member) { output[base + position * stride + {c}u] = mixed{c} / all; }
  if (member == 0u) { statistics[2u * (run * queries + i)] = top + log(all); }
}
