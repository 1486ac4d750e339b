// A matrix product shared by quads of four neighbouring threads: what one of them has loaded of A the others get by a
// broadcast, so that a load serves four times as many multiplications. A load is what a CPU adapter is slowest at.
// A quad owns TILE_ROWS rows of C and 4 * TILE_LANES lanes; a thread owns every fourth lane of them. Columns are a multiple of
// four. B is stored [depth, columns], or [columns, depth] where B_TURNED; A as in matmul.wgsl.

enable subgroups;
// Threads of a quad take the same way: they differ only in which lane they own.
diagnostic(off, subgroup_uniformity);

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let quad = (group.y * groups.x + group.x) * (WORKGROUP / 4u) + local / 4u;
  let own = local % 4u;
  let lanes = call.columns / 4u;
  let tilesAcross = (lanes + 4u * TILE_LANES - 1u) / (4u * TILE_LANES);
  let row = (quad / tilesAcross) * TILE_ROWS;
  let lane = (quad % tilesAcross) * 4u * TILE_LANES + own;
  if (row >= call.rows) { return; }
  let place = placeOf(group.z);
  let aRow = select(call.depth, 1u, call.aTurned == 1u);
  let aStep = select(1u, call.rows, call.aTurned == 1u);
  @when B_TURNED == 0: let bStep = lanes;
  @when B_TURNED == 1: let bStep = 1u;

  @each i < TILE_ROWS: @each j < TILE_LANES: var sum{i}_{j} = vec4f(0.0);
  for (var term = 0u; term < call.terms; term++) {
    let aBegin = beginOfA(place, term) + place.begin * aStep;
    let bBegin = beginOfB(place, term) + place.begin * bStep;
    // Rows and lanes beyond the edge repeat the last one; they are computed and not kept.
    @each i < ROWS_4: var a{i} = aBegin + min(row + {i}u * 4u + own, call.rows - 1u) * aRow;
    @when B_TURNED == 0: @each j < TILE_LANES: var b{j} = bBegin + min(lane + {j}u * 4u, lanes - 1u);
    @when B_TURNED == 1: @each j < TILE_LANES: var b{j} = bBegin + min(lane + {j}u * 4u, lanes - 1u) * 4u * call.depth;
    for (var k = place.begin; k < place.end; k++) {
      @each i < ROWS_4: let left{i} = a[a{i}];
      @when B_TURNED == 0: @each j < TILE_LANES: let right{j} = b[b{j}];
      @when B_TURNED == 1: @each j < TILE_LANES: let right{j} = vec4f(b[b{j}], b[b{j} + call.depth], b[b{j} + 2u * call.depth], b[b{j} + 3u * call.depth]);
      @each i < TILE_ROWS {
        {
          let x = vec4f(quadBroadcast(left{i / 4}, {i % 4}u));
          @each j < TILE_LANES: sum{i}_{j} = fma(x, right{j}, sum{i}_{j});
        }
      @}
      @each i < ROWS_4: a{i} += aStep;
      @each j < TILE_LANES: b{j} += bStep;
    }
  }
  // Kept in a loop: what a product ends with is long, and would be compiled for each of them.
  var sums: array<vec4f, TILE_ROWS * TILE_LANES>;
  @each i < TILE_ROWS: @each j < TILE_LANES: sums[{i}u * TILE_LANES + {j}u] = sum{i}_{j};
  for (var i = 0u; i < TILE_ROWS * TILE_LANES; i++) {
    keep(place, row + i / TILE_LANES, lane + 4u * (i % TILE_LANES), sums[i]);
  }
}
