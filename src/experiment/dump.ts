/** What `--dump` writes: all that a replay of a run in another framework needs. */
import type { Optimizer, Recipe } from '../model/recipe.ts';
import { OPTIMIZERS } from '../model/optimizers.ts';
import { initialParameters } from '../model/initialise.ts';
import { MOST_TOKENS } from '../model/memory.ts';
import { InputError } from '../model/parse.ts';
import { parametrize, type TensorRule } from '../model/parametrization.ts';
import type { RunResult } from '../model/result.ts';
import { writeSafetensors, type Tensor } from '../model/safetensors.ts';
import { scheduleFactor } from '../model/schedule.ts';
import { modelShape, NORM_EPSILON, tensorsOf, type ModelShape } from '../model/shape.ts';
import type { RunOutcome } from '../model/training.ts';

const DUMP_SCHEMA = 'mup-playground/dump@1';

interface DumpFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** `<run id>.init.safetensors` and `<run id>.final.safetensors`, tensors in the model's order. */
export function parameterFiles(
  { id, width, seed }: Pick<RunResult, 'id' | 'width' | 'seed'>,
  recipe: Recipe,
  vocabulary: number,
  final: NonNullable<RunOutcome['parameters']>,
): DumpFile[] {
  const shape = modelShape(recipe, width, vocabulary);
  const file = (moment: string, values: ReadonlyMap<string, Float32Array>) => ({
    ...{ name: `${id}.${moment}.safetensors`, bytes: parameterBytes(shape, values) },
  });
  return [file('init', initialParameters(parametrize(recipe, shape), seed)), file('final', final)];
}

/** As a safetensors file, tensors in the model's order. */
export function parameterBytes(shape: ModelShape, values: ReadonlyMap<string, Float32Array>): Uint8Array<ArrayBuffer> {
  const tensors = tensorsOf(shape).map(({ name, shape }): [string, Tensor] => [
    ...([name, { shape, data: values.get(name)! }] as const),
  ]);
  return writeSafetensors(new Map(tensors));
}

/** @throws InputError for a recipe that trains on more tokens than can be written: they are put into one file, and held for that. */
export function assertBatchesFit(recipes: readonly Recipe[]): void {
  for (const { name, steps, batch, context } of recipes) {
    if (steps * batch * context <= MOST_TOKENS) continue;
    const fitting = Math.floor(MOST_TOKENS / (batch * context));
    throw new InputError(
      '--dump',
      `--dump: the batches of ${steps} steps of ${batch} sequences of ${context} tokens (${name}) are more than the ${MOST_TOKENS} tokens that are written; leave out --dump, or use at most ${fitting} steps.`,
    );
  }
}

export const batchesName = (id: string): string => `${id}.batches.safetensors`;

/** @param tokens [steps, batch, context + 1] */
export function batchesBytes({ steps, batch, context }: Recipe, tokens: Int32Array): Uint8Array<ArrayBuffer> {
  return writeSafetensors(new Map([['tokens', { shape: [steps, batch, context + 1], data: tokens }]]));
}

export interface DumpedRun {
  result: RunResult;
  /** With the run's overrides in place. */
  recipe: Recipe;
  vocabulary: number;
}

/** `manifest.json` for the runs whose parameters were written. */
export function dumpManifest(runs: readonly DumpedRun[]) {
  return { schema: DUMP_SCHEMA, runs: runs.map(manifestRun) };
}

export type DumpManifest = ReturnType<typeof dumpManifest>;

function manifestRun({ result, recipe, vocabulary }: DumpedRun) {
  const { architecture, ...sizes } = modelShape(recipe, result.width, vocabulary);
  const { tensors, forward } = parametrize(recipe, { architecture, ...sizes });
  const { optimizer, schedule, steps, batch } = recipe;
  return {
    id: result.id,
    ...sizes,
    batch,
    steps,
    normEpsilon: NORM_EPSILON,
    options: architecture,
    multipliers: forward,
    optimizer: ownNumbers(optimizer),
    learningRates: Array.from(
      { length: steps },
      (_, step) => optimizer.learningRate * scheduleFactor(schedule, step, steps),
    ),
    tensors: tensors.map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape,
      update: tensor.update,
      learningRateMultiplier: tensor.learningRateMultiplier,
      weightDecay: optimizer.weightDecay * tensor.weightDecayMultiplier,
      epsilon: epsilonOf(optimizer, tensor),
    })),
    trainLoss: result.trainLoss,
    finalEvalLoss: result.finalEvalLoss,
  };
}

/** What stands in the learning rates and in the tensors' numbers is left out, so that nobody multiplies by it twice. */
const ELSEWHERE = ['learningRate', 'weightDecay', 'epsilon', 'adamMultiplier'] as const;
type OwnNumbers<O> = O extends Optimizer ? Omit<O, (typeof ELSEWHERE)[number]> : never;
const ownNumbers = (optimizer: Optimizer) =>
  Object.fromEntries(
    Object.entries(optimizer).filter(([key]) => !ELSEWHERE.some((one) => one === key)),
  ) as OwnNumbers<Optimizer>;

/** ε · epsMult; null for updates that have none. */
const epsilonOf = (optimizer: Optimizer, { update, epsilonMultiplier }: TensorRule) =>
  'epsilon' in optimizer && OPTIMIZERS[update].hasEpsilon ? optimizer.epsilon * epsilonMultiplier : null;
