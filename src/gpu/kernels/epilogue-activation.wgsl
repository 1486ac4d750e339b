// How a product ends in front of an activation: C = product, kept for the backward pass, and activated = f(product).

@group(0) @binding(4) var<storage, read_write> activated: array<Out>;
@group(0) @binding(5) var<storage, read_write> c: array<Out>;

fn finish(at: u32, product: Out) {
  c[at] = product;
  activated[at] = activation(product);
}
