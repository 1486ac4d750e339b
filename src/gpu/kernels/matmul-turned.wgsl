// A matrix product in registers alone, for B stored [columns, depth] and A [rows, depth]: both are read along the depth. Each
// thread owns TILE x TILE entries of C. Takes any shape.

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = (group.y * groups.x + group.x) * 64u + local;
  let tilesAcross = (call.columns + TILE - 1u) / TILE;
  let row = (tile / tilesAcross) * TILE;
  let column = (tile % tilesAcross) * TILE;
  if (row >= call.rows) { return; }
  let place = placeOf(group.z);
  let depthLanes = call.depth / A_LANES;

  @each i < TILE: @each j < TILE: var sum{i}_{j} = 0.0;
  for (var term = 0u; term < call.terms; term++) {
    let aBegin = beginOfA(place, term);
    let bBegin = beginOfB(place, term);
    @each i < TILE: let a{i} = aBegin + min(row + {i}u, call.rows - 1u) * depthLanes;
    @each j < TILE: let b{j} = bBegin + min(column + {j}u, call.columns - 1u) * depthLanes;
    for (var k = place.begin / A_LANES; k < place.end / A_LANES; k++) {
      @each j < TILE: let right{j} = ofB(b[b{j} + k]);
      @each i < TILE: let left{i} = ofA(a[a{i} + k]);
      @each n < A_LANES: @each i < TILE: @each j < TILE: sum{i}_{j} = fma(entry(left{i}, {n}u), entry(right{j}, {n}u), sum{i}_{j});
    }
  }
  // Kept in a loop: what a product ends with is long, and would be compiled for each of them.
  var sums: array<f32, TILE * TILE>;
  @each i < TILE: @each j < TILE: sums[{i}u * TILE + {j}u] = sum{i}_{j};
  let goal = targetOf(place);
  for (var i = 0u; i < TILE * TILE; i++) { keep(goal, row + i / TILE, column + i % TILE, sums[i]); }
}
