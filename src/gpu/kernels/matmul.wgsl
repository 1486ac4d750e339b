// A matrix product by outer products, in registers alone: each thread owns TILE_ROWS x TILE_LANES lanes of C. B is stored
// [depth, columns]; A [rows, depth], or [depth, rows] where it is turned. Takes any shape.

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = (group.y * groups.x + group.x) * 64u + local;
  let lanes = call.columns / OUT_LANES;
  let tilesAcross = (lanes + TILE_LANES - 1u) / TILE_LANES;
  let row = (tile / tilesAcross) * TILE_ROWS;
  let lane = (tile % tilesAcross) * TILE_LANES;
  if (row >= call.rows) { return; }
  let place = placeOf(group.z);
  let aRow = select(call.depth, 1u, call.aTurned == 1u);
  let aStep = select(1u, call.rows, call.aTurned == 1u);

  @each i < TILE_ROWS: @each j < TILE_LANES: var sum{i}_{j} = Out(0.0);
  for (var term = 0u; term < call.terms; term++) {
    let aBegin = beginOfA(place, term) + place.begin * aStep;
    let bBegin = beginOfB(place, term) + place.begin * lanes;
    // Rows and lanes beyond the edge repeat the last one; they are computed and not kept.
    @each i < TILE_ROWS: var a{i} = aBegin + min(row + {i}u, call.rows - 1u) * aRow;
    @each j < TILE_LANES: var b{j} = bBegin + min(lane + {j}u, lanes - 1u);
    for (var k = place.begin; k < place.end; k++) {
      @each j < TILE_LANES: let right{j} = ofB(b[b{j}]);
      @each i < TILE_ROWS: let left{i} = ofA(a[a{i}]);
      @each i < TILE_ROWS: @each j < TILE_LANES: sum{i}_{j} = fma(Out(left{i}), right{j}, sum{i}_{j});
      @each i < TILE_ROWS: a{i} += aStep;
      @each j < TILE_LANES: b{j} += lanes;
    }
  }
  // Kept in a loop: what a product ends with is long, and would be compiled for each of them.
  var sums: array<Out, TILE_ROWS * TILE_LANES>;
  @each i < TILE_ROWS: @each j < TILE_LANES: sums[{i}u * TILE_LANES + {j}u] = sum{i}_{j};
  let goal = targetOf(place);
  for (var i = 0u; i < TILE_ROWS * TILE_LANES; i++) {
    keep(goal, row + i / TILE_LANES, lane + i % TILE_LANES, sums[i]);
  }
}
