/**
 * What muP promises over depth, trained in the page on WebGPU, beside runs that diverge. The same over width is held to the
 * recordings (tests/unit/lab/recorded.test.ts), rules broken on purpose to models of the reference (tests/unit/checks/planted-rules.test.ts).
 */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Experiment } from '../../src/model/experiment.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import { parseResult, type ExperimentResult } from '../../src/model/result.ts';
import { openStage, savedFile, trainToEnd, visit, type Stage } from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

const TOO_HIGH = 10;

/**
 * The preset, less what takes most of its time: two of its four depths, half the batch and half the evaluation. A rate is added that
 * no recipe survives, and the lowest is left out.
 */
function shortDepthSmoke(): Experiment {
  const experiment = presetExperiment('depth-smoke');
  const { study } = experiment;
  if (study.kind !== 'transfer') throw new Error('depth-smoke is a study of transfer');
  study.depths = [1, 4];
  study.sweep.values = [...study.sweep.values.slice(1, -1), TOO_HIGH];
  for (const recipe of experiment.recipes) {
    recipe.batch = 8;
    recipe.evaluation.sequences = 64;
  }
  return experiment;
}

it('a sweep over depths turns into one over widths, and back', async () => {
  const { page, complaints } = await visit(stage, { experiment: shortDepthSmoke() });
  await page.getByRole('button', { name: 'wider' }).click();
  await page
    .locator('h1', { hasText: /^Does the best learning rate stay the same as the model gets wider\?$/ })
    .waitFor();
  expect(await page.getByRole('button', { name: /^Remove width/ }).count()).toBe(4);
  await page.getByRole('button', { name: 'deeper' }).click();
  await page.locator('h1', { hasText: 'as the model gets deeper?' }).waitFor();
  expect(await page.getByRole('button', { name: /^Remove layers/ }).count()).toBe(4);
  expect(complaints).toEqual([]);
});

it('over depths the best learning rate falls under no rule and stays under CompleteP, which ends lower; a run whose rate is far too high is flagged with its step', async () => {
  const { page, complaints } = await visit(stage, { experiment: shortDepthSmoke() });
  await page.locator('h1', { hasText: 'as the model gets deeper?' }).waitFor();
  await trainToEnd(page);
  await page.locator('h1', { hasText: /^With CompleteP .* from 1 to 4 layers.*; with no depth rule it / }).waitFor();

  const result = await resultOf(page);
  keepsItsRate(result);
  flagsWhatDiverges(result);
  expect(complaints).toEqual([]);
});

const resultOf = async (page: Page) =>
  parseResult(JSON.parse((await savedFile(page, 'result.json')).buffer.toString('utf8')));

function keepsItsRate({ transfer }: ExperimentResult): void {
  const [completep, none] = transfer!.map(({ curves }) => curves.map(({ minimum }) => minimum!));
  expect(Math.abs(Math.log2(completep[1].grid / completep[0].grid))).toBeLessThanOrEqual(1);
  expect(Math.log2(none[1].value / none[0].value)).toBeLessThan(-0.8);
  expect(completep[1].loss).toBeLessThan(none[1].loss - 0.05);
}

function flagsWhatDiverges({ runs, transfer }: ExperimentResult): void {
  const wild = runs.filter(({ overrides }) => overrides['optimizer.learningRate'] === TOO_HIGH);
  expect(wild).toHaveLength(4);
  for (const { status, divergedAt, id } of wild) {
    expect(status, id).toBe('diverged');
    // It leaves early: at once or within the warm-up, in which the rate rises to 10.
    expect(divergedAt, id).toBeGreaterThan(0);
    expect(divergedAt, id).toBeLessThan(30);
  }
  expect(runs.filter((one) => !wild.includes(one)).every(({ status }) => status === 'done')).toBe(true);
  for (const { points } of transfer!.flatMap(({ curves }) => curves)) {
    expect(points.at(-1)).toMatchObject({ value: TOO_HIGH, diverged: 1, loss: null });
  }
}
