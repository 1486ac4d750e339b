/** Names and numbers as the checks' sentences write them. */
import type { Sweepable } from '../model/study.ts';

export const PARAMETER_NAMES: Record<Sweepable, string> = {
  'optimizer.learningRate': 'learning rate',
  'optimizer.weightDecay': 'weight decay',
  'init.embedding': 'init scale of the embeddings',
  'init.hidden': 'init scale of the hidden matrices',
  'init.unembedding': 'init scale of the unembedding',
  'multipliers.embedding': 'embedding multiplier',
  'multipliers.attention': 'attention multiplier',
  'multipliers.unembedding': 'output multiplier',
};

/** What a table without series is called. */
export const ALONE = 'The table';

/** A swept hyperparameter by its path in a recipe, or as a table calls it. */
export const parameterName = (parameter: string): string =>
  Object.hasOwn(PARAMETER_NAMES, parameter) ? PARAMETER_NAMES[parameter as Sweepable] : parameter;

/** What a ladder is over: "width", "number of layers", or as a table calls it. */
export const sizeNoun = (over: string): string => (over === 'layers' ? 'number of layers' : over);

/** "width 64", "4 layers", "params 125000000" */
export const sizeWords = (over: string, at: number): string =>
  over === 'layers' ? `${at} layer${at === 1 ? '' : 's'}` : `${over} ${at}`;

/** 2^-3.2 */
export function powerOfTwo(value: number): string {
  const exponent = Number(Math.log2(value).toFixed(1));
  return exponent === 0 ? '1' : `2^${exponent}`;
}

/** How to write values of a sweep: as powers of two where its grid is one of halves or wholes of them, else with two digits. */
export function valueWriter(grid: readonly number[]): (value: number) => string {
  const isOfPowers = grid.every((value) => value === 0 || Number.isInteger(2 * Math.log2(value)));
  return (value) => (value > 0 && isOfPowers ? powerOfTwo(value) : String(Number(value.toPrecision(2))));
}

/** a, b and c */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** 0.004 nats */
export const nats = (loss: number): string => `${Number(loss.toPrecision(2))} nats`;
