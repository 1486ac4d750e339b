/** Comparing recipes on WebGPU, from the view's link to its verdict; two equal ones by command are in experiment.test.ts. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Experiment } from '../../src/model/experiment.ts';
import { readResult } from '../../src/experiment/read-result.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import { experimentFromHash } from '../../src/ui/link/experiment-link.ts';
import { axeFindings, DESK, hasSidewaysScroll, openStage, PHONE, trainToEnd, visit, type Stage } from './page-stage.ts';

/** Trains in seconds, also on a software adapter. */
function tinyComparison(change: (experiment: Experiment) => void = () => {}): Experiment {
  const experiment = presetExperiment('compare-smoke');
  experiment.name = 'Tiny comparison';
  experiment.ladder = { rungs: [8, 12, 16], targets: [24] };
  experiment.seeds = [1, 2];
  for (const recipe of experiment.recipes) {
    Object.assign(recipe, { steps: 40, batch: 8, context: 8 });
    recipe.optimizer.learningRate = 2 ** -5;
    recipe.evaluation.sequences = 32;
  }
  change(experiment);
  return experiment;
}

const VERDICT = /overtakes|beats|^No difference seen|^Undecided/;

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

it('goes from its link to its verdict, is still there after a reload, and is accessible all the way, on a phone too', async () => {
  const experiment = tinyComparison();
  const { page, complaints } = await visit(stage, { experiment });
  const heading = page.locator('h1');
  await heading.filter({ hasText: 'Which is better at width 24, μP or SP?' }).waitFor();
  expect(await page.getByRole('link', { name: 'Compare' }).getAttribute('aria-current')).toBe('page');
  expect(await page.title()).toBe('Compare · μP Playground');
  expect(await page.locator('.primary').textContent()).toMatch(/Train 16 runs in four cohorts/);
  await page.getByText('All settings').click();
  await page.getByLabel('QK-norm').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.setViewportSize(PHONE);
  expect(await hasSidewaysScroll(page)).toBe(false);
  await page.setViewportSize(DESK);

  await trainToEnd(page);
  await heading.filter({ hasText: VERDICT }).waitFor();
  await page.getByRole('region', { name: 'μP against SP' }).waitFor();
  const seals = page.getByRole('region', { name: 'Sealed predictions' });
  expect(await seals.getByText(/inside|above|below/).count()).toBeGreaterThanOrEqual(2);
  await page.getByRole('button', { name: 'Table' }).nth(1).click();
  expect(
    await page
      .getByRole('region', { name: /^Table: Loss of μP less/ })
      .locator('tbody tr')
      .count(),
  ).toBeGreaterThan(10);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: /^Switch to the/ }).click();
  expect(await axeFindings(page, 'colours')).toEqual([]);
  expect(experimentFromHash(new URL(page.url()).hash)).toEqual(experiment);

  await page.reload();
  await heading.filter({ hasText: VERDICT }).waitFor();
  expect(await page.locator('.primary').textContent()).toMatch(/^Train again/);
  await page.setViewportSize(PHONE);
  expect(await hasSidewaysScroll(page)).toBe(false);
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it('shows an example that was recorded: the crossing, and that the winner was right', async () => {
  const file = gunzipSync(readFileSync(new URL('../unit/earlier/compare-smoke.json.gz', import.meta.url))).toString();
  const recorded = JSON.stringify(readResult(file, 'compare-smoke.json'));
  const { page, complaints } = await visit(stage, { experiment: presetExperiment('compare-smoke'), recorded });
  await page.locator('h1', { hasText: /^μP overtakes SP at width 1\d/ }).waitFor();
  await page.getByText('✓ as predicted').waitFor();
  const reader = page.getByRole('slider', { name: /^Difference of the two/ });
  await reader.focus();
  await page.keyboard.press('ArrowRight');
  expect(await reader.getAttribute('aria-valuetext')).toMatch(/^width 8: measured \+0\.038 nats, laws /);
  await page.getByRole('button', { name: 'parameters', exact: true }).click();
  await page.getByText(/^crossing at .*parameters$/).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it('gives no odds and no advice where the corpus cannot tell', async () => {
  const file = gunzipSync(readFileSync(new URL('../unit/earlier/compare-smoke.json.gz', import.meta.url))).toString();
  const result = readResult(file, 'compare-smoke.json');
  const [first, second] = result.experiment.recipes;
  Object.assign(second, { parametrization: first.parametrization });
  second.architecture.position = 'rope';
  const { page } = await visit(stage, {
    experiment: presetExperiment('compare-smoke'),
    recorded: JSON.stringify(result),
  });
  await page.locator('h1', { hasText: /^This corpus cannot tell/ }).waitFor();
  const card = page.locator('.card', { hasText: 'μP against SP' });
  await card
    .getByText(/The spectral corpus cannot tell: /)
    .first()
    .waitFor();
  expect(await card.textContent()).not.toMatch(/%|seeds would help|is better/);
});

it('a common question sets both recipes, a copy is one more to change, and what cannot be compared is said', async () => {
  const { page } = await visit(stage, { experiment: tinyComparison() });
  await page.getByRole('button', { name: 'GELU, SwiGLU' }).click();
  await page.locator('h1', { hasText: 'Which is better at width 24, GELU or SwiGLU?' }).waitFor();
  await page.getByRole('button', { name: 'Copy SwiGLU' }).click();
  await page.getByLabel('Learning rate', { exact: true }).fill('2^-4');
  await page.getByText('SwiGLU, learning rate 2⁻⁴').waitFor();
  const linked = () => experimentFromHash(new URL(page.url()).hash);
  await expect.poll(() => linked()?.recipes.map(({ name }) => name)).toEqual(['GELU', 'SwiGLU', 'SwiGLU 2']);
  expect(linked()?.name).toBe('Is SwiGLU better than GELU?');
  await page.getByLabel('Context, tokens').fill('16');
  await page.getByText(/is compared with "GELU" on the same tokens/).waitFor();
  await page.getByRole('button', { name: 'Remove SwiGLU 2' }).click();
  await page.locator('.primary', { hasText: /^Train 16 runs/ }).waitFor();
});
