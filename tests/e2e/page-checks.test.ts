/** The views that check muP, on WebGPU: each from its link to its verdict, and what leads from one view to another. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../src/model/experiment.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import type { CheckKind } from '../../src/model/study.ts';
import { experimentFromHash } from '../../src/ui/link/experiment-link.ts';
import {
  axeFindings,
  DESK,
  hasSidewaysScroll,
  openStage,
  PHONE,
  savedFigure,
  savedFile,
  trainToEnd,
  visit,
  type Opened,
  type OpenOptions,
  type Stage,
} from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

/** Experiments that train in seconds, also on a software adapter. */
function tinyCheck(kind: CheckKind, change: (experiment: Experiment) => void = () => {}): Experiment {
  const experiment = presetExperiment(`${kind}-smoke`);
  experiment.name = `Tiny ${kind}`;
  const { study } = experiment;
  if (study.kind === 'coordinates') {
    experiment.seeds = [1, 2];
    experiment.ladder.rungs = [32, 64, 128];
  } else {
    experiment.ladder.rungs = [8, 16];
    for (const recipe of experiment.recipes) {
      Object.assign(recipe, { steps: 24, batch: 4, context: 8 });
      recipe.evaluation.sequences = 16;
    }
  }
  if (study.kind === 'transfer') study.sweep.values = [2 ** -6, 2 ** -4, 2 ** -2, 8];
  if (study.kind === 'basin') {
    study.sweeps[0].values = [2 ** -5, 2 ** -3, 2 ** -1];
    study.sweeps[1].values = [0.5, 1, 2];
    study.margin = 0.3;
  }
  change(experiment);
  return experiment;
}

const FINDINGS: Record<CheckKind, RegExp> = {
  transfer: /^Under μP the best learning rate .* from width 8 to 16.*; under SP it /,
  coordinates: /^Under μP .*; under SP .*grow/,
  basin: /^Under μP widths 8 to 16 share .* of their basin; under SP /,
};
const NAMES: Record<CheckKind, string> = { transfer: 'Transfer', coordinates: 'Coordinates', basin: 'Basin' };

interface Visited extends Opened {
  kind: CheckKind;
  experiment: Experiment;
}

/** From its link, whose heading asks or tells of the example, to what it will train; accessible, also on a phone. */
async function opened(kind: CheckKind, heading: RegExp, options: OpenOptions = {}): Promise<Visited> {
  const experiment = tinyCheck(kind);
  const { page, complaints } = await visit(stage, { experiment, ...options });
  await page.locator('h1', { hasText: heading }).waitFor();
  expect(await page.getByRole('link', { name: NAMES[kind] }).getAttribute('aria-current')).toBe('page');
  expect(await page.title()).toBe(`${NAMES[kind]} · μP Playground`);
  expect(await page.locator('.primary').textContent()).toMatch(/Train \d+ runs in \w+ cohorts?/);
  await page.getByText('All settings').click();
  await page.getByLabel('QK-norm').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.setViewportSize(PHONE);
  expect(await hasSidewaysScroll(page)).toBe(false);
  await page.setViewportSize(DESK);
  return { page, complaints, kind, experiment };
}

/** To its finding; accessible in both themes. */
async function measured({ page, kind, experiment }: Visited): Promise<void> {
  await trainToEnd(page);
  await page.locator('h1', { hasText: FINDINGS[kind] }).waitFor();
  expect(await page.getByRole('region', { name: 'μP', exact: true }).count()).toBe(1);
  expect(await page.getByRole('region', { name: 'SP', exact: true }).count()).toBe(1);
  await page.getByRole('button', { name: 'Table' }).first().click();
  const table = page.getByRole('region', { name: /^Table:/ });
  expect(await table.locator('tbody tr').count()).toBeGreaterThan(10);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: /^Switch to the/ }).click();
  expect(await axeFindings(page, 'colours')).toEqual([]);
  expect(experimentFromHash(new URL(page.url()).hash)).toEqual(experiment);
}

/** And back after a reload, accessible on a phone, without a complaint all the way. */
async function reopened({ page, kind, complaints }: Visited, finding: string | RegExp = FINDINGS[kind]): Promise<void> {
  await page.reload();
  await page.locator('h1', { hasText: finding }).waitFor();
  expect(await page.locator('.primary').textContent()).toMatch(/^Train again/);
  await page.setViewportSize(PHONE);
  expect(await hasSidewaysScroll(page)).toBe(false);
  expect(await axeFindings(page)).toEqual([]);
  await page.setViewportSize(DESK);
  expect(complaints).toEqual([]);
}

describe('transfer', () => {
  it('leads from its link past the recorded example to its finding; only a value that is added trains, values are read by keyboard, and a result goes into any view', async () => {
    const recorded = readFileSync(new URL('../../public/recorded/transfer-sentences.json', import.meta.url), 'utf8');
    const visited = await opened('transfer', /from width 8 to 64; under SP it falls by a factor of 5/, { recorded });
    const { page } = visited;
    const example = await savedFigure(page, 'SVG drawing');
    expect(example.name).toBe('example-transfer.svg');
    expect(example.buffer.toString()).toMatch(/<text[^>]*>[^<]*Recorded example, not measured here\.<\/text>/);
    await measured(visited);
    const figure = await savedFigure(page, 'SVG drawing');
    expect(figure.name).toBe('transfer.svg');
    expect(figure.buffer.toString()).not.toContain('Recorded example');
    // Fewer widths than the example had are drawn and told as they are.
    expect(await page.getByText(/at width 64/).count()).toBe(0);

    const list = page.getByLabel('Sweep: values, ascending');
    await list.fill('2^-6 2^-4');
    await page.getByText('Values must hold 3 to 32 numbers.').waitFor();
    await page.locator('.primary').click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('field-study.sweep');
    await list.fill('2^-6 2^-4 2^-3 2^-2 8');
    await page.locator('.primary', { hasText: 'Train the rest 4 runs in two cohorts' }).waitFor();
    await trainToEnd(page);
    await reopened(visited);

    await page
      .getByRole('img', { name: /^width 16, 2³: diverged$/ })
      .first()
      .waitFor();
    const reader = page.getByRole('slider', { name: /^Losses under SP/ });
    await reader.focus();
    await page.keyboard.press('ArrowRight');
    expect(await reader.getAttribute('aria-valuetext')).toMatch(/^2⁻⁶: width 8 \d\.\d{3}, width 16 \d\.\d{3}$/);
    await page.keyboard.press('Escape');
    expect(await reader.getAttribute('aria-valuetext')).toBe('no value chosen');

    const { page: other } = await visit(stage);
    await other.locator('input[type=file][accept*="json"]').setInputFiles(await savedFile(page, 'result.json'));
    await other.locator('h1', { hasText: FINDINGS.transfer }).waitFor();
    expect(await other.getByRole('link', { name: 'Transfer' }).getAttribute('aria-current')).toBe('page');
  });
});

describe('coordinates', () => {
  it('leads from its link to its finding; a rule broken on purpose is found and named, and SP is not trained again', async () => {
    const visited = await opened('coordinates', /^Do activations keep their size as the model gets wider\?$/);
    const { page } = visited;
    await measured(visited);
    await page.getByLabel('Wrong learning rate for').selectOption({ label: 'MLP up matrices' });
    await page.getByText('it is multiplied by 1 where μP says 1/m').waitFor();
    await page.locator('.primary', { hasText: /^Train the rest 6 runs/ }).waitFor();
    await trainToEnd(page);
    const card = page.getByRole('region', { name: 'μP', exact: true });
    await card.getByText(/^Look at the learning rate of the MLP up matrices\.$/).waitFor();
    await page.locator('h1', { hasText: 'look at the rule of the MLP up matrices' }).waitFor();
    await reopened(visited, 'look at the rule of the MLP up matrices');
    await page.getByLabel('Wrong learning rate for').selectOption({ label: 'nothing, μP as it is' });
    await page.getByText('Measured with earlier settings.').waitFor();
    await page.locator('.primary', { hasText: /^Train the rest 6 runs/ }).waitFor();
  });
});

describe('basin', () => {
  it('leads from its link to its finding; another margin asks for no new run; its best settings go to the home view, and it opens again', async () => {
    const visited = await opened('basin', /^Is one region of settings good for every width\?$/, {
      colorScheme: 'dark',
    });
    const { page } = visited;
    await measured(visited);
    await reopened(visited);
    const share = page.getByRole('region', { name: 'μP', exact: true }).locator('.big');
    const before = await share.textContent();
    await page.getByRole('slider', { name: 'margin' }).fill('0');
    await expect.poll(() => share.textContent()).not.toBe(before);
    expect(await page.locator('.primary').textContent()).toMatch(/^Train again/);
    const reader = page.getByRole('slider', { name: /^Losses under μP, width 8/ });
    await reader.focus();
    await page.keyboard.press('ArrowUp');
    expect(await reader.getAttribute('aria-valuetext')).toMatch(
      /^learning rate 2⁻⁵, .*: loss \d\.\d{3}, \d\.\d{3} above/,
    );
    await page.getByRole('slider', { name: 'margin' }).fill('0.3');
    await expect.poll(() => share.textContent()).toBe(before);

    await page.getByRole('button', { name: 'Use this basin for predictions' }).click();
    await page.locator('h1', { hasText: 'What will the loss be at width 48?' }).waitFor();
    await page.getByText('Inside the measured basin').waitFor();
    expect(experimentFromHash(new URL(page.url()).hash)?.study.kind).toBe('prediction');
    await page.getByText('All settings').click();
    await page.getByLabel('Learning rate', { exact: true }).fill('2^-20');
    await page.getByText(/lies outside the basin/).waitFor();
    await page.goBack();
    await page.locator('h1', { hasText: FINDINGS.basin }).waitFor();

    await page.getByRole('link', { name: 'Predict' }).click();
    await page.locator('h1', { hasText: 'What will the loss be at width 48?' }).waitFor();
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByRole('button', { name: /^Tiny basin Basin · .* widths 8, 16 · \d+ KB$/ }).click();
    await page.locator('h1', { hasText: FINDINGS.basin }).waitFor();
  });
});

describe('from view to view', () => {
  it('one training at a time: the others say which, and lead there', async () => {
    const { page } = await visit(stage, {
      experiment: tinyCheck('transfer', ({ recipes }) => recipes.forEach((recipe) => (recipe.steps = 600))),
    });
    await page.locator('.primary').click();
    await page.locator('.primary', { hasText: 'Pause' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Basin' }).click();
    await page.getByText('one training runs at a time').waitFor();
    expect(await page.locator('.primary').getAttribute('aria-disabled')).toBe('true');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go to Transfer' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.primary', { hasText: 'Train' }).waitFor();
    await page.getByRole('link', { name: 'Basin' }).click();
    expect(await page.getByText('one training runs at a time').count()).toBe(0);
  });
});

describe('every option of a recipe', () => {
  it('can be chosen at home, and trains', async () => {
    const experiment = presetExperiment('smoke');
    experiment.ladder = { rungs: [8, 12, 16], targets: [] };
    Object.assign(experiment.recipes[0], { steps: 12, batch: 4, context: 8 });
    experiment.recipes[0].evaluation.sequences = 16;
    const { page, complaints } = await visit(stage, { experiment });
    await page.getByText('All settings').click();
    await page.getByLabel('Norm', { exact: true }).selectOption('rmsnorm');
    await page.getByLabel('Activation').selectOption('swiglu');
    await page.getByLabel('Position').selectOption('rope');
    await page.getByLabel('QK-norm').check();
    await page.getByLabel('Tied embeddings').check();
    await page.getByLabel('Depth rule').selectOption('completep');
    await page.getByLabel('Optimizer', { exact: true }).selectOption('muon');
    await page.getByLabel('AdamW’s share').fill('0.5');
    expect(await page.getByLabel('Query start').inputValue()).toBe('key');
    await page.getByText('RMSNorm, SwiGLU, RoPE, QK-norm, tied, CompleteP').waitFor();
    await trainToEnd(page);
    expect(await page.getByRole('button', { name: /^Width \d+: loss .* in the fit$/ }).count()).toBe(3);
    expect(complaints).toEqual([]);
  });
});
