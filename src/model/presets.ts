/** Experiments that come with the playground. Learning rates and base widths were chosen by measuring: docs/presets.md. */
import { parseExperiment, type Experiment, type ExperimentInput } from './experiment.ts';
import { InputError } from './parse.ts';

export interface Preset {
  id: string;
  title: string;
  /** One sentence: what it shows and how long it takes. */
  about: string;
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

export const presets: readonly Preset[] = [firstLight, smoke];

/** @throws InputError listing the presets when there is none of that name. */
export function presetExperiment(id: string): Experiment {
  const preset = presets.find((candidate) => candidate.id === id);
  if (!preset) {
    const known = presets.map((candidate) => candidate.id).join(', ');
    throw new InputError('preset', `preset: there is no preset "${id}"; known presets are ${known}.`);
  }
  return parseExperiment(preset.experiment);
}
