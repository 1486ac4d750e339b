/**
 * The GPT whose training the bench times: the reference model (docs/science.md) under SP, with learned positions, LayerNorm
 * gains, tanh GELU, no biases and untied embeddings; AdamW at one rate for all tensors, no decay, no clipping.
 */
import { buildCorpus } from '../../src/data/corpus.ts';
import { wholeOf } from '../../src/data/segments.ts';
import { parseExperiment } from '../../src/model/experiment.ts';
import { initialParameters } from '../../src/model/initialise.ts';
import { parametrize } from '../../src/model/parametrization.ts';
import type { Recipe } from '../../src/model/recipe.ts';
import { modelShape } from '../../src/model/shape.ts';
import { stepsOfSegment, type Cohort, type CohortRun } from '../../src/model/training.ts';

export interface GptSize {
  /** L */
  layers: number;
  /** d */
  width: number;
  /** h */
  heads: number;
  /** T */
  context: number;
  /** Sequences in a batch. */
  batch: number;
  /** V */
  vocabulary: number;
}

/** AdamW of the benchmark: p -= rate · m̂ / (√v̂ + epsilon). */
export const ADAM = { rate: 2 ** -9, beta1: 0.9, beta2: 0.95, epsilon: 1e-8 };
/** Distinct batches; training goes through them again and again. */
export const BATCHES = 32;

const SEED = 1;

/** A transformer of two layers with heads of 16, as wide as asked; the rest stays the same along a table's widths. */
export function gptOfWidth(width: number): GptSize {
  return { layers: 2, width, heads: width / 16, context: 64, batch: 8, vocabulary: 256 };
}

/** What a table calls a cohort of such transformers. */
export const cohortName = (width: number, runs: number) => `width ${width}, ${runs} ${runs === 1 ? 'run' : 'runs'}`;

export function gptRecipe({ layers, width, heads, context, batch, vocabulary }: GptSize): Recipe {
  const experiment = parseExperiment({
    recipes: [
      {
        name: 'bench',
        parametrization: 'sp',
        baseWidth: width,
        layers,
        headSize: width / heads,
        context,
        corpus: { kind: 'spectral', vocabulary },
        batch,
        steps: BATCHES,
        optimizer: { learningRate: ADAM.rate, beta1: ADAM.beta1, beta2: ADAM.beta2, epsilon: ADAM.epsilon, clip: 0 },
        schedule: { kind: 'constant' },
        // Nothing starts at zero: a product that was left out would show in the first loss.
        init: { query: 'key', unembedding: 1 },
        evaluation: { sequences: batch },
      },
    ],
    ladder: { rungs: [width] },
  });
  return experiment.recipes[0];
}

/** A cohort of `runs` such transformers that differ by their seeds, to train for `steps` steps. */
export function gptCohort(size: GptSize, { steps, runs = 1 }: { steps: number; runs?: number }): Cohort {
  const { vocabulary, width, batch } = size;
  const recipe = gptRecipe(size);
  const shape = modelShape(recipe, width, vocabulary);
  const { evaluation } = corpusOf(size);
  const table = parametrize(recipe, shape);
  const { optimizer, schedule } = recipe;
  return {
    shape,
    batch,
    steps,
    evaluateEvery: 0,
    runs: Array.from({ length: runs }, (_, r): CohortRun => ({
      id: `run ${r}`,
      seed: SEED + r,
      table,
      optimizer,
      schedule,
    })),
    stream: repeated(size, steps, evaluation),
  };
}

/** What every contender starts from: tensors by their names in a dump, stored [fan-in, fan-out]. */
export function gptParameters(size: GptSize): Map<string, Float32Array> {
  const { runs } = gptCohort(size, { steps: 1 });
  return initialParameters(runs[0].table, runs[0].seed);
}

/** What every contender trains on: the tokens [batch, context + 1] of each batch; the last of a sequence is only a label. */
export async function gptBatches(size: GptSize): Promise<Int32Array<ArrayBuffer>[]> {
  const row = size.batch * (size.context + 1);
  const { buffer } = await wholeOf(corpusOf(size).streamOf(null), { ...size, steps: BATCHES });
  return Array.from({ length: BATCHES }, (_, step) => new Int32Array(buffer).slice(step * row, (step + 1) * row));
}

const corpusOf = (size: GptSize) =>
  buildCorpus(
    gptRecipe(size).corpus,
    { context: size.context, batch: size.batch, steps: BATCHES, evaluationSequences: size.batch },
    {},
  );

/** The batches again and again. */
function repeated(size: GptSize, steps: number, evaluation: Uint32Array): Cohort['stream'] {
  const segmentSteps = stepsOfSegment({ ...size, steps });
  let batches: ReturnType<typeof gptBatches> | null = null;
  return {
    evaluation,
    segmentSteps,
    async segment(index) {
      const all = await (batches ??= gptBatches(size));
      const windows = new Uint32Array(segmentSteps * all[0].length);
      for (let s = 0; s < segmentSteps; s++) {
        windows.set(all[(index * segmentSteps + s) % BATCHES], s * all[0].length);
      }
      return windows;
    },
  };
}
