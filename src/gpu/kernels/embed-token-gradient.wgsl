// Gradient of the token table: each row owns the sum over the positions that hold its token, in their order.
// One thread per lane of the table.

const NONE: u32 = 0xffffffffu;

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> first: array<u32>;
@group(0) @binding(2) var<storage, read> next: array<u32>;
@group(0) @binding(3) var<storage, read> dx: array<Lane>;
@group(0) @binding(4) var<storage, read> multipliers: array<Multipliers>;
@group(0) @binding(5) var<storage, read_write> gradient: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if (i >= call.vocabulary * call.lanes) { return; }
  let run = group.z;
  let lane = i % call.lanes;
  let base = run * call.count * call.lanes + lane;
  var sum = Lane(0.0);
  for (var n = first[i / call.lanes]; n != NONE; n = next[n]) {
    sum += dx[base + n * call.lanes];
  }
  gradient[run * call.outputStride + i] = multipliers[run].embedding * sum;
}
