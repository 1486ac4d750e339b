// C = scale * A * B^T, by inner products over lanes of the depth: the gradient of a linear map's input. A [rows, depth],
// B [columns, depth] and C [rows, columns] are row-major. Each thread owns TILE x TILE entries of C in registers.
//
// mode 0: C = product; 1: C += product.

struct Call {
  rows: u32, columns: u32, depthLanes: u32,
  aRunStride: u32, bRunStride: u32, cRunStride: u32,
  mode: u32, multiplier: u32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> a: array<Lane>;
@group(0) @binding(2) var<storage, read> b: array<Lane>;
@group(0) @binding(3) var<storage, read> multipliers: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = (group.y * groups.x + group.x) * 64u + local;
  let tilesAcross = (call.columns + TILE - 1u) / TILE;
  let row = (tile / tilesAcross) * TILE;
  let column = (tile % tilesAcross) * TILE;
  if (row >= call.rows) { return; }
  let run = group.z;

  @each i < TILE: var a{i} = run * call.aRunStride + min(row + {i}u, call.rows - 1u) * call.depthLanes;
  @each j < TILE: var b{j} = run * call.bRunStride + min(column + {j}u, call.columns - 1u) * call.depthLanes;
  @each i < TILE: @each j < TILE: var sum{i}_{j} = Lane(0.0);
  for (var k = 0u; k < call.depthLanes; k++) {
    @each j < TILE: let right{j} = b[b{j} + k];
    @each i < TILE: let left{i} = a[a{i} + k];
    @each i < TILE: @each j < TILE: sum{i}_{j} += left{i} * right{j};
  }

  var scale = 1.0;
  if (call.multiplier < 4u) { scale = multipliers[run][call.multiplier]; }
  let base = run * call.cRunStride;
  @each i < TILE: @each j < TILE: store(base, row + {i}u, column + {j}u, scale * total(sum{i}_{j}));
}

fn store(base: u32, row: u32, column: u32, product: f32) {
  if (row >= call.rows || column >= call.columns) { return; }
  let at = base + row * call.columns + column;
  c[at] = select(product, product + c[at], call.mode == 1u);
}
