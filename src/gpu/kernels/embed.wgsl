// x[r, n, :] = alpha_emb[r] * (token[r, tokens[n], :] + position[r, n mod context, :]), without the second term where no
// positions are LEARNED. One thread per lane.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> tokens: array<u32>;
@group(0) @binding(2) var<storage, read> tokenTable: array<Lane>;
@group(0) @binding(3) var<storage, read> positionTable: array<Lane>;
@group(0) @binding(4) var<storage, read> multipliers: array<Multipliers>;
@group(0) @binding(5) var<storage, read_write> x: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if (i >= call.count * call.lanes) { return; }
  let run = group.z;
  let n = i / call.lanes;
  let lane = i % call.lanes;
  let base = run * call.parameterStride;
  var sum = tokenTable[base + tokens[n] * call.lanes + lane];
  if (LEARNED == 1u) { sum += positionTable[base + (n % call.context) * call.lanes + lane]; }
  x[run * call.count * call.lanes + i] = multipliers[run].embedding * sum;
}
