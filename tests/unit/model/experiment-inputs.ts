/** A small valid experiment to change, and what must be true of every refusal. */
import { expect } from 'vitest';
import { parseExperiment, type ExperimentInput } from '../../../src/model/experiment.ts';
import { InputError } from '../../../src/model/parse.ts';
import type { Recipe } from '../../../src/model/recipe.ts';

/** Loose on purpose: tests put into it what no type allows. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

export function inputOf(change: (experiment: Loose) => void = () => {}): Loose {
  const experiment: ExperimentInput = {
    recipes: [
      {
        name: 'muP',
        parametrization: 'mup',
        baseWidth: 8,
        layers: 1,
        headSize: 4,
        context: 16,
        corpus: { kind: 'spectral' },
        batch: 4,
        steps: 20,
        optimizer: { learningRate: 0.01 },
      },
    ],
    ladder: { rungs: [8, 12, 16], targets: [24] },
  };
  change(experiment);
  return experiment;
}

/** The recipe with changes, at its base width. */
export function parsedRecipe(changes: Partial<ExperimentInput['recipes'][number]> = {}): Recipe {
  const input = inputOf((e) => {
    Object.assign(e.recipes[0], changes);
    e.ladder = { rungs: [e.recipes[0].baseWidth] };
  });
  return parseExperiment(input).recipes[0];
}

export function refusalOf(input: unknown): InputError {
  try {
    parseExperiment(input);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
  throw new Error(`accepted: ${JSON.stringify(input)}`);
}

export type Refusal = [what: string, field: string, says: RegExp, change: (experiment: Loose) => void];

export function expectRefusal(input: unknown, field: string, says: RegExp): void {
  const refusal = refusalOf(input);
  expect(refusal.field).toBe(field);
  expect(refusal.message).toMatch(says);
  // One sentence: it begins with the field's path, ends with its only full stop that a space could follow, and fits a line.
  expect(refusal.message.startsWith(field)).toBe(true);
  expect(refusal.message).toMatch(/^[^\n]*\.$/);
  expect(refusal.message).not.toMatch(/\. /);
}
