// C = scale * A * B, by outer products: A is read through two strides, so A*B (forward) and A^T*B (weight gradients) are one
// kernel. B and C are row-major. Each thread owns TILE_ROWS x TILE_LANES lanes of C in registers and needs no workgroup
// memory: no barrier, no atomics, the same bits each time. z = run * splits + split; a split covers a range of the depth
// and writes an output of its own, which sum-splits.wgsl adds in order.
//
// mode 0: C = product; 1: C += product; 2: C = addendScale * addend + product.

struct Call {
  rows: u32, lanes: u32, depth: u32,
  aRowStride: u32, aDepthStride: u32,
  aRunStride: u32, bRunStride: u32, cRunStride: u32,
  splits: u32, splitStride: u32,
  mode: u32, multiplier: u32,
  scale: f32, addendScale: f32,
}

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<Lane>;
@group(0) @binding(3) var<storage, read> multipliers: array<vec4f>;
@group(0) @binding(4) var<storage, read> addend: array<Lane>;
@group(0) @binding(5) var<storage, read_write> c: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = (group.y * groups.x + group.x) * 64u + local;
  let tilesAcross = (call.lanes + TILE_LANES - 1u) / TILE_LANES;
  let row = (tile / tilesAcross) * TILE_ROWS;
  let lane = (tile % tilesAcross) * TILE_LANES;
  if (row >= call.rows) { return; }
  let run = group.z / call.splits;
  let split = group.z % call.splits;
  let length = (call.depth + call.splits - 1u) / call.splits;
  let begin = split * length;
  let end = min(call.depth, begin + length);

  // Rows and lanes beyond the edge repeat the last one; they are computed and not stored.
  @each i < TILE_ROWS: var a{i} = run * call.aRunStride + min(row + {i}u, call.rows - 1u) * call.aRowStride + begin * call.aDepthStride;
  @each j < TILE_LANES: var b{j} = run * call.bRunStride + min(lane + {j}u, call.lanes - 1u) + begin * call.lanes;
  @each i < TILE_ROWS: @each j < TILE_LANES: var sum{i}_{j} = Lane(0.0);
  for (var k = begin; k < end; k++) {
    @each j < TILE_LANES: let right{j} = b[b{j}];
    @each i < TILE_ROWS: let left{i} = a[a{i}];
    @each i < TILE_ROWS: @each j < TILE_LANES: sum{i}_{j} += left{i} * right{j};
    @each i < TILE_ROWS: a{i} += call.aDepthStride;
    @each j < TILE_LANES: b{j} += call.lanes;
  }

  var scale = call.scale;
  if (call.multiplier < 4u) { scale *= multipliers[run][call.multiplier]; }
  let base = split * call.splitStride + run * call.cRunStride;
  @each i < TILE_ROWS: @each j < TILE_LANES: store(base, row + {i}u, lane + {j}u, scale * sum{i}_{j});
}

fn store(base: u32, row: u32, lane: u32, product: Lane) {
  if (row >= call.rows || lane >= call.lanes) { return; }
  let at = base + row * call.lanes + lane;
  var value = product;
  if (call.mode == 1u) { value += c[at]; }
  if (call.mode == 2u) { value += call.addendScale * addend[at]; }
  c[at] = value;
}
