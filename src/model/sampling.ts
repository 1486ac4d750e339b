/** Drawing the next token from a model's logits, the same for every engine: the same numbers give the same token. */
import { randomStream } from './random.ts';

/**
 * @param temperature 1 draws by the model's own probabilities, less keeps to the likelier ones; 0 takes the likeliest, the first of several.
 * @param uniform in [0, 1).
 */
export function drawToken(logits: ArrayLike<number>, temperature: number, uniform: number): number {
  let likeliest = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[likeliest]) likeliest = i;
  if (temperature === 0) return likeliest;
  const weightOf = (i: number) => Math.exp((logits[i] - logits[likeliest]) / temperature);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += weightOf(i);
  let left = uniform * sum;
  for (let i = 0; i < logits.length; i++) {
    left -= weightOf(i);
    if (left < 0) return i;
  }
  // What is left over by rounding.
  return likeliest;
}

/** The numbers that tokens are drawn by, one each: those from `first` on. */
export function uniformsOf(seed: number, first: number, count: number): number[] {
  const random = randomStream(seed, 'written tokens');
  return Array.from({ length: first + count }, () => random.uniform()).slice(first);
}

/**
 * What of a text a model sees that writes the next token: all of it, until a window is full. Then the window begins anew half a window
 * later, so that it never sees less than half of one, and not each token moves all others.
 */
export function seenOf(tokens: Uint32Array, context: number): Uint32Array {
  if (tokens.length <= context) return tokens;
  const half = Math.max(1, Math.floor(context / 2));
  return tokens.subarray(half * Math.ceil((tokens.length - context) / half));
}
