/** The dump of runs whose recipe is not the plain one: swept, probed, with other options. */
import { expect, test } from 'vitest';
import type { ExperimentInput } from '../../../src/model/experiment.ts';
import { parametrize } from '../../../src/model/parametrization.ts';
import type { Optimizer, Recipe } from '../../../src/model/recipe.ts';
import { readSafetensors } from '../../../src/model/safetensors.ts';
import { modelShape, tensorsOf } from '../../../src/model/shape.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import { DumpWriter } from '../../../src/experiment/dump-writer.ts';
import { assertBatchesFit, dumpManifest, type DumpManifest } from '../../../src/experiment/dump.ts';
import { localServices } from '../../../src/experiment/local-services.ts';
import { CohortRecorder } from '../../../src/experiment/recorder.ts';
import { runOf } from '../../../src/model/run.ts';
import { experimentWith, quickAsk } from './fakes.ts';

const plain = experimentWith().recipes[0];

/** Files by name, after training on the reference. */
async function dumpOf(change: Partial<ExperimentInput>) {
  const experiment = experimentWith({ ladder: { rungs: [8, 16] }, ...change });
  const files = new Map<string, Uint8Array>();
  const writer = new DumpWriter(experiment, async (names, bytes) => names.forEach((name) => files.set(name, bytes)));
  const { trainer } = localServices();
  const options = { experiment, texts: {}, keepParameters: true };
  await new Conductor(trainer, quickAsk, options, (event) => writer.hear(event)).run();
  await writer.finish(trainer);
  const manifest = JSON.parse(new TextDecoder().decode(files.get('manifest.json'))) as DumpManifest;
  return { files, manifest };
}

const manifestOf = (recipe: Recipe, width: number) => {
  const run = runOf(recipe, width, 1);
  const [result] = new CohortRecorder([run], { vocabulary: 16, textHash: null }).results(null);
  return dumpManifest([{ result, recipe, vocabulary: 16 }]).runs[0];
};

test('a dump of more batches than one file may hold is refused before training', () => {
  expect(() => assertBatchesFit([{ ...plain, steps: 2 ** 17, batch: 32, context: 32 }])).not.toThrow();
  expect(() => assertBatchesFit([plain, { ...plain, name: 'long', steps: 1_000_000, batch: 32, context: 32 }])).toThrow(
    '--dump: the batches of 1000000 steps of 32 sequences of 32 tokens (long) are more than the 134217728 tokens that are written; leave out --dump, or use at most 131072 steps.',
  );
});

test('every run of a depth sweep has its files, with the numbers and tensors of its own depth and rate', async () => {
  const sweep = { parameter: 'optimizer.learningRate' as const, values: [0.01, 0.02, 0.04] };
  const study = { kind: 'transfer' as const, sweep, depths: [1, 2] };
  const { files, manifest } = await dumpOf({ ladder: { rungs: [8] }, study });
  expect(files.size).toBe(3 * 6 + 1);
  const run = manifest.runs.find(({ id }) => id === 'mup-w8-l2-lr0.04-s1')!;
  expect(run.layers).toBe(2);
  expect(Math.max(...run.learningRates)).toBeCloseTo(0.04, 12);
  const { tensors } = parametrize({ ...plain, layers: 2 }, modelShape({ ...plain, layers: 2 }, 8, 16));
  expect(run.tensors.map(({ name, shape }) => ({ name, shape }))).toEqual(
    tensors.map(({ name, shape }) => ({ name, shape })),
  );
  const initial = readSafetensors(files.get(`${run.id}.init.safetensors`)!);
  expect([...initial.keys()]).toEqual(tensors.map(({ name }) => name));
});

test('the batches of a probed run are its first one, again and again', async () => {
  const { files } = await dumpOf({ study: { kind: 'coordinates' } });
  const probed = readSafetensors(files.get('mup-w8-s1.batches.safetensors')!).get('tokens')!;
  const { files: others } = await dumpOf({});
  const trained = readSafetensors(others.get('mup-w8-s1.batches.safetensors')!).get('tokens')!;
  expect(probed.shape).toEqual([4, 2, 9]);
  const first = [...trained.data.subarray(0, 18)];
  expect([...probed.data]).toEqual([...first, ...first, ...first, ...first]);
  expect([...trained.data.subarray(18, 36)]).not.toEqual(first);
});

test('where seeds draw their batches, every width and seed has a file of its own, which recipes share', async () => {
  const recipes = [
    { ...plain, seedDraws: 'batches-too' as const },
    { ...plain, name: 'SP', parametrization: 'sp' as const, seedDraws: 'batches-too' as const },
  ];
  const { files } = await dumpOf({ recipes, seeds: [1, 2] });
  const batchesOf = (id: string) =>
    String(readSafetensors(files.get(`${id}.batches.safetensors`)!).get('tokens')!.data);
  const mup = ['mup-w8-s1', 'mup-w8-s2', 'mup-w16-s1', 'mup-w16-s2'];
  expect(new Set(mup.map(batchesOf)).size).toBe(4);
  for (const id of mup) expect(batchesOf(id.replace('mup', 'sp'))).toBe(batchesOf(id));
});

test('options, sizes and tensors are those of the recipe', () => {
  const blocks = { norm: 'rmsnorm', activation: 'swiglu', position: 'rope', qkNorm: true, tied: true } as const;
  const architecture = { ...blocks, precision: 'float16' } as const;
  const recipe: Recipe = { ...plain, architecture, growth: 'head-size', init: { ...plain.init, query: 'key' } };
  const run = manifestOf(recipe, 16);
  expect(run.options).toEqual(architecture);
  expect(run).toMatchObject({ width: 16, heads: 2, headSize: 8, hidden: 44, vocabulary: 16 });
  expect(run.tensors.map(({ name }) => name)).toEqual(tensorsOf(modelShape(recipe, 16, 16)).map(({ name }) => name));
});

test('each optimizer is told by its own numbers, and ε stands only where AdamW updates', () => {
  const every = { learningRate: 0.01, weightDecay: 0.1, clip: 1 };
  const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6 };
  const optimizers: [Optimizer, object][] = [
    [
      { kind: 'adamw', ...every, ...adam },
      { kind: 'adamw', clip: 1, beta1: 0.9, beta2: 0.95 },
    ],
    [
      { kind: 'sgd', ...every, momentum: 0.8 },
      { kind: 'sgd', clip: 1, momentum: 0.8 },
    ],
    [
      { kind: 'lion', ...every, beta1: 0.9, beta2: 0.99 },
      { kind: 'lion', clip: 1, beta1: 0.9, beta2: 0.99 },
    ],
    [
      { kind: 'muon', ...every, ...adam, momentum: 0.95, adamMultiplier: 0.5 },
      { kind: 'muon', clip: 1, momentum: 0.95, beta1: 0.9, beta2: 0.95 },
    ],
  ];
  for (const [optimizer, told] of optimizers) {
    const run = manifestOf({ ...plain, optimizer }, 16);
    expect(run.optimizer).toEqual(told);
    const { tensors } = parametrize({ ...plain, optimizer }, modelShape(plain, 16, 16));
    expect(run.tensors).toMatchObject(
      tensors.map(({ update, learningRateMultiplier, weightDecayMultiplier, epsilonMultiplier }) => ({
        ...{ update, learningRateMultiplier },
        weightDecay: 0.1 * weightDecayMultiplier,
        epsilon: update === 'adamw' ? 1e-6 * epsilonMultiplier : null,
      })),
    );
  }
});
