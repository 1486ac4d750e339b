// How a product ends: mode 0: C = product; 1: C += product; 2: C = addendScale * addend + product.

@group(0) @binding(4) var<storage, read> addend: array<Out>;
@group(0) @binding(5) var<storage, read_write> c: array<Out>;

fn finish(at: u32, product: Out) {
  var value = product;
  if (call.mode == 1u) { value += c[at]; }
  if (call.mode == 2u) { value += call.addendScale * addend[at]; }
  c[at] = value;
}
