/** What the numbers of a column stand for: a unit in its name, a logarithm. */
import type { ColumnLook } from './columns.ts';
import { LOGARITHM_BASES, logarithmOf, lossLogarithmOf, unitOf } from './meanings.ts';
import type { Question } from './roles.ts';

/** Parameters or tokens beyond which a unit in the name is that of some other writing: "tokens (B)" above 2000000000. */
const LARGEST = 1e16;

/**
 * How a number of the column becomes what it stands for, with what a reader may want to know about it.
 * @param hasUnits whether the unit counts, as of sizes and tokens whose product is a budget; else the law is over the numbers as written
 */
export function scaleOf({ name, numbers }: ColumnLook, hasUnits: boolean, notes: string[]): (value: number) => number {
  const log = logarithmOf(name);
  if (log?.base) {
    const { base, letter } = log;
    notes.push(`"${name}" holds logarithms and is read as ${letter}^${name}.`);
    return (value) => base ** value;
  }
  const power = hasUnits ? unitOf(name) : 0;
  if (power === 0) return (value) => value;
  if (numbers.every((value) => !(value * 10 ** power <= LARGEST))) {
    notes.push(
      `The unit in "${name}" is left out of account: its numbers are too large to be so many times 10^${power}.`,
    );
    return (value) => value;
  }
  notes.push(`"${name}" is read as so many times 10^${power}.`);
  return (value) => value * 10 ** power;
}

/** A logarithm of no known base is asked about. */
export function baseQuestions(looks: readonly ColumnLook[], loss: ColumnLook): Question[] {
  const log = lossLogarithmOf(loss.name);
  // "log loss" is another name of the cross-entropy, but hardly beside logarithms of sizes.
  const isOpen = log?.base === null && (log.isCertain || looks.some(({ name }) => logarithmOf(name) !== null));
  const open = looks.find(({ name }) => logarithmOf(name)?.base === null) ?? (isOpen ? loss : undefined);
  if (!open) return [];
  const sentence = `Column "${open.name}" holds logarithms and does not say to which base; call it log2, log10 or ln, or write the numbers themselves.`;
  return [{ field: `columns.${open.index}`, sentence, answers: [], bases: LOGARITHM_BASES }];
}
