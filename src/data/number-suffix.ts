/** Numbers of parameters, tokens and FLOPs as the field writes them: 8k, 125M, 1.3B, 2T. */

const POWERS: Record<string, number> = { k: 3, K: 3, M: 6, B: 9, G: 9, T: 12 };

/**
 * 1.3B as 1.3e9: as an exponent of the text the power is exact, which a product with 1e9 is not. Any other text comes back as
 * it was; a number with an exponent of its own then is none.
 */
export const withExponent = (text: string): string =>
  text.replace(/(?<=[\d.])[kKMBGT]$/, (letter) => `e${POWERS[letter]}`);
