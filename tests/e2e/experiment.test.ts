/** The command line end to end: what it refuses, what it trains, what it writes, and that it finds two equal recipes equal. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../../cli/browser.ts';
import type { ExperimentInput } from '../../src/model/experiment.ts';
import { parseResult } from '../../src/model/result.ts';
import { readSafetensors } from '../../src/model/safetensors.ts';
import { countParameters } from '../../src/model/shape.ts';
import type { DumpManifest } from '../../src/experiment/dump.ts';
import { plainPoints, rungPoints } from '../../src/analysis/rung-points.ts';
import { checkSeals, hashInputs, hashOf } from '../../src/experiment/seal.ts';
import { runCommand } from './command.ts';
import { replay } from './replay.ts';

const folder = mkdtempSync(join(tmpdir(), 'mup-experiment-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const recipe: ExperimentInput['recipes'][number] = {
  name: 'muP',
  parametrization: 'mup',
  baseWidth: 4,
  layers: 1,
  headSize: 4,
  context: 8,
  corpus: { kind: 'spectral', vocabulary: 16 },
  batch: 4,
  steps: 20,
  optimizer: { learningRate: 2 ** -5, weightDecay: 0.1, clip: 0.5 },
  schedule: { kind: 'wsd', warmup: 4, decay: 0.4 },
  init: { query: 'key', unembedding: 1 },
  evaluation: { every: 10, sequences: 32 },
};
const tiny: ExperimentInput = { recipes: [recipe], ladder: { rungs: [4, 8, 12], targets: [20] }, seeds: [1, 2] };
const twins: ExperimentInput = { ...tiny, recipes: [recipe, { ...recipe, name: 'Twin' }], study: { kind: 'compare' } };

function experimentFile(name: string, experiment: unknown): string {
  writeFileSync(at(name), JSON.stringify(experiment));
  return at(name);
}

const withRecipe = (change: object) => ({ ...tiny, recipes: [{ ...recipe, ...change }] });

test('bad input ends the process in one sentence on stderr', async () => {
  const nowhere = await runCommand('experiment', ['smoke', '--browser', at('none')]);
  expect(nowhere).toMatchObject({ code: 2, out: '' });
  expect(nowhere.err).toMatch(/^--browser: no browser at .*\n$/);
});

const reference = runCommand('experiment', [
  experimentFile('reference.json', twins),
  ...['--engine', 'reference', '--out', at('reference-result.json'), '--dump', at('reference-dump')],
]);
const resultAt = (name: string) => parseResult(JSON.parse(readFileSync(at(name), 'utf8')));
const manifestAt = (name: string) => JSON.parse(readFileSync(at(`${name}/manifest.json`), 'utf8')) as DumpManifest;
const tensorsAt = (path: string) => readSafetensors(readFileSync(at(path)));

describe('an experiment on the reference', () => {
  test('ends well, prints its table, its fit and its verdict', async () => {
    const { code, out, err } = await reference;
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/muP +4 +\d+ +\d\.\d{4} +\d\.\d{4} +\d\.\d{4} +\d+ +\d+\.\d +2 done/);
    expect(out).toMatch(/muP: loss = c \+ a·width\^-b/);
    expect(out).toMatch(/muP +20 +\d\.\d{4} +80 %: \d\.\d{4} to \d\.\d{4} +\d\.\d{4} +(inside|above|below) +[+-]/);
  });

  test('writes a valid result: all runs, every step, evaluations on the way', async () => {
    await reference;
    const { runs, experiment, adapter } = resultAt('reference-result.json');
    expect(adapter.software).toBe(true);
    expect(experiment.recipes[0].steps).toBe(20);
    for (const { name } of twins.recipes) {
      const own = runs.filter((run) => run.recipe === name);
      expect(own.map(({ width, seed, status }) => [width, seed, status])).toEqual(
        [4, 8, 12, 20].flatMap((width) => [1, 2].map((seed) => [width, seed, 'done'])),
      );
    }
    expect(runs).toHaveLength(16);
    for (const run of runs) {
      expect(run.steps).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      expect(run.trainLoss).toHaveLength(20);
      expect(run.evalSteps).toEqual([10, 20]);
      expect(run.evalLoss[1]).toBe(run.finalEvalLoss);
      expect(run.tokens).toBe(20 * 4 * 8);
    }
  });

  test('its seals can be checked from the result alone', async () => {
    await reference;
    const { runs, sealed, experiment } = resultAt('reference-result.json');
    const hashes = experiment.recipes.map((sealedRecipe, i) => {
      const own = runs.filter((run) => run.recipe === sealedRecipe.name);
      const points = plainPoints(rungPoints(own, experiment.ladder.rungs));
      expect(sealed[i].curveHash).toBe(hashOf(sealed[i].curve));
      return hashInputs({ recipe: sealedRecipe, points, curveHash: sealed[i].curveHash, level: 0.8, width: 20 });
    });
    expect(sealed.map((one) => one.inputsHash)).toEqual(hashes);
  });

  test('the dump is complete: a replay from it alone gives every loss and the final parameters', async () => {
    await reference;
    const { runs: results } = resultAt('reference-result.json');
    const { runs, schema } = manifestAt('reference-dump');
    expect(schema).toBe('mup-playground/dump@1');
    expect(runs.map((run) => run.id)).toEqual(results.map((run) => run.id));
    expect(readdirSync(at('reference-dump'))).toHaveLength(3 * runs.length + 1);
    const run = runs.find(({ id }) => id === 'mup-w8-s2')!;
    const result = results.find(({ id }) => id === run.id)!;
    const initial = tensorsAt(`reference-dump/${run.id}.init.safetensors`);
    expect([...initial].map(([name, { shape }]) => ({ name, shape }))).toEqual(
      run.tensors.map(({ name, shape }) => ({ name, shape })),
    );
    const held = [...initial.values()].reduce((sum, { data }) => sum + data.length, 0);
    expect(held).toBe(countParameters({ ...run, architecture: run.options }).total);
    const tokens = tensorsAt(`reference-dump/${run.id}.batches.safetensors`).get('tokens')!;
    expect(tokens.shape).toEqual([20, 4, 9]);

    const { losses, parameters } = replay(run, initial, tokens);
    losses.forEach((loss, step) => expect(loss).toBeCloseTo(result.trainLoss[step]!, 6));
    for (const [name, { data }] of tensorsAt(`reference-dump/${run.id}.final.safetensors`)) {
      const replayed = parameters.get(name)!;
      data.forEach((value, i) => expect(Math.abs(value - replayed[i])).toBeLessThan(1e-6));
    }
  });

  // A terminal sends the signal to every process of the command, and npm passes it on once more.
  test('one ctrl-C that arrives twice keeps what is finished and what was reported', async () => {
    // The first is soon over, the second is not.
    const ladder = { rungs: [4, 32] };
    const long = experimentFile('long.json', { ...withRecipe({ steps: 100, batch: 64 }), ladder, seeds: [1] });
    const args = [long, '--engine', 'reference', '--out', at('partial.json')];
    let isInterrupted = false;
    const { code, err } = await runCommand('experiment', args, (out, pid) => {
      if (isInterrupted || !out.includes('mup-w4-s1: loss')) return;
      isInterrupted = true;
      process.kill(pid, 'SIGINT');
      setTimeout(() => process.kill(pid, 'SIGINT'), 5);
    });
    expect(code).toBe(130);
    expect(err).toMatch(/Interrupted: 1 of 2 started runs were finished.*Written to/);
    const { runs, unfinished } = resultAt('partial.json');
    expect(unfinished).toBe(true);
    expect(runs.map((run) => run.status)).toEqual(['done', 'cancelled']);
    expect(runs[1].trainLoss.length).toBeLessThan(100);
  });
});

describe('the same experiment on WebGPU, in a driven browser', () => {
  const gpu = reference.then(() =>
    runCommand('experiment', [
      at('reference.json'),
      ...['--out', at('gpu-result.json'), '--dump', at('gpu-dump'), '--engine', 'gpu'],
    ]),
  );

  test('ends well and says what it trained on', async () => {
    const { code, out, err } = await gpu;
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^Training on: .+\.$/m);
    expect(resultAt('gpu-result.json').adapter.description).not.toMatch(/float64/);
  });

  test('of two equal recipes it says that they are the same, number for number', async () => {
    const { out } = await gpu;
    const result = resultAt('gpu-result.json');
    const [{ verdict, measured }] = result.comparisons!;
    expect(verdict).toBe('no difference');
    expect(measured.map(({ difference }) => difference)).toEqual([0, 0, 0]);
    checkSeals(result);
    expect(result.sealed.map(({ recipe }) => recipe)).toEqual(['muP', 'Twin']);
    expect(result.sealed[0].actual).toBe(result.sealed[1].actual);
    expect(out).toContain('muP and Twin are the same, number for number');
  });

  test('its losses are those of the reference within 1e-3', async () => {
    await gpu;
    const expected = resultAt('reference-result.json').runs;
    const { runs } = resultAt('gpu-result.json');
    expect(runs.map((run) => run.id)).toEqual(expected.map((run) => run.id));
    runs.forEach((run, r) => {
      run.trainLoss.forEach((loss, i) => expect(Math.abs(loss! - expected[r].trainLoss[i]!)).toBeLessThan(1e-3));
      expect(Math.abs(run.finalEvalLoss! - expected[r].finalEvalLoss!)).toBeLessThan(1e-3);
    });
  });

  test('its dump has the same initial parameters and batches, and its own final parameters', async () => {
    await gpu;
    const names = readdirSync(at('gpu-dump'));
    expect(names).toEqual(readdirSync(at('reference-dump')));
    for (const name of names.filter((one) => /(init|batches)\.safetensors$/.test(one))) {
      expect(readFileSync(at(`gpu-dump/${name}`)).equals(readFileSync(at(`reference-dump/${name}`)))).toBe(true);
    }
    const run = 'mup-w20-s1';
    const final = tensorsAt(`gpu-dump/${run}.final.safetensors`);
    const initial = tensorsAt(`gpu-dump/${run}.init.safetensors`);
    for (const [name, { data }] of tensorsAt(`reference-dump/${run}.final.safetensors`)) {
      const own = final.get(name)!.data;
      data.forEach((value, i) => expect(Math.abs(value - own[i])).toBeLessThan(2e-3));
      expect([...own]).not.toEqual([...initial.get(name)!.data]);
    }
  });

  test('a browser that is killed leaves what was trained, and going on from it ends with the bits of a run that nothing disturbed', async () => {
    await gpu;
    const script = `#!/bin/sh\necho $$ > "${at('pid')}"\nexec "${findBrowser()!}" "$@"\n`;
    writeFileSync(at('browser'), script, { mode: 0o755 });
    let isKilled = false;
    const alone = [experimentFile('alone.json', tiny), '--out', at('killed.json')];
    const { code, err } = await runCommand('experiment', [...alone, '--browser', at('browser')], (out) => {
      if (isKilled || !out.includes('w4-s2: loss')) return;
      isKilled = true;
      process.kill(Number(readFileSync(at('pid'), 'utf8')), 'SIGKILL');
    });
    expect(err).toMatch(/^The browser could not finish the experiment: .* Written to .*killed\.json \(--resume/);
    expect(code).toBe(1);
    const begun = resultAt('killed.json');
    expect(begun.unfinished).toBe(true);
    expect(begun.runs.slice(0, 2).map(({ width, status }) => [width, status])).toEqual(Array(2).fill([4, 'done']));
    const resumed = await runCommand('experiment', [...alone, '--resume', at('killed.json')]);
    expect(resumed).toMatchObject({ code: 0, err: '' });
    expect(resumed.out).not.toContain('w4-s2: loss');
    // Whatever else trains in the same dispatches, a run has its own bits.
    const [whole, undisturbed] = ['killed.json', 'gpu-result.json'].map(resultAt);
    const bits = ({ runs }: typeof whole) =>
      runs.flatMap((run) => (run.recipe === 'muP' ? [{ ...run, seconds: 0 }] : []));
    expect(bits(whole)).toEqual(bits(undisturbed));
    expect(whole.sealed[0].inputsHash).toBe(undisturbed.sealed[0].inputsHash);
  });

  test('a transfer check trains on a text of one’s own, and its table ends in a verdict', async () => {
    writeFileSync(at('own.txt'), 'Größe und Güte — naïve façade, 東京. '.repeat(60));
    const values = [2 ** -7, 2 ** -5, 2 ** -3];
    const study = { kind: 'transfer', sweep: { parameter: 'optimizer.learningRate', values } };
    const file = experimentFile('own.json', { recipes: [recipe], ladder: { rungs: [4, 8] }, seeds: [1], study });
    const args = [file, '--engine', 'gpu', '--text', at('own.txt'), '--quiet', '--out', at('own-result.json')];
    const { code, out, err } = await runCommand('experiment', args);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).not.toContain('Training on');
    expect(out).toMatch(/6 runs done\.$/m);
    const { experiment, runs, transfer } = resultAt('own-result.json');
    expect(experiment.recipes[0].corpus).toMatchObject({ kind: 'text', file: 'own.txt' });
    expect(runs).toHaveLength(6);
    for (const { status, trainLoss } of runs) {
      expect(status).toBe('done');
      expect(trainLoss.at(-1)!).toBeLessThan(trainLoss[0]!);
    }
    const [{ curves }] = transfer!;
    expect(curves.map(({ points }) => points.map(({ value }) => value))).toEqual([values, values]);
    const reached = curves.flatMap(({ points }) => points.map(({ loss }) => loss));
    expect(reached.toSorted()).toEqual(runs.map(({ finalEvalLoss }) => finalEvalLoss).toSorted());
  });
});
