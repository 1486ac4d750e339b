/** Experiments that come with the playground. Learning rates and base widths were chosen by measuring: docs/presets.md. */
import { parseExperiment, type Experiment, type ExperimentInput } from './experiment.ts';
import { InputError } from './parse.ts';

export interface Preset {
  id: string;
  title: string;
  /** One sentence: what it shows and how long it takes. */
  about: string;
  /** Its trained results come with the page, in public/recorded: what the view shows before anything was trained. */
  isRecorded?: true;
  experiment: ExperimentInput;
}

const smoke: Preset = {
  id: 'smoke',
  title: 'Small and quick',
  about: 'Five widths of a one-layer model, then width 48 is predicted. A minute or two even without a GPU.',
  experiment: {
    name: 'Small and quick',
    recipes: [
      {
        name: 'muP',
        parametrization: 'mup',
        baseWidth: 8,
        layers: 1,
        headSize: 4,
        context: 32,
        corpus: { kind: 'spectral', vocabulary: 64 },
        batch: 16,
        steps: 200,
        optimizer: { learningRate: 2 ** -3 },
        schedule: { kind: 'wsd', warmup: 10, decay: 0.4 },
      },
    ],
    ladder: { rungs: [8, 12, 16, 24, 32], targets: [48] },
    seeds: [1],
  },
};

const firstLight: Preset = {
  id: 'first-light',
  title: 'Predict the next width',
  about: 'Six widths from 16 to 96, then 128 and 256 are predicted. A minute or two on a laptop GPU.',
  experiment: {
    name: 'Predict the next width',
    recipes: [
      {
        name: 'muP',
        parametrization: 'mup',
        baseWidth: 16,
        layers: 2,
        headSize: 8,
        context: 64,
        corpus: { kind: 'spectral', vocabulary: 256 },
        batch: 16,
        steps: 200,
        optimizer: { learningRate: 2 ** -3 },
        schedule: { kind: 'wsd', warmup: 20, decay: 0.4 },
      },
    ],
    ladder: { rungs: [16, 24, 32, 48, 64, 96], targets: [128, 256] },
    seeds: [1],
  },
};

/** Embeddings below the usual size: on corpora with a past the tokens before have to be heard beside the last one. */
const quietEmbeddings = { query: 'key', embedding: 0.3 } as const;

/** Sentences, as Predict and Transfer learn them. */
const onSentences = {
  headSize: 4,
  context: 32,
  corpus: { kind: 'grammar' },
  optimizer: { learningRate: 2 ** -4 },
  init: quietEmbeddings,
} as const;

const sentences: Preset = {
  id: 'sentences',
  isRecorded: true,
  title: 'Sentences that can be read',
  about:
    'Five widths from 8 to 32 learn a grammar, then 48 and 64 are predicted. What each writes stands under Learnt. A minute on a laptop GPU, some fifteen without.',
  experiment: {
    name: 'Sentences that can be read',
    recipes: [
      {
        name: 'muP',
        parametrization: 'mup',
        ...onSentences,
        baseWidth: 16,
        layers: 2,
        batch: 32,
        steps: 500,
        schedule: { kind: 'wsd', warmup: 20, decay: 0.4 },
      },
    ],
    ladder: { rungs: [8, 12, 16, 24, 32], targets: [48, 64] },
    seeds: [1, 2],
  },
};

const sentencesSmoke: Preset = {
  id: 'sentences-smoke',
  title: 'Sentences, small and quick',
  about:
    'Five widths of a one-layer model learn a grammar, then width 48 is predicted. What each writes stands under Learnt. A few minutes even without a GPU.',
  experiment: {
    name: 'Sentences, small and quick',
    recipes: [
      {
        name: 'muP',
        parametrization: 'mup',
        ...onSentences,
        baseWidth: 16,
        layers: 1,
        batch: 16,
        steps: 300,
        schedule: { kind: 'wsd', warmup: 10, decay: 0.4 },
      },
    ],
    ladder: { rungs: [8, 12, 16, 24, 32], targets: [48] },
    seeds: [1],
  },
};

/** muP and SP beside each other: everything else the same. */
function bothParametrizations(recipe: Omit<ExperimentInput['recipes'][number], 'name' | 'parametrization'>) {
  return [
    { name: 'muP', parametrization: 'mup' as const, ...recipe },
    { name: 'SP', parametrization: 'sp' as const, ...recipe },
  ];
}

/** At the base width both are one model, bit for bit, so the truth is known: they cross at 16. The rate is a little too high. */
const compareSmoke: Preset = {
  id: 'compare-smoke',
  title: 'Small and quick',
  about:
    'μP and SP, which agree at width 16: three seeds at widths 8 to 32, then width 48 is predicted. A minute or two even without a GPU.',
  experiment: {
    name: 'Is μP better than SP?',
    recipes: bothParametrizations({
      baseWidth: 16,
      layers: 1,
      headSize: 4,
      context: 16,
      corpus: { kind: 'spectral', vocabulary: 64 },
      batch: 16,
      steps: 160,
      optimizer: { learningRate: 2 ** -3 },
      schedule: { kind: 'wsd', warmup: 10, decay: 0.4 },
    }),
    ladder: { rungs: [8, 12, 16, 24, 32], targets: [48] },
    study: { kind: 'compare' },
    seeds: [1, 2, 3],
  },
};

/** A question about attention, on a corpus where attention is all there is to learn. */
const qkNorm: Preset = {
  id: 'qk-norm',
  isRecorded: true,
  title: 'QK-norm at a high rate',
  about:
    'With and without, where keys have to be found again: widths 16 to 40, then 48 is predicted. A minute on a laptop GPU, some seven without.',
  experiment: {
    name: 'Does QK-norm help at a high rate?',
    recipes: [
      { name: 'QK-norm', qkNorm: true },
      { name: 'No QK-norm', qkNorm: false },
    ].map(({ name, qkNorm }) => ({
      name,
      parametrization: 'mup' as const,
      baseWidth: 16,
      layers: 2,
      headSize: 8,
      context: 16,
      corpus: { kind: 'recall' as const, keys: 4, values: 4 },
      batch: 32,
      steps: 400,
      schedule: { kind: 'wsd' as const, warmup: 20, decay: 0.4 },
      init: { query: 'key' as const, embedding: 0.1 },
      architecture: { qkNorm },
      optimizer: { learningRate: 2 ** -3 },
    })),
    ladder: { rungs: [16, 24, 32, 40], targets: [48] },
    study: { kind: 'compare' },
    seeds: [1, 2],
  },
};

/** 2^from, …, 2^to. */
const powersOfTwo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));

const transferSentences: Preset = {
  id: 'transfer-sentences',
  isRecorded: true,
  title: 'On sentences',
  about:
    'Seven learning rates at widths 8 to 64 on a grammar, μP beside SP. A minute on a laptop GPU, some ten without.',
  experiment: {
    name: 'Does the learning rate transfer?',
    recipes: bothParametrizations({
      ...onSentences,
      baseWidth: 8,
      layers: 1,
      batch: 16,
      steps: 160,
      schedule: { kind: 'wsd', warmup: 10, decay: 0.4 },
      evaluation: { sequences: 128 },
    }),
    ladder: { rungs: [8, 16, 32, 64] },
    study: { kind: 'transfer', sweep: { parameter: 'optimizer.learningRate', values: powersOfTwo(-7, -1) } },
  },
};

const smallSweep = {
  baseWidth: 8,
  layers: 1,
  headSize: 4,
  context: 16,
  corpus: { kind: 'spectral', vocabulary: 64 },
  batch: 16,
  steps: 80,
  optimizer: { learningRate: 2 ** -3 },
  schedule: { kind: 'wsd', warmup: 10, decay: 0.4 },
  evaluation: { sequences: 128 },
} as const;

const transferSmoke: Preset = {
  id: 'transfer-smoke',
  title: 'Small and quick',
  about: 'Seven learning rates at widths 8 to 64, μP beside SP. A minute or two even without a GPU.',
  experiment: {
    name: 'Does the learning rate transfer?',
    recipes: bothParametrizations(smallSweep),
    ladder: { rungs: [8, 16, 32, 64] },
    study: { kind: 'transfer', sweep: { parameter: 'optimizer.learningRate', values: powersOfTwo(-7, -1) } },
  },
};

const depthSmoke: Preset = {
  id: 'depth-smoke',
  title: 'Over depth, small and quick',
  about: 'Six learning rates at 1 to 8 layers, CompleteP beside no depth rule. A few minutes without a GPU.',
  experiment: {
    name: 'Does the learning rate transfer to deeper models?',
    recipes: [
      { rule: 'completep' as const, name: 'CompleteP' },
      { rule: 'none' as const, name: 'No depth rule' },
    ].map(({ rule, name }) => ({
      name,
      parametrization: 'mup' as const,
      ...smallSweep,
      baseWidth: 16,
      depth: { rule, baseLayers: 1 },
    })),
    ladder: { rungs: [16] },
    study: {
      kind: 'transfer',
      sweep: { parameter: 'optimizer.learningRate', values: powersOfTwo(-7, -2) },
      depths: [1, 2, 4, 8],
    },
  },
};

const transfer: Preset = {
  id: 'transfer',
  title: 'Does the learning rate transfer?',
  about: 'Nine learning rates at widths 16 to 256, two seeds, μP beside SP. Some ten minutes on a laptop GPU.',
  experiment: {
    name: 'Does the learning rate transfer?',
    recipes: bothParametrizations({
      ...smallSweep,
      baseWidth: 16,
      layers: 2,
      headSize: 8,
      context: 64,
      corpus: { kind: 'spectral', vocabulary: 256 },
      steps: 200,
      schedule: { kind: 'wsd', warmup: 20, decay: 0.4 },
      evaluation: { sequences: 256 },
    }),
    ladder: { rungs: [16, 32, 64, 128, 256] },
    study: { kind: 'transfer', sweep: { parameter: 'optimizer.learningRate', values: powersOfTwo(-9, -1) } },
    seeds: [1, 2],
  },
};

/** Few tokens, so that what two of them share by chance, which falls as width^-1/2, does not hide the rule: docs/checks.md. */
const fewTokens = {
  baseWidth: 32,
  layers: 1,
  headSize: 8,
  context: 8,
  corpus: { kind: 'spectral', vocabulary: 32 },
  batch: 2,
  steps: 7,
  optimizer: { learningRate: 2 ** -5 },
  schedule: { kind: 'constant' },
  evaluation: { sequences: 8 },
} as const;

const coordinatesSmoke: Preset = {
  id: 'coordinates-smoke',
  isRecorded: true,
  title: 'Small and quick',
  about:
    'Activations over the first seven steps at widths 32 to 256, four seeds, μP beside SP. Seconds, even without a GPU.',
  experiment: {
    name: 'Do activations keep their size?',
    recipes: bothParametrizations(fewTokens),
    ladder: { rungs: [32, 64, 128, 256] },
    study: { kind: 'coordinates' },
    seeds: [1, 2, 3, 4],
  },
};

const coordinates: Preset = {
  id: 'coordinates',
  title: 'Do activations keep their size?',
  about: 'Two layers over the first ten steps at widths 64 to 1024, four seeds, μP beside SP. Seconds on a GPU.',
  experiment: {
    name: 'Do activations keep their size?',
    recipes: bothParametrizations({ ...fewTokens, baseWidth: 64, layers: 2, headSize: 16, steps: 10 }),
    ladder: { rungs: [64, 128, 256, 512, 1024] },
    study: { kind: 'coordinates' },
    seeds: [1, 2, 3, 4],
  },
};

const basinSmoke: Preset = {
  id: 'basin-smoke',
  isRecorded: true,
  title: 'Small and quick',
  about:
    'Six learning rates by five init scales at widths 8, 16 and 32, μP beside SP. A minute or two even without a GPU.',
  experiment: {
    name: 'Is the basin common?',
    recipes: bothParametrizations({ ...smallSweep, batch: 8 }),
    ladder: { rungs: [8, 16, 32] },
    study: {
      kind: 'basin',
      sweeps: [
        { parameter: 'optimizer.learningRate', values: powersOfTwo(-6, -1) },
        { parameter: 'init.hidden', values: powersOfTwo(-2, 2) },
      ],
    },
  },
};

const basin: Preset = {
  id: 'basin',
  title: 'Is the basin common?',
  about:
    'Eight learning rates by seven output multipliers at widths 16 to 128, μP beside SP. A few minutes on a laptop GPU.',
  experiment: {
    name: 'Is the basin common?',
    recipes: bothParametrizations({
      ...smallSweep,
      baseWidth: 16,
      headSize: 8,
      context: 32,
      corpus: { kind: 'spectral', vocabulary: 128 },
      steps: 150,
    }),
    ladder: { rungs: [16, 32, 64, 128] },
    study: {
      kind: 'basin',
      sweeps: [
        { parameter: 'optimizer.learningRate', values: powersOfTwo(-8, -1) },
        { parameter: 'multipliers.unembedding', values: powersOfTwo(-3, 3) },
      ],
    },
  },
};

/** Those of a kind of study stand together, the largest first. */
export const presets: readonly Preset[] = [
  ...[sentences, firstLight, sentencesSmoke, smoke],
  ...[qkNorm, compareSmoke],
  ...[transferSentences, transfer, transferSmoke, depthSmoke],
  ...[coordinates, coordinatesSmoke],
  ...[basin, basinSmoke],
];

/** Names of those whose trained results come with the page. */
export const RECORDED: readonly string[] = presets.filter(({ isRecorded }) => isRecorded).map(({ id }) => id);

/** @throws InputError listing the presets when there is none of that name. */
export function presetExperiment(id: string): Experiment {
  const preset = presets.find((candidate) => candidate.id === id);
  if (!preset) {
    const known = presets.map((candidate) => candidate.id).join(', ');
    throw new InputError('preset', `preset: there is no preset "${id}"; known presets are ${known}.`);
  }
  return parseExperiment(preset.experiment);
}
