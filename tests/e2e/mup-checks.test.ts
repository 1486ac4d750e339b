/** What the small presets of the checks promise, kept whole, on WebGPU through the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { presetExperiment } from '../../src/model/presets.ts';
import { parseResult, type ExperimentResult } from '../../src/model/result.ts';
import { runCommand } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'mup-checks-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
async function run(source: string | object): Promise<ExperimentResult> {
  const [input, out] = ['experiment', 'result'].map((name) => join(folder, `${name}-${count}.json`));
  count++;
  if (typeof source !== 'string') writeFileSync(input, JSON.stringify(source));
  const given = typeof source === 'string' ? source : input;
  const { code, err } = await runCommand('experiment', [given, '--out', out, '--quiet']);
  expect(err).toBe('');
  expect(code).toBe(0);
  return parseResult(JSON.parse(readFileSync(out, 'utf8')));
}

const slopesOf = (modules: { slopes: (number | null)[] }[], from: number) =>
  modules.flatMap(({ slopes }) => slopes.slice(from)).filter((slope) => slope !== null);

test('coordinates-smoke: muP is flat within 0.1 after step 3; SP grows in attention, mlp and logits', async () => {
  const { coordinates } = await run('coordinates-smoke');
  const [mup, sp] = coordinates!.map((check) => ({
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

test('a learning-rate rule broken on purpose is caught and named', async () => {
  const preset = presetExperiment('coordinates-smoke');
  const [mup] = preset.recipes;
  const recipes = (['up', 'value'] as const).map((tensor) => ({
    ...mup,
    name: `${tensor} broken`,
    rules: [{ tensor, multiplier: 'learningRate' as const, exponent: 0 }],
  }));
  const { coordinates } = await run({ ...preset, recipes, ladder: { rungs: [32, 64, 128], targets: [] } });
  for (const [i, { tensor }] of recipes.flatMap(({ rules }) => rules).entries()) {
    expect(coordinates![i].verdict).toBe('broken');
    expect(coordinates![i].culprit).toMatchObject({ role: tensor });
    expect(coordinates![i].sentence).toContain(tensor);
  }
});

test('transfer-smoke: the best learning rate falls under SP and stays under muP, which ends lower at the largest width', async () => {
  const { transfer, runs } = await run('transfer-smoke');
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

test('depth: the best learning rate falls with the layers under no rule and stays under CompleteP, which ends lower', async () => {
  const preset = presetExperiment('depth-smoke');
  const sweep = { parameter: 'optimizer.learningRate', values: [-6, -5, -4, -3, -2].map((power) => 2 ** power) };
  const { transfer } = await run({ ...preset, study: { kind: 'transfer', sweep, depths: [1, 6] } });
  const [completep, none] = transfer!.map(({ curves }) => curves.map(({ minimum }) => minimum!));
  expect(Math.abs(Math.log2(completep[1].grid / completep[0].grid))).toBeLessThanOrEqual(1);
  expect(Math.log2(none[1].value / none[0].value)).toBeLessThan(-0.8);
  expect(completep[1].loss).toBeLessThan(none[1].loss - 0.05);
});

test('a run whose learning rate is far too high is flagged with the step, beside others that finish', async () => {
  const preset = presetExperiment('transfer-smoke');
  const sweep = { parameter: 'optimizer.learningRate', values: [2 ** -4, 2 ** -3, 10] };
  const recipes = preset.recipes.map((recipe) => ({ ...recipe, steps: 60 }));
  const { runs, transfer } = await run({
    ...{ ...preset, recipes, ladder: { rungs: [8, 16], targets: [] } },
    study: { kind: 'transfer', sweep },
  });
  const wild = runs.filter(({ overrides }) => overrides['optimizer.learningRate'] === 10);
  expect(wild).toHaveLength(4);
  for (const { status, divergedAt, id } of wild) {
    expect(status, id).toBe('diverged');
    // It leaves early: at once or within the warm-up, in which the rate rises to 10.
    expect(divergedAt, id).toBeGreaterThan(0);
    expect(divergedAt, id).toBeLessThan(30);
  }
  expect(runs.filter((one) => !wild.includes(one)).every(({ status }) => status === 'done')).toBe(true);
  for (const { curves } of transfer!) {
    for (const { points } of curves) expect(points.at(-1)).toMatchObject({ value: 10, diverged: 1, loss: null });
  }
});
