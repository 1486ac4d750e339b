/** What the two engines have to agree on where a recipe's products are in float16. */

/**
 * What a gradient of activations is multiplied by before it is rounded to float16, and divided by afterwards: a power of two. The
 * mean over N tokens makes gradients N times smaller than a token's own, and under muP those get smaller as models get wider, while
 * float16 ends at 2^-14. A token's gradient of its logits is at most 1, so 2^5 is left for what weights make of it.
 */
export const gradientMagnification = (tokens: number): number => 2 ** (42 - Math.clz32(tokens - 1));
