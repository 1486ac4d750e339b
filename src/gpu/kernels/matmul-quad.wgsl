// A matrix product shared by quads of four neighbouring threads: what one of them has loaded of A the others get by a
// broadcast, so that a load serves four times as many multiplications. A load is what a CPU adapter is slowest at; next comes
// carrying a sum through memory, so each takes four terms at a time.
// A quad owns TILE_ROWS rows of C and 4 * TILE_LANES lanes; a thread owns every fourth lane of them. Columns and depth are
// multiples of four. B is stored [depth, columns], or [columns, depth] where B_TURNED; A as in matmul.wgsl.

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
  let depthLanes = call.depth / 4u;

  @each i < TILE_ROWS: @each j < TILE_LANES: var sum{i}_{j} = vec4f(0.0);
  for (var term = 0u; term < call.terms; term++) {
    let aBegin = beginOfA(place, term) + place.begin * aStep;
    @when B_TURNED == 0: let bBegin = beginOfB(place, term) + place.begin * lanes;
    @when B_TURNED == 1: let bBegin = beginOfB(place, term) + place.begin / 4u;
    // Rows and lanes beyond the edge repeat the last one; they are computed and not kept.
    @each i < ROWS_4: var a{i} = aBegin + min(row + {i}u * 4u + own, call.rows - 1u) * aRow;
    @when B_TURNED == 0: @each j < TILE_LANES: var b{j} = bBegin + min(lane + {j}u * 4u, lanes - 1u);
    @when B_TURNED == 1: @each j < TILE_LANES: var b{j} = bBegin + min(lane + {j}u * 4u, lanes - 1u) * 4u * depthLanes;
    for (var k = place.begin; k < place.end; k += 4u) {
      @each n < 4: @each i < ROWS_4: let left{n}_{i} = ofA(a[a{i} + {n}u * aStep]);
      @when B_TURNED == 0: @each n < 4: @each j < TILE_LANES: let right{n}_{j} = ofB(b[b{j} + {n}u * lanes]);
      @when B_TURNED == 1: @each j < TILE_LANES: @each c < 4: let above{j}_{c} = ofB(b[b{j} + {c}u * depthLanes]);
      @when B_TURNED == 1: @each n < 4: @each j < TILE_LANES: let right{n}_{j} = vec4f(above{j}_0[{n}u], above{j}_1[{n}u], above{j}_2[{n}u], above{j}_3[{n}u]);
      @each i < TILE_ROWS {
        {
          @each n < 4: let x{n} = vec4f(quadBroadcast(left{n}_{i / 4}, {i % 4}u));
          @each j < TILE_LANES: sum{i}_{j} = fma(x3, right3_{j}, fma(x2, right2_{j}, fma(x1, right1_{j}, fma(x0, right0_{j}, sum{i}_{j}))));
        }
      @}
      @each i < ROWS_4: a{i} += 4u * aStep;
      @when B_TURNED == 0: @each j < TILE_LANES: b{j} += 4u * lanes;
      @when B_TURNED == 1: @each j < TILE_LANES: b{j} += 1u;
    }
  }
  // Kept in a loop: what a product ends with is long, and would be compiled for each of them.
  var sums: array<vec4f, TILE_ROWS * TILE_LANES>;
  @each i < TILE_ROWS: @each j < TILE_LANES: sums[{i}u * TILE_LANES + {j}u] = sum{i}_{j};
  let goal = targetOf(place);
  for (var i = 0u; i < TILE_ROWS * TILE_LANES; i++) {
    keep(goal, row + i / TILE_LANES, lane + 4u * (i % TILE_LANES), sums[i]);
  }
}
