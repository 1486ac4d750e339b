// A matrix product through workgroup memory, for GPUs: a workgroup owns TILE_ROWS x TILE_COLUMNS entries of C, each thread
// 4 * ROWS_4 x 4 * OWN_LANES of them, and walks along the depth in steps of STEP. What the next step needs is on its way while the
// last one is multiplied. Where both operands have two tiles (TILES), a step has one barrier, and with one tile, which may be twice as
// deep, two. Rows (where A is turned), columns and depth are multiples of four. Storage of A and B as in matmul-quad.wgsl, but
// all of it in lanes.
//
// Tiles lie in workgroup memory by depth, then by lanes of four rows (A) or columns (B). An operand that is stored so is loaded in
// lanes, as it is; the other way round in blocks of 4 x 4, turned in registers. A thread loads A_LOADS lanes or A_BLOCKS blocks.

const ROW_LANES = TILE_ROWS / 4u;
const COLUMN_LANES = TILE_COLUMNS / 4u;
const ROW_THREADS = ROW_LANES / ROWS_4;
const COLUMN_THREADS = COLUMN_LANES / OWN_LANES;
const THREADS = ROW_THREADS * COLUMN_THREADS;
const SIZE_A = STEP * ROW_LANES;
const SIZE_B = STEP * COLUMN_LANES;

@when KEPT_AS_HALVES == 1: enable f16;
@when KEPT_AS_HALVES == 1: alias Kept = vec4h;
@when KEPT_AS_HALVES == 0: alias Kept = vec4f;
var<workgroup> tileA: array<Kept, TILES * SIZE_A>;
var<workgroup> tileB: array<Kept, TILES * SIZE_B>;

fn loadA(at: u32, isInside: bool) -> vec4f { if (isInside) { return ofA(a[at]); } return vec4f(0.0); }
fn loadB(at: u32, isInside: bool) -> vec4f { if (isInside) { return ofB(b[at]); } return vec4f(0.0); }

// Where a block of 4 x 4 lies within the step, of an operand of so many lanes. Two neighbours load from one sector of memory; the rest
// write next to each other, because what is written apart meets in the same bank of workgroup memory.
fn depthOf(block: u32, lanes: u32) -> u32 { return block % 2u + block / (2u * lanes) * 2u; }
fn laneOf(block: u32, lanes: u32) -> u32 { return block / 2u % lanes; }

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = group.y * groups.x + group.x;
  let tilesAcross = (call.columns + TILE_COLUMNS - 1u) / TILE_COLUMNS;
  let firstRow = (tile / tilesAcross) * TILE_ROWS;
  let firstColumn = (tile % tilesAcross) * TILE_COLUMNS;
  // The same for all threads of a workgroup, which barriers need.
  if (firstRow >= call.rows) { return; }
  let place = placeOf(group.z);
  let rowThread = local / COLUMN_THREADS;
  let columnThread = local % COLUMN_THREADS;
  let lanes = call.columns / 4u;
  let rowLanes = call.rows / 4u;
  let depthLanes = call.depth / 4u;

  @each i < ROWS_4: @each r < 4: @each j < OWN_LANES: var sum{i}_{r}_{j} = vec4f(0.0);
  @each i < A_LOADS: var laneA{i} = vec4f(0.0);
  @each i < B_LOADS: var laneB{i} = vec4f(0.0);
  @each i < A_BLOCKS: @each n < 4: var blockA{i}_{n} = vec4f(0.0);
  @each i < B_BLOCKS: @each n < 4: var blockB{i}_{n} = vec4f(0.0);
  let stepsOfTerm = (place.end - place.begin + STEP - 1u) / STEP;
  let steps = call.terms * stepsOfTerm;
  for (var step = 0u; step <= steps; step++) {
    if (step < steps) {
      let term = step / stepsOfTerm;
      let k = place.begin + step % stepsOfTerm * STEP;
      let aBegin = beginOfA(place, term);
      let bBegin = beginOfB(place, term);
      @each i < A_LOADS {
        {
          let at = local + {i}u * THREADS;
          let depth = k + at / ROW_LANES;
          let lane = firstRow / 4u + at % ROW_LANES;
          laneA{i} = loadA(aBegin + depth * rowLanes + lane, depth < place.end && lane < rowLanes);
        }
      @}
      @each i < A_BLOCKS {
        {
          let at = local + {i}u * THREADS;
          let depth = k / 4u + depthOf(at, ROW_LANES);
          let row = firstRow + 4u * laneOf(at, ROW_LANES);
          let isInside = 4u * depth < place.end && at < SIZE_A / 4u;
          @each n < 4: blockA{i}_{n} = loadA(aBegin + (row + {n}u) * depthLanes + depth, isInside && row + {n}u < call.rows);
        }
      @}
      @each i < B_LOADS {
        {
          let at = local + {i}u * THREADS;
          let depth = k + at / COLUMN_LANES;
          let lane = firstColumn / 4u + at % COLUMN_LANES;
          laneB{i} = loadB(bBegin + depth * lanes + lane, depth < place.end && lane < lanes);
        }
      @}
      @each i < B_BLOCKS {
        {
          let at = local + {i}u * THREADS;
          let depth = k / 4u + depthOf(at, COLUMN_LANES);
          let column = firstColumn + 4u * laneOf(at, COLUMN_LANES);
          let isInside = 4u * depth < place.end && at < SIZE_B / 4u && column < call.columns;
          @each n < 4: blockB{i}_{n} = loadB(bBegin + (column + {n}u) * depthLanes + depth, isInside);
        }
      @}
    }
    if (step > 0u) {
      let ownA = (step + 1u) % TILES * SIZE_A + rowThread;
      let ownB = (step + 1u) % TILES * SIZE_B + columnThread;
      for (var first = 0u; first < STEP; first += UNROLLED) {
        @each n < UNROLLED {
          {
            @each i < ROWS_4: let left{i} = vec4f(tileA[ownA + (first + {n}u) * ROW_LANES + {i}u * ROW_THREADS]);
            @each j < OWN_LANES: let right{j} = vec4f(tileB[ownB + (first + {n}u) * COLUMN_LANES + {j}u * COLUMN_THREADS]);
            @each i < ROWS_4: @each r < 4: @each j < OWN_LANES: sum{i}_{r}_{j} = fma(vec4f(left{i}[{r}u]), right{j}, sum{i}_{r}_{j});
          }
        @}
      }
    }
    if (step < steps) {
      @when TILES == 1: workgroupBarrier();
      let nextA = step % TILES * SIZE_A;
      let nextB = step % TILES * SIZE_B;
      @each i < A_LOADS: if (local + {i}u * THREADS < SIZE_A) { tileA[nextA + local + {i}u * THREADS] = Kept(laneA{i}); }
      @each i < B_LOADS: if (local + {i}u * THREADS < SIZE_B) { tileB[nextB + local + {i}u * THREADS] = Kept(laneB{i}); }
      @each i < A_BLOCKS {
        if (local + {i}u * THREADS < SIZE_A / 4u) {
          let at = local + {i}u * THREADS;
          let to = nextA + 4u * depthOf(at, ROW_LANES) * ROW_LANES + laneOf(at, ROW_LANES);
          @each n < 4: tileA[to + {n}u * ROW_LANES] = Kept(vec4f(blockA{i}_0[{n}u], blockA{i}_1[{n}u], blockA{i}_2[{n}u], blockA{i}_3[{n}u]));
        }
      @}
      @each i < B_BLOCKS {
        if (local + {i}u * THREADS < SIZE_B / 4u) {
          let at = local + {i}u * THREADS;
          let to = nextB + 4u * depthOf(at, COLUMN_LANES) * COLUMN_LANES + laneOf(at, COLUMN_LANES);
          @each n < 4: tileB[to + {n}u * COLUMN_LANES] = Kept(vec4f(blockB{i}_0[{n}u], blockB{i}_1[{n}u], blockB{i}_2[{n}u], blockB{i}_3[{n}u]));
        }
      @}
      // Of two tiles one is written again only after all have passed the barrier behind the step that read it.
      workgroupBarrier();
    }
  }
  let goal = targetOf(place);
  let row = firstRow + 4u * rowThread;
  let lane = firstColumn / 4u + columnThread;
  @each i < ROWS_4: @each r < 4: @each j < OWN_LANES: keep(goal, row + {i}u * 4u * ROW_THREADS + {r}u, lane + {j}u * COLUMN_THREADS, sum{i}_{r}_{j});
}
