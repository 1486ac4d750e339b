/**
 * Every recipe option under the rules that docs/parametrization.md gives it: the coordinate check muP beside SP, and for each
 * optimizer the learning rate that is best at each width. Prints the tables of that page.
 *
 *   npx tsx lab/bench/options-under-mup.ts [coordinates|transfer [BEGINNING-OF-A-NAME]]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModuleCheck } from '../../src/model/check-results.ts';
import type { ExperimentInput } from '../../src/model/experiment.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import { parseResult, type ExperimentResult } from '../../src/model/result.ts';

type RecipeInput = Partial<ExperimentInput['recipes'][number]>;

const OPTIONS: Record<string, RecipeInput> = {
  'AdamW, all defaults': {},
  'SGD with momentum, 2^-1': { optimizer: { kind: 'sgd', learningRate: 2 ** -1 } },
  'Lion, 2^-6': { optimizer: { kind: 'lion', learningRate: 2 ** -6 } },
  'Muon, 2^-5': { optimizer: { kind: 'muon', learningRate: 2 ** -5 } },
  RMSNorm: { architecture: { norm: 'rmsnorm' } },
  'ReLU²': { architecture: { activation: 'relu2' } },
  SwiGLU: { architecture: { activation: 'swiglu' } },
  RoPE: { architecture: { position: 'rope' } },
  'no positions': { architecture: { position: 'none' } },
  'QK-norm': { architecture: { qkNorm: true }, init: { query: 'key' } },
  'tied embeddings': { architecture: { tied: true } },
  'float16 products': { architecture: { precision: 'float16' } },
  'random unembedding and query': { init: { query: 'key', unembedding: 1 } },
  'growth by head size': { growth: 'head-size' },
  '3 layers': { layers: 3 },
  'CompleteP, 3 layers': { layers: 3, depth: { rule: 'completep', baseLayers: 2 } },
  'AdamW, 128 tokens of 64 kinds': { context: 16, batch: 8, corpus: { kind: 'spectral', vocabulary: 64 } },
};

/** Rates as powers of two, wide enough to hold the best one at every width. */
const RATES: Record<string, { kind: 'sgd' | 'lion' | 'muon'; from: number; to: number }> = {
  'SGD with momentum': { kind: 'sgd', from: -5, to: 3 },
  Lion: { kind: 'lion', from: -10, to: -3 },
  Muon: { kind: 'muon', from: -8, to: -1 },
};

const FAMILIES = [/\.attn$/, /\.mlp$/, /^logits$/];

const folder = mkdtempSync(join(tmpdir(), 'mup-options-'));
try {
  const [wanted, start = ''] = process.argv.slice(2);
  if (wanted !== 'transfer') coordinates(start);
  if (wanted !== 'coordinates') transfer(start);
} finally {
  rmSync(folder, { recursive: true });
}

function coordinates(start: string): void {
  console.log('| option | attention | mlp | logits | muP | attention | mlp | logits under SP |');
  for (const [name, changes] of Object.entries(OPTIONS)) {
    if (!name.startsWith(start)) continue;
    const { recipes, ...rest } = presetExperiment('coordinates-smoke');
    const changed = recipes.map((recipe) => ({ ...recipe, ...changes }));
    const { coordinates: checks = [] } = run({ ...rest, ladder: { rungs: [32, 64, 128] }, recipes: changed });
    const [mup, sp] = checks.map(({ modules }) => FAMILIES.map((is) => largest(modules, is)));
    console.log(`| ${[name, ...mup, checks[0].verdict, ...sp].join(' | ')} |`);
  }
}

function transfer(start: string): void {
  for (const [name, { kind, from, to }] of Object.entries(RATES)) {
    if (!name.startsWith(start)) continue;
    const { recipes, ...rest } = presetExperiment('transfer-smoke');
    const values = Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));
    const changed = recipes.map((recipe) => ({ ...recipe, optimizer: { kind, learningRate: values[0] } }));
    const sweep = { parameter: 'optimizer.learningRate' as const, values };
    const study = { kind: 'transfer' as const, sweep };
    const { transfer: checks = [] } = run({ ...rest, ladder: { rungs: [8, 16, 32] }, recipes: changed, study });
    for (const { recipe, curves, sentence } of checks) {
      const best = curves.map(
        ({ at, minimum }) => `${at}: 2^${Math.log2(minimum!.grid)} (${minimum!.loss.toFixed(4)})`,
      );
      console.log(`${name}, ${recipe}: ${best.join(', ')}. ${sentence}`);
    }
  }
}

function run(experiment: unknown): ExperimentResult {
  const [input, output] = ['experiment.json', 'result.json'].map((file) => join(folder, file));
  writeFileSync(input, JSON.stringify(experiment));
  execFileSync('npm', ['run', '-s', 'experiment', '--', input, '--quiet', '--out', output]);
  return parseResult(JSON.parse(readFileSync(output, 'utf8')));
}

/** Of the modules of a family, the mean slope from step 3 on that is largest in size. */
function largest(modules: readonly ModuleCheck[], is: RegExp): string {
  const slopes = modules
    .filter(({ name }) => is.test(name))
    .map((module) => {
      const late = module.slopes.slice(3).filter((slope) => slope !== null);
      return late.reduce((sum, slope) => sum + slope, 0) / late.length;
    });
  const worst = slopes.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return `${worst < 0 ? '−' : '+'}${Math.abs(worst).toFixed(2)}`;
}
