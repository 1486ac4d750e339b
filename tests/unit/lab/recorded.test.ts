/** The recorded experiments that the page shows before anything was trained. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checksOf } from '../../../src/checks/checks.ts';
import { presetExperiment, RECORDED } from '../../../src/model/presets.ts';
import { parseResult } from '../../../src/model/result.ts';
import { runsAt } from '../../../src/model/run.ts';
import { buildCorpus } from '../../../src/data/corpus.ts';
import { checkSeals } from '../../../src/experiment/seal.ts';
import { parametrize } from '../../../src/model/parametrization.ts';
import { readSafetensors } from '../../../src/model/safetensors.ts';
import { modelShape } from '../../../src/model/shape.ts';
import { readerOf } from '../../../src/reference/reader.ts';
import { isRecordedModel } from '../../../src/ui/learnt/recorded-models.ts';
import { recordedPreset } from '../../../src/ui/state/presets-of.ts';
import { resultFrom } from '../../../src/ui/state/result-export.ts';
import { resultsOf } from '../../../src/ui/state/results-data.ts';
import { asking } from '../experiment/fakes.ts';

const recorded = (name = 'sentences') =>
  parseResult(JSON.parse(readFileSync(new URL(`../../../public/recorded/${name}.json`, import.meta.url), 'utf8')));

test.each(['sentences', 'qk-norm'])(
  'the seals of %s are those of its points, and its verdicts those of its runs',
  (name) => {
    const result = recorded(name);
    checkSeals(result);
    const meanAt = (recipe: string, at: number) => {
      const losses = result.runs
        .filter((run) => run.recipe === recipe && run.width === at)
        .map(({ finalEvalLoss }) => finalEvalLoss!);
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    };
    expect(result.sealed).toHaveLength(2);
    for (const { recipe, points, width, actual, lo, hi, verdict } of result.sealed) {
      for (const { x, loss } of points!) expect(loss).toBe(meanAt(recipe, x));
      expect(actual).toBe(meanAt(recipe, width));
      expect(verdict).toBe(actual! < lo ? 'below' : actual! > hi ? 'above' : 'inside');
    }
  },
);

test.each(RECORDED)('%s is its preset, run to its end', (name) => {
  const { experiment, runs } = recorded(name);
  expect(experiment).toEqual(presetExperiment(name));
  const { rungs, targets } = experiment.ladder;
  const planned = [...rungs, ...targets].flatMap((width) => runsAt(experiment, width));
  expect(runs.map(({ id }) => id).sort()).toEqual(planned.map(({ id }) => id).sort());
  expect(runs.every(({ status }) => status === 'done')).toBe(true);
});

test.each(['transfer-sentences', 'coordinates-smoke', 'basin-smoke'])('what %s says is what its runs say', (name) => {
  const { experiment, runs, transfer = [], coordinates = [], basin = [] } = recorded(name);
  // Browsers and Node take logarithms that differ in their last digits.
  const rounded = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (_, one) => (typeof one === 'number' ? Number(one.toPrecision(9)) : one)));
  expect(rounded({ transfer, coordinates, basin })).toEqual(rounded(checksOf(experiment, runs)));
  expect([...transfer, ...coordinates, ...basin]).toHaveLength(2);
});

test('what qk-norm says of its two recipes is what its runs say', async () => {
  const result = recorded('qk-norm');
  const { comparisons } = await resultFrom(resultsOf(result), asking({}));
  const [[before], [again]] = [result.comparisons!, comparisons!];
  expect([again.verdict, again.sentence]).toEqual([before.verdict, before.sentence]);
  expect(before.verdict).toBe('a');
  expect(again.at[0].difference).toBeCloseTo(before.at[0].difference, 9);
  // The winner was named before its model was trained, and the measured difference lies in the interval.
  const mean = (recipe: string) => {
    const losses = result.runs
      .filter((run) => run.recipe === recipe && run.width === 48)
      .map((run) => run.finalEvalLoss!);
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  };
  const measured = mean('QK-norm') - mean('No QK-norm');
  expect(measured).toBeGreaterThan(before.at[0].intervals[80][0]);
  expect(measured).toBeLessThan(before.at[0].intervals[80][1]);
});

test('are those that `npm run record` makes', () => {
  const files = readdirSync(new URL('../../../public/recorded/', import.meta.url));
  const folder = recordedPreset('prediction')!;
  expect(files.sort()).toEqual([...['calibration', ...RECORDED].map((name) => `${name}.json`), folder].sort());
});

test('the parameters that come with the page are those of the recorded runs: they cost the evaluation window what was recorded', async () => {
  const name = recordedPreset('prediction')!;
  const { experiment, runs } = recorded(name);
  const [recipe] = experiment.recipes;
  const models = runs.filter(isRecordedModel);
  expect(models.map(({ width }) => width)).toEqual([8, 16, 32, 64]);
  const { context, batch, steps, evaluation } = recipe;
  const corpus = buildCorpus(recipe.corpus, { context, batch, steps, evaluationSequences: evaluation.sequences }, {});
  const sizes = await Promise.all(
    models.map(async ({ id, width, finalEvalLoss }) => {
      const bytes = readFileSync(new URL(`../../../public/recorded/${name}/${id}.safetensors`, import.meta.url));
      const parameters = new Map(
        [...readSafetensors(bytes)].map(([tensor, { data }]) => [tensor, data as Float32Array]),
      );
      const shape = modelShape(recipe, width, corpus.vocabulary);
      const reader = readerOf({ shape, table: parametrize(recipe, shape), parameters });
      const losses = await reader.losses(corpus.evaluation);
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      expect(Math.abs(mean - finalEvalLoss!)).toBeLessThan(2e-5);
      return bytes.length;
    }),
  );
  expect(sizes.reduce((sum, bytes) => sum + bytes)).toBeLessThan(800_000);
});

test.each(RECORDED)('%s holds every default, for the page takes it as it is', (name) => {
  const text = readFileSync(new URL(`../../../public/recorded/${name}.json`, import.meta.url), 'utf8');
  expect(JSON.parse(text)).toEqual(recorded(name));
  checkSeals(recorded(name));
});

const slopesOf = (modules: { slopes: (number | null)[] }[], from: number) =>
  modules.flatMap(({ slopes }) => slopes.slice(from)).filter((slope) => slope !== null);

test('coordinates-smoke: muP is flat within 0.1 after step 3; SP grows in attention, mlp and logits', () => {
  const [mup, sp] = recorded('coordinates-smoke').coordinates!.map((check) => ({
    ...check,
    modules: check.modules.filter(({ level }) => level === 'module'),
  }));
  expect(mup.verdict).toBe('holds');
  const flat = slopesOf(mup.modules, 3);
  expect(flat).toHaveLength(5 * 4);
  expect(Math.max(...flat.map(Math.abs))).toBeLessThan(0.1);
  expect(sp.verdict).toBe('broken');
  for (const name of ['layers.0.attn', 'layers.0.mlp', 'logits']) {
    const module = sp.modules.find((one) => one.name === name)!;
    expect(module.verdict, name).toBe('grows');
    expect(Math.min(...slopesOf([module], 3)), name).toBeGreaterThan(0.2);
  }
});

test('transfer-sentences: the best learning rate falls under SP and stays under muP, which ends lower at the largest width', () => {
  const { transfer, runs } = recorded('transfer-sentences');
  const [mup, sp] = transfer!;
  const best = (check: typeof mup) => check.curves.map(({ minimum }) => minimum!.grid);
  const step = 2;
  expect(Math.max(...best(mup)) / Math.min(...best(mup))).toBeLessThanOrEqual(step);
  expect(mup.verdict).toBe('transfers');
  expect(best(sp)[0] / best(sp).at(-1)!).toBeGreaterThanOrEqual(2);
  expect(sp.verdict).toBe('falls');
  const tuned = best(mup)[0];
  const lossAt = (recipe: string) =>
    runs.find((one) => one.recipe === recipe && one.width === 64 && one.overrides['optimizer.learningRate'] === tuned)!;
  expect(lossAt('muP').finalEvalLoss!).toBeLessThan(lossAt('SP').finalEvalLoss! - 0.1);
  expect(mup.wider).toMatchObject({ worse: 0 });
});
