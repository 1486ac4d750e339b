/**
 * The real ladders of the calibration study: a randomised design, fixed before any of them was trained. Every factor's
 * levels appear equally often over the whole list and in an order of their own, so the ladders trained so far, always
 * the first ones of the list, are a fair sample of it wherever the recording stopped.
 */
import type { ExperimentInput } from '../../src/model/experiment.ts';
import { randomStream } from '../../src/model/random.ts';

type RecipeInput = ExperimentInput['recipes'][number];

export interface LadderSpec {
  name: string;
  recipe: RecipeInput;
  rungs: number[];
  /** 1.5, 2 and 4 times the largest rung. */
  targets: number[];
  seeds: number[];
}

const COUNT = 72;
const DESIGN_SEED = 20_260;
/** Evaluations along a run whose schedule is constant, and which is therefore comparable at every step. */
const EVALUATIONS = 10;

/** A level that stands twice is used twice as often. */
const RUNGS = [
  [8, 12, 16, 20, 24],
  [8, 12, 16, 24, 32],
  [8, 12, 16, 20, 24, 32],
];
const SEEDS = [[1], [1], [1], [1], [1], [1], [1, 2], [1, 2], [1, 2, 3]];
/** Sequences in a batch, tokens in a sequence, steps. */
const SIZES = [
  [16, 16, 100],
  [16, 16, 150],
  [16, 16, 200],
  [8, 16, 300],
  [8, 32, 150],
  [16, 32, 100],
] as const;
const OPTIMIZERS = [...Array<'adamw'>(7).fill('adamw'), 'lion', 'muon'] as const;
/** What AdamW's learning rates are multiplied by. */
const RATE_OF = { adamw: 1, lion: 1 / 8, muon: 1 / 4 };

export function ladderSpecs(): LadderSpec[] {
  const rungs = column('rungs', RUNGS);
  const seeds = column('seeds', SEEDS);
  const sizes = column('sizes', SIZES);
  const layers = column('layers', [1, 1, 1, 2]);
  const vocabularies = column('vocabulary', [64, 128, 256]);
  const alphas = column('alpha', [0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
  const scales = column('scale', [1.5, 2, 3]);
  const zipfs = column('zipf', [0, 0, 1]);
  const norms = column('norm', ['layernorm', 'rmsnorm'] as const);
  const activations = column('activation', ['gelu', 'relu2', 'swiglu'] as const);
  const positions = column('position', ['learned', 'rope', 'none'] as const);
  const optimizers = column('optimizer', OPTIMIZERS);
  const rates = column('learning rate', [2 ** -4, 2 ** -3.5, 2 ** -3, 2 ** -2.5]);
  const schedules = column('schedule', ['wsd', 'wsd', 'wsd', 'constant'] as const);
  return Array.from({ length: COUNT }, (_, i) => {
    const [batch, context, steps] = sizes[i]!;
    const kind = optimizers[i]!;
    const learningRate = Number((rates[i]! * RATE_OF[kind]).toPrecision(4));
    const isConstant = schedules[i] === 'constant';
    const corpus = { vocabulary: vocabularies[i]!, alpha: alphas[i]!, scale: scales[i]!, zipf: zipfs[i]!, seed: i + 1 };
    const largest = rungs[i]!.at(-1)!;
    return {
      name: `ladder-${String(i + 1).padStart(2, '0')}`,
      recipe: {
        name: 'muP',
        parametrization: 'mup',
        baseWidth: 8,
        layers: layers[i]!,
        headSize: 4,
        context,
        architecture: { norm: norms[i]!, activation: activations[i]!, position: positions[i]! },
        corpus: { kind: 'spectral', ...corpus },
        batch,
        steps,
        optimizer: { kind, learningRate },
        schedule: isConstant ? { kind: 'constant', warmup: 10 } : { kind: 'wsd', warmup: 10, decay: 0.4 },
        ...(isConstant ? { evaluation: { every: steps / EVALUATIONS } } : {}),
      },
      rungs: rungs[i]!,
      targets: [1.5, 2, 4].map((factor) => factor * largest),
      seeds: seeds[i]!,
    };
  });
}

/** The levels of a factor, each equally often, in an order that no other factor shares. */
function column<T>(factor: string, levels: readonly T[]): T[] {
  const random = randomStream(DESIGN_SEED, factor);
  const values = Array.from({ length: COUNT }, (_, i) => levels[i % levels.length]!);
  for (let i = COUNT - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return values;
}
