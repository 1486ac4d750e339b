// ReLU squared: max(x, 0)^2, and its derivative.

fn activation(x: Out) -> Out {
  let positive = max(x, Out(0.0));
  return positive * positive;
}

fn activationSlope(x: Out) -> Out { return 2.0 * max(x, Out(0.0)); }
