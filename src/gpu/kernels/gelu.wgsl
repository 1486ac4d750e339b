// GELU in its tanh form: 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), and its derivative.

// Clamped, because some drivers' tanh overflows for large arguments; tanh(15) is 1 in f32.
fn geluTanh(x: Out) -> Out {
  return tanh(clamp(0.7978845608028654 * (x + 0.044715 * x * x * x), Out(-15.0), Out(15.0)));
}

fn activation(x: Out) -> Out { return 0.5 * x * (1.0 + geluTanh(x)); }

fn activationSlope(x: Out) -> Out {
  let t = geluTanh(x);
  let inner = 0.7978845608028654 * (1.0 + 0.134145 * x * x);
  return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * inner;
}
