// How a product ends: mode 0: C = product; 1: C += product; 2: C = addendScale * addend + product.

@group(0) @binding(4) var<storage, read> addend: array<Out>;
@group(0) @binding(5) var<storage, read_write> c: array<Out>;

fn finish(at: u32, product: Out) {
  var value = product;
  // Loops of one turn or none, because a CPU adapter takes both ways of an if, loads and all, and keeps one.
  for (var adds = call.mode == 1u; adds; adds = false) { value += c[at]; }
  for (var adds = call.mode == 2u; adds; adds = false) { value += call.addendScale * addend[at]; }
  c[at] = value;
}
