/**
 * What muP promises over depth, trained in the page on WebGPU, beside runs that diverge. The same over width is held to the
 * recordings (tests/unit/recorded.test.ts), rules broken on purpose to models of the reference (tests/unit/checks/planted-rules.test.ts).
 */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { presetExperiment } from '../../src/model/presets.ts';
import { parseResult, type ExperimentResult } from '../../src/model/result.ts';
import { openStage, savedFile, trainToEnd, visit, type Stage } from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

const TOO_HIGH = 10;

it('over depths the best learning rate falls under no rule and stays under CompleteP, which ends lower; a run whose rate is far too high is flagged with its step', async () => {
  const experiment = presetExperiment('transfer-smoke');
  const values = [...[-6, -5, -4, -3].map((power) => 2 ** power), TOO_HIGH];
  experiment.study = { kind: 'transfer', sweep: { parameter: 'optimizer.learningRate', values } };
  experiment.ladder.rungs = [16, 32];
  for (const recipe of experiment.recipes) {
    Object.assign(recipe, { baseWidth: 16, batch: 8 });
    recipe.evaluation.sequences = 64;
  }

  const { page, complaints } = await visit(stage, { experiment });
  await page
    .locator('h1', { hasText: /^Does the best learning rate stay the same as the model gets wider\?$/ })
    .waitFor();
  await page.getByRole('button', { name: 'deeper' }).click();
  await page.locator('h1', { hasText: 'as the model gets deeper?' }).waitFor();
  await page.getByRole('button', { name: 'Remove layers 2' }).click();
  await page.getByRole('button', { name: 'Remove layers 8' }).click();
  await trainToEnd(page);
  await page.locator('h1', { hasText: /^With CompleteP .* from 1 to 4 layers.*; with no depth rule it / }).waitFor();

  const result = await resultOf(page);
  keepsItsRate(result);
  flagsWhatDiverges(result);

  await page.getByRole('button', { name: 'wider' }).click();
  await page.locator('h1', { hasText: /./ }).waitFor();
  expect(await page.getByRole('button', { name: /^Remove width/ }).count()).toBe(2);
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
