// Gradients of keys and values: TEAM threads share a key, and each visits every TEAM-th query that sees it:
// dv_j = sum_i p_ij * dOutput_i and dk_j = scale * sum_i p_ij * (dOutput_i . v_j - D_i) * q_i.
// Runs after attention-query-gradient.wgsl, which leaves D as a row's second statistic.
// With QUADS, four neighbouring threads load each row together and broadcast it: a load is what a CPU adapter is slowest at.

@when QUADS == 1: enable subgroups;
@when QUADS == 1: diagnostic(off, subgroup_uniformity);

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> q: array<Lane>;
@group(0) @binding(2) var<storage, read> k: array<Lane>;
@group(0) @binding(3) var<storage, read> v: array<Lane>;
@group(0) @binding(4) var<storage, read> dOutput: array<Lane>;
@group(0) @binding(5) var<storage, read> multipliers: array<Multipliers>;
@group(0) @binding(6) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(7) var<storage, read_write> dk: array<Lane>;
@group(0) @binding(8) var<storage, read_write> dv: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let thread = (group.y * groups.x + group.x) * 64u + local;
  let keys = call.batch * call.heads * call.context;
  let isInside = thread / TEAM < keys;
  @when TEAM == 1: if (!isInside) { return; }
  let i = min(thread / TEAM, keys - 1u);
  let member = thread % TEAM;
  let run = group.z;
  let position = i % call.context;
  let head = (i / call.context) % call.heads;
  let sequence = run * call.batch + i / (call.context * call.heads);
  let stride = call.heads * HEAD_LANES;
  let base = sequence * call.context * stride + head * HEAD_LANES;
  let own = base + position * stride;
  let rows = run * keys + i - position;
  let scale = multipliers[run].attention;

  @each c < HEAD_LANES: var key{c} = Lane(0.0);
  @each c < HEAD_LANES: var value{c} = Lane(0.0);
  @each c < HEAD_LANES: var keyGradient{c} = Lane(0.0);
  @each c < HEAD_LANES: var valueGradient{c} = Lane(0.0);
  @each c < HEAD_LANES: key{c} = scale * k[own + {c}u];
  @each c < HEAD_LANES: value{c} = v[own + {c}u];
  @when QUADS == 0: let first = position;
  // A quad begins together, at the first of its keys.
  @when QUADS == 1: let first = position & ~3u;
  for (var r = first + member; r < call.context; r += TEAM) {
    let at = base + r * stride;
    @when QUADS == 0: @each c < HEAD_LANES: let query{c} = q[at + {c}u];
    @when QUADS == 0: @each c < HEAD_LANES: let upstream{c} = dOutput[at + {c}u];
    @when QUADS == 1: @each c < HEAD_QUARTER: let ownQuery{c} = q[at + {c}u * 4u + local % 4u];
    @when QUADS == 1: @each c < HEAD_QUARTER: let ownUpstream{c} = dOutput[at + {c}u * 4u + local % 4u];
    @when QUADS == 1: @each c < HEAD_LANES: let query{c} = quadBroadcast(ownQuery{c / 4}, {c % 4}u);
    @when QUADS == 1: @each c < HEAD_LANES: let upstream{c} = quadBroadcast(ownUpstream{c / 4}, {c % 4}u);
    @when QUADS == 1: if (r < position) { continue; }
    var score = Lane(0.0);
    var reach = Lane(0.0);
    @each c < HEAD_LANES: score += query{c} * key{c};
    @each c < HEAD_LANES: reach += upstream{c} * value{c};
    let s = statistics[rows + r];
    let p = exp(total(score) - s.x);
    let dScore = p * (total(reach) - s.y);
    @each c < HEAD_LANES: keyGradient{c} += dScore * query{c};
    @each c < HEAD_LANES: valueGradient{c} += p * upstream{c};
  }
  @each c < HEAD_LANES: let ofKey{c} = sumOfTeam(local, keyGradient{c});
  @each c < HEAD_LANES: let ofValue{c} = sumOfTeam(local, valueGradient{c});
  @when TEAM != 1: if (!isInside) { return; }
  @each c < HEAD_LANES: if ({c}u % TEAM == member) { dk[own + {c}u] = scale * ofKey{c}; }
  @each c < HEAD_LANES: if ({c}u % TEAM == member) { dv[own + {c}u] = ofValue{c}; }
}
