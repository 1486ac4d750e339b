// Gradient of the position table: the sum over the sequences of the batch. One thread per lane of the table.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> dx: array<Lane>;
@group(0) @binding(2) var<storage, read> multipliers: array<Multipliers>;
@group(0) @binding(3) var<storage, read_write> gradient: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  let table = call.context * call.lanes;
  if (i >= table) { return; }
  let run = group.z;
  let base = run * call.batch * table + i;
  var sum = Lane(0.0);
  for (var b = 0u; b < call.batch; b++) {
    sum += dx[base + b * table];
  }
  gradient[run * call.parameterStride + i] = multipliers[run].embedding * sum;
}
