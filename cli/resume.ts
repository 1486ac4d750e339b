/** `--resume result.json`: what an earlier training measured and sealed, for the same experiment to go on from. */
import { own } from '../src/model/own.ts';
import { readFileSync } from 'node:fs';
import { isOfTable } from '../src/experiment/admission.ts';
import { cohortsOf } from '../src/experiment/cohorts.ts';
import { readResult } from '../src/experiment/read-result.ts';
import type { Experiment } from '../src/model/experiment.ts';
import { InputError } from '../src/model/parse.ts';
import { isOver, type ExperimentResult, type RunResult } from '../src/model/result.ts';
import { withoutImpossibleLosses } from '../src/model/without-impossible-losses.ts';
import { reasonOf } from './output.ts';
import type { TrainingRequest } from './training.ts';

export interface Earlier {
  path: string;
  result: ExperimentResult;
  /** What of it is not believed, in words; empty where all is. */
  doubt: string;
}

/** @throws InputError with one sentence when the file is no result of ours. */
export function readEarlier(path: string): Earlier {
  let text: string;
  try {
    text = new TextDecoder().decode(readFileSync(path));
  } catch (error) {
    throw new InputError('--resume', `--resume: "${path}" cannot be read: ${reasonOf(error)}.`);
  }
  const result = inResumed(() => readResult(text, `"${path}"`));
  if (result.source) {
    throw new InputError(
      '--resume',
      `--resume: "${path}" cannot be used: source: a ${result.source} is not gone on with.`,
    );
  }
  const { data, doubt } = withoutImpossibleLosses(result);
  return { path, result: data, doubt };
}

function inResumed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.field, `--resume: ${error.message}`);
  }
}

/**
 * Finished runs and seals as they are; what was ended on the way is trained again from its beginning, with its whole cohort.
 * @throws InputError naming the field in which the file is of another experiment.
 */
export function goingOn(
  { path, result }: Earlier,
  experiment: Experiment,
): Pick<TrainingRequest, 'finished' | 'sealed' | 'measuredOn'> {
  const { experiment: begun, runs, sealed, adapter } = result;
  const refuse = (field: string, why: string) =>
    new InputError(field, `--resume: "${path}" cannot be gone on from: ${field} ${why}.`);
  // What it is called decides nothing.
  const other = differenceOf(experiment, { ...begun, name: experiment.name });
  if (other) {
    const [wanted, had] = other.values.map(inShort);
    throw refuse(other.field, `is ${had} there and ${wanted} here`);
  }
  const { rungs, targets } = cohortsOf(experiment);
  const byId = new Map([...rungs, ...targets].flat().map((run) => [run.id, run]));
  for (const [i, run] of runs.entries()) {
    const same = byId.get(run.id);
    const known = same && { recipe: same.recipe.name, width: same.width, seed: same.seed, overrides: same.overrides };
    const { recipe, width, seed, overrides } = run;
    const wrong = known && differenceOf(known, { recipe, width, seed, overrides });
    if (wrong) throw refuse(`runs[${i}].${wrong.field}`, `is not that of the run ${run.id}`);
    if (isOver(run) && !isOfTable(experiment.recipes, run)) {
      throw refuse(
        `runs[${i}].table`,
        `is not today's: it was trained by an earlier version, whose ${run.recipe} was another model`,
      );
    }
  }
  const steps = new Map(experiment.recipes.map(({ name, steps }) => [name, steps]));
  // A run that diverged in a cohort that was ended lacks what the rest of its cohort's steps would have told.
  const isWhole = (run: RunResult) => isOver(run) && run.steps.length === steps.get(run.recipe);
  return { finished: runs.filter(isWhole), sealed, measuredOn: adapter };
}

interface Difference {
  /** Path, such as recipes[0].optimizer.learningRate. */
  field: string;
  values: [unknown, unknown];
}

/** The first field in which two descriptions differ, in the order of the first; null where they are the same. */
function differenceOf(one: unknown, other: unknown, field = ''): Difference | null {
  if (Object.is(one, other)) return null;
  if (!isGroup(one) || !isGroup(other) || Array.isArray(one) !== Array.isArray(other)) {
    return { field, values: [one, other] };
  }
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const path = Array.isArray(one) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`;
    const difference = differenceOf(own(one, key), own(other, key), path);
    if (difference) return difference;
  }
  return null;
}

function inShort(value: unknown): string {
  if (value === undefined) return 'left out';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
