// What is multiplied: the operands as they are, or rounded to float16 (ROUNDED). The product of two halves is exact in float32, so
// a sum of them needs no kernel of its own.

@when ROUNDED == 0: fn ofA(x: A) -> A { return x; }
@when ROUNDED == 0: fn ofB(x: B) -> B { return x; }
@when ROUNDED == 1: @when A_LANES == 4: fn ofA(x: A) -> A { return toFloat16(call.aMagnified * x); }
@when ROUNDED == 1: @when A_LANES == 1: fn ofA(x: A) -> A { return toFloat16(vec4f(call.aMagnified * x)).x; }
@when ROUNDED == 1: @when B_LANES == 4: fn ofB(x: B) -> B { return toFloat16(call.bMagnified * x); }
@when ROUNDED == 1: @when B_LANES == 1: fn ofB(x: B) -> B { return toFloat16(vec4f(call.bMagnified * x)).x; }

// To the nearest number of 11 bits, a tie to the even one: below 2^-14 zero, beyond 65504 that, and what is no number stays so. In
// whole numbers, because conversions to f16 may round and flush as they like, and every adapter shall give the same bits.
fn toFloat16(x: vec4f) -> vec4f {
  let bits = bitcast<vec4u>(x);
  let size = bits & vec4u(0x7fffffffu);
  let rounded = (size + vec4u(0xfffu) + ((size >> vec4u(13u)) & vec4u(1u))) & vec4u(0xffffe000u);
  let kept = select(min(rounded, vec4u(0x477fe000u)), vec4u(0u), rounded < vec4u(0x38800000u));
  return bitcast<vec4f>(select(kept, size, size >= vec4u(0x7f800000u)) | (bits & vec4u(0x80000000u)));
}
