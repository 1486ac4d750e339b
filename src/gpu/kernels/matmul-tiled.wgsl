// A matrix product through workgroup memory, for GPUs: a workgroup owns TILE_ROWS x TILE_COLUMNS entries of C, each thread
// 4 x 4 of them, and walks along the depth in steps of 16, of which it holds both operands. Rows (where A is turned), columns and
// depth are multiples of four. Storage of A and B as in matmul-quad.wgsl.
//
// Both tiles lie in workgroup memory by depth, then by lanes of four rows (A) or columns (B). What is stored the other way
// round is loaded in blocks of 4 x 4 and turned in registers.

const STEP = 16u;
const ROW_LANES = TILE_ROWS / 4u;
const COLUMN_LANES = TILE_COLUMNS / 4u;
const THREADS = ROW_LANES * COLUMN_LANES;

var<workgroup> tileA: array<vec4f, STEP * ROW_LANES>;
var<workgroup> tileB: array<vec4f, STEP * COLUMN_LANES>;

fn loadA(at: u32, isInside: bool) -> vec4f { if (isInside) { return a[at]; } return vec4f(0.0); }
fn loadB(at: u32, isInside: bool) -> vec4f { if (isInside) { return b[at]; } return vec4f(0.0); }

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = group.y * groups.x + group.x;
  let tilesAcross = (call.columns + TILE_COLUMNS - 1u) / TILE_COLUMNS;
  let firstRow = (tile / tilesAcross) * TILE_ROWS;
  let firstColumn = (tile % tilesAcross) * TILE_COLUMNS;
  // The same for all threads of a workgroup, which barriers need.
  if (firstRow >= call.rows) { return; }
  let place = placeOf(group.z);
  let rowLane = local / COLUMN_LANES;
  let columnLane = local % COLUMN_LANES;
  let lanes = call.columns / 4u;
  let rowLanes = call.rows / 4u;
  let depthLanes = call.depth / 4u;

  @each i < 4: var sum{i} = vec4f(0.0);
  for (var term = 0u; term < call.terms; term++) {
    let aBegin = beginOfA(place, term);
    let bBegin = beginOfB(place, term);
    for (var k = place.begin; k < place.end; k += STEP) {
      if (call.aTurned == 1u) {
        for (var i = local; i < STEP * ROW_LANES; i += THREADS) {
          let depth = k + i / ROW_LANES;
          let lane = firstRow / 4u + i % ROW_LANES;
          tileA[i] = loadA(aBegin + depth * rowLanes + lane, depth < place.end && lane < rowLanes);
        }
      } else {
        for (var i = local; i < STEP / 4u * ROW_LANES; i += THREADS) {
          let depth = k / 4u + i % (STEP / 4u);
          let lane = i / (STEP / 4u);
          let row = firstRow + 4u * lane;
          @each n < 4: let x{n} = loadA(aBegin + (row + {n}u) * depthLanes + depth, 4u * depth < place.end && row + {n}u < call.rows);
          @each n < 4: tileA[(i % (STEP / 4u) * 4u + {n}u) * ROW_LANES + lane] = vec4f(x0[{n}u], x1[{n}u], x2[{n}u], x3[{n}u]);
        }
      }
      if (B_TURNED == 0u) {
        for (var i = local; i < STEP * COLUMN_LANES; i += THREADS) {
          let depth = k + i / COLUMN_LANES;
          let lane = firstColumn / 4u + i % COLUMN_LANES;
          tileB[i] = loadB(bBegin + depth * lanes + lane, depth < place.end && lane < lanes);
        }
      } else {
        for (var i = local; i < STEP / 4u * COLUMN_LANES; i += THREADS) {
          let depth = k / 4u + i % (STEP / 4u);
          let lane = i / (STEP / 4u);
          let column = firstColumn + 4u * lane;
          @each n < 4: let y{n} = loadB(bBegin + (column + {n}u) * depthLanes + depth, 4u * depth < place.end && column + {n}u < call.columns);
          @each n < 4: tileB[(i % (STEP / 4u) * 4u + {n}u) * COLUMN_LANES + lane] = vec4f(y0[{n}u], y1[{n}u], y2[{n}u], y3[{n}u]);
        }
      }
      workgroupBarrier();
      for (var n = 0u; n < STEP; n++) {
        let left = tileA[n * ROW_LANES + rowLane];
        let right = tileB[n * COLUMN_LANES + columnLane];
        @each i < 4: sum{i} = fma(vec4f(left[{i}u]), right, sum{i});
      }
      workgroupBarrier();
    }
  }
  var sums = array(sum0, sum1, sum2, sum3);
  for (var i = 0u; i < 4u; i++) { keep(place, firstRow + 4u * rowLane + i, firstColumn / 4u + columnLane, sums[i]); }
}
