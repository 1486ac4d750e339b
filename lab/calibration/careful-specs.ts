/**
 * Ladders as the playground advises them: the presets' learning rate, three seeds at every width, one layer. Only the corpus
 * varies, each setting fixed before any ladder was trained. They show what an error is once the noise of single runs
 * is out of it; the randomised design shows what to expect of any recipe.
 */
import type { LadderSpec } from './ladder-specs.ts';

const COUNT = 16;
const RUNGS = [8, 12, 16, 24, 32];
const VOCABULARIES = [64, 128];
const ALPHAS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.6, 0.7];
const SCALES = [2, 1.5, 2, 3];

export function carefulSpecs(): LadderSpec[] {
  return Array.from({ length: COUNT }, (_, i) => ({
    name: `careful-${String(i + 1).padStart(2, '0')}`,
    recipe: {
      name: 'muP',
      parametrization: 'mup',
      baseWidth: 8,
      layers: 1,
      headSize: 4,
      context: 16,
      corpus: {
        kind: 'spectral',
        vocabulary: VOCABULARIES[i % VOCABULARIES.length]!,
        alpha: ALPHAS[i % ALPHAS.length]!,
        scale: SCALES[Math.floor(i / 2) % SCALES.length]!,
        seed: 101 + i,
      },
      batch: 16,
      steps: 200,
      optimizer: { kind: 'adamw', learningRate: 2 ** -3 },
      schedule: { kind: 'wsd', warmup: 10, decay: 0.4 },
    },
    rungs: RUNGS,
    targets: [48, 64, 128],
    seeds: [1, 2, 3],
  }));
}
