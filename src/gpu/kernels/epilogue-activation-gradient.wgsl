// How the gradient of an activation's output ends: C = product * f'(x), x being what went into the activation.

@group(0) @binding(4) var<storage, read> x: array<Out>;
@group(0) @binding(5) var<storage, read_write> c: array<Out>;

fn finish(at: u32, product: Out) {
  c[at] = product * activationSlope(x[at]);
}
