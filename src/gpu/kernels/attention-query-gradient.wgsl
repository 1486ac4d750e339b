// Gradient of the queries: TEAM threads share a query, and each takes every TEAM-th key. With p the probabilities and
// D_i = dOutput_i . output_i:
// dq_i = scale * sum_j p_ij * (dOutput_i . v_j - D_i) * k_j. Keeps D as a row's second statistic for the kernel of keys and values.
// With QUADS, four neighbouring threads load each row together and broadcast it: a load is what a CPU adapter is slowest at.

@when QUADS == 1: enable subgroups;
@when QUADS == 1: diagnostic(off, subgroup_uniformity);

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> q: array<Lane>;
@group(0) @binding(2) var<storage, read> k: array<Lane>;
@group(0) @binding(3) var<storage, read> v: array<Lane>;
@group(0) @binding(4) var<storage, read> output: array<Lane>;
@group(0) @binding(5) var<storage, read> dOutput: array<Lane>;
@group(0) @binding(6) var<storage, read> multipliers: array<Multipliers>;
@group(0) @binding(7) var<storage, read_write> statistics: array<f32>;
@group(0) @binding(8) var<storage, read_write> dq: array<Lane>;

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
  let own = base + position * stride;
  let row = run * queries + i;
  let scale = multipliers[run].attention;
  let logSumExp = statistics[2u * row];

  @each c < HEAD_LANES: var query{c} = Lane(0.0);
  @each c < HEAD_LANES: var upstream{c} = Lane(0.0);
  @each c < HEAD_LANES: var gradient{c} = Lane(0.0);
  var dot = Lane(0.0);
  @each c < HEAD_LANES: query{c} = scale * q[own + {c}u];
  @each c < HEAD_LANES: upstream{c} = dOutput[own + {c}u];
  @each c < HEAD_LANES: dot += upstream{c} * output[own + {c}u];
  let rowDot = total(dot);

  @when QUADS == 0: let last = position;
  // A quad ends together, at the last of its queries.
  @when QUADS == 1: let last = position | 3u;
  for (var j = member; j <= last; j += TEAM) {
    let at = base + j * stride;
    @when QUADS == 0: @each c < HEAD_LANES: let key{c} = k[at + {c}u];
    @when QUADS == 0: @each c < HEAD_LANES: let value{c} = v[at + {c}u];
    @when QUADS == 1: @each c < HEAD_QUARTER: let ownKey{c} = k[at + {c}u * 4u + local % 4u];
    @when QUADS == 1: @each c < HEAD_QUARTER: let ownValue{c} = v[at + {c}u * 4u + local % 4u];
    @when QUADS == 1: @each c < HEAD_LANES: let key{c} = quadBroadcast(ownKey{c / 4}, {c % 4}u);
    @when QUADS == 1: @each c < HEAD_LANES: let value{c} = quadBroadcast(ownValue{c / 4}, {c % 4}u);
    @when QUADS == 1: if (j > position) { continue; }
    var score = Lane(0.0);
    var reach = Lane(0.0);
    @each c < HEAD_LANES: score += query{c} * key{c};
    @each c < HEAD_LANES: reach += upstream{c} * value{c};
    let dScore = exp(total(score) - logSumExp) * (total(reach) - rowDot);
    @each c < HEAD_LANES: gradient{c} += dScore * key{c};
  }
  @each c < HEAD_LANES: let all{c} = sumOfTeam(local, gradient{c});
  @when TEAM != 1: if (!isInside) { return; }
  @each c < HEAD_LANES: if ({c}u % TEAM == member) { dq[own + {c}u] = scale * all{c}; }
  if (member == 0u) { statistics[2u * row + 1u] = rowDot; }
}
