// What the kernels of matrix products share: C = scale * A * B for every run, and for every part of a run where several weights
// meet the same input (queries, keys and values). Either each part has a C of its own, or the products of all parts are
// added up into one (`terms` of them), in their order.
//
// z = (run * parts + part) * splits + split; a split covers a range of the depth and writes an output of its own, which
// gather-gradients.wgsl adds in order. Strides are in entries. Every kernel sums each entry of C over the depth in ascending
// order with one fused multiply-add a term, so all of them give the same bits.

@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> a: array<A>;
@group(0) @binding(2) var<storage, read> b: array<B>;
@group(0) @binding(3) var<storage, read> multipliers: array<vec4f>;

// Which product a thread works on, and which range of its depth.
struct Place { run: u32, part: u32, split: u32, begin: u32, end: u32 }

fn placeOf(z: u32) -> Place {
  let product = z / call.splits;
  let split = z % call.splits;
  // Ranges begin at multiples of four, where a lane of the depth does.
  let length = (call.depth + 4u * call.splits - 1u) / (4u * call.splits) * 4u;
  let begin = min(call.depth, split * length);
  return Place(product / call.parts, product % call.parts, split, begin, min(call.depth, begin + length));
}

// Where the operands of one term begin, in lanes.
fn beginOfA(place: Place, term: u32) -> u32 {
  return (place.run * call.aRunStride + (place.part + term) * call.aPartStride) / A_LANES;
}
fn beginOfB(place: Place, term: u32) -> u32 {
  return (place.run * call.bRunStride + (place.part + term) * call.bPartStride) / B_LANES;
}

// Where C begins, in lanes, and what scales it: the same for all that a thread keeps, and dear to find out.
struct Target { begin: u32, scale: f32 }

fn targetOf(place: Place) -> Target {
  var scale = call.scale;
  if (call.multiplier < 4u) { scale *= multipliers[place.run][call.multiplier]; }
  let begin = place.split * call.splitStride + place.run * call.cRunStride + place.part * call.cPartStride;
  return Target(begin / OUT_LANES, scale);
}

// Writes lane `lane` of a row of C; beyond the edge nothing is written.
fn keep(goal: Target, row: u32, lane: u32, product: Out) {
  let lanes = call.columns / OUT_LANES;
  if (row >= call.rows || lane >= lanes) { return; }
  finish(goal.begin + row * lanes + lane, goal.scale * product);
}
