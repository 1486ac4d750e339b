/** What `--dump` writes: all that a replay of a run in another framework needs. */
import type { Recipe } from '../model/recipe.ts';
import { parametrize } from '../model/parametrization.ts';
import type { RunResult } from '../model/result.ts';
import { writeSafetensors, type Tensor } from '../model/safetensors.ts';
import { scheduleFactor } from '../model/schedule.ts';
import { modelShape, NORM_EPSILON, tensorsOf } from '../model/shape.ts';
import type { RunOutcome } from '../model/training.ts';

export const DUMP_SCHEMA = 'mup-playground/dump@1';

export interface DumpFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** `<run id>.init.safetensors` and `<run id>.final.safetensors`, tensors in the model's order. */
export function parameterFiles(
  { id, width }: Pick<RunResult, 'id' | 'width'>,
  recipe: Recipe,
  vocabulary: number,
  { initial, final }: NonNullable<RunOutcome['parameters']>,
): DumpFile[] {
  const specs = tensorsOf(modelShape(recipe, width, vocabulary));
  const file = (moment: string, values: Map<string, Float32Array>) => {
    const tensors = specs.map(({ name, shape }): [string, Tensor] => [name, { shape, data: values.get(name)! }]);
    return { name: `${id}.${moment}.safetensors`, bytes: writeSafetensors(new Map(tensors)) };
  };
  return [file('init', initial), file('final', final)];
}

export const batchesName = (id: string): string => `${id}.batches.safetensors`;

/** @param tokens [steps, batch, context + 1] */
export function batchesBytes({ steps, batch, context }: Recipe, tokens: Int32Array): Uint8Array<ArrayBuffer> {
  return writeSafetensors(new Map([['tokens', { shape: [steps, batch, context + 1], data: tokens }]]));
}

export interface DumpedRun {
  result: RunResult;
  recipe: Recipe;
  vocabulary: number;
}

/** `manifest.json` for the runs whose parameters were written. */
export function dumpManifest(runs: readonly DumpedRun[]) {
  return { schema: DUMP_SCHEMA, runs: runs.map(manifestRun) };
}

export type DumpManifest = ReturnType<typeof dumpManifest>;

function manifestRun({ result, recipe, vocabulary }: DumpedRun) {
  const shape = modelShape(recipe, result.width, vocabulary);
  const table = parametrize(recipe, shape);
  const { optimizer, schedule, steps, batch } = recipe;
  const { kind, beta1, beta2, clip } = optimizer;
  const { embedding, attention, branch, unembedding } = table.forward;
  return {
    id: result.id,
    ...shape,
    batch,
    steps,
    normEpsilon: NORM_EPSILON,
    options: { norm: 'layernorm', activation: 'gelu', position: 'learned', qkNorm: false, tied: false },
    multipliers: { embedding, attention, unembedding, branch },
    optimizer: { kind, beta1, beta2, clip },
    learningRates: Array.from(
      { length: steps },
      (_, step) => optimizer.learningRate * scheduleFactor(schedule, step, steps),
    ),
    tensors: table.tensors.map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape,
      learningRateMultiplier: tensor.learningRateMultiplier,
      weightDecay: optimizer.weightDecay * tensor.weightDecayMultiplier,
      epsilon: optimizer.epsilon * tensor.epsilonMultiplier,
    })),
    trainLoss: result.trainLoss,
    finalEvalLoss: result.finalEvalLoss,
  };
}
