/**
 * Numbers in the normal range of float16 (IEEE 754 binary16): 11 significant bits, the nearest and of two the even one. Other than
 * there, and as in the GPU engine, what is less than 2^-14 becomes zero and what is beyond 65504 becomes that; what is no number stays so.
 */

const SMALLEST = 2 ** -14;
const LARGEST = 65504;

/** @param magnified a power of two by which the numbers are larger while they are rounded. */
export function toFloat16(values: Float64Array, magnified = 1): Float64Array {
  const floats = new Float32Array(values.length);
  const words = new Uint32Array(floats.buffer);
  const rounded = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    floats[i] = values[i] * magnified;
    if (Number.isFinite(floats[i])) {
      // The 13 bits that float16 lacks; a carry goes on into the exponent.
      words[i] = (words[i] + 0xfff + ((words[i] >>> 13) & 1)) & 0xffffe000;
      const size = Math.abs(floats[i]);
      rounded[i] = size < SMALLEST ? 0 : (Math.sign(floats[i]) * Math.min(size, LARGEST)) / magnified;
    } else rounded[i] = floats[i];
  }
  return rounded;
}
