/** A browser without WebGPU: the page says so, shows what a full run looks like, and trains small ladders all the same. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { coresToTrainOn } from '../../src/model/cores.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import { RESULT_SCHEMA } from '../../src/model/result.ts';
import { fakeRun, fakeSeal } from '../unit/ui/fake-stream.ts';
import { axeFindings, openStage, tinyExperiment, trainToEnd, visit, type Stage } from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('none')));
afterAll(() => stage?.close());

function recordedExample(): string {
  const experiment = presetExperiment('first-light');
  const { rungs, targets } = experiment.ladder;
  const runs = [...rungs, ...targets].flatMap((width) =>
    experiment.seeds.map((seed) => fakeRun(experiment, width, seed)),
  );
  const sealed = targets.map((width) => {
    const losses = runs.filter((run) => run.width === width).map((run) => run.finalEvalLoss!);
    const measured = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    const interval = { lo: measured - 0.01, hi: measured + 0.01 };
    return { ...fakeSeal(experiment, width), ...interval, actual: measured, verdict: 'inside' };
  });
  const adapter = { vendor: 'v', architecture: 'a', description: 'Workshop GPU', features: [], software: false };
  const app = { version: '0', commit: '' };
  return JSON.stringify({
    schema: RESULT_SCHEMA,
    id: 'r',
    created: '2026-01-02T12:00:00.000Z',
    app,
    adapter,
    experiment,
    runs,
    fits: [],
    sealed,
  });
}

it.each(['light', 'dark'] as const)(
  'says so, helps, and shows a recorded experiment meanwhile (%s)',
  async (colorScheme) => {
    const { page, complaints } = await visit(stage, { recorded: recordedExample(), colorScheme });
    await page.getByText('No WebGPU here: training on the CPU, small ladders only.').waitFor();
    expect(await page.locator('#preset').inputValue()).toBe('sentences-smoke');
    await page.getByText(/^Example: .*, recorded on Workshop GPU$/).waitFor();
    await page.locator('h1', { hasText: 'Width 256 was predicted at' }).waitFor();
    await page.getByText('How to turn WebGPU on').click();
    expect(await page.locator('.banner dt').count()).toBe(4);
    await page.getByRole('button', { name: 'Table' }).first().click();
    expect(
      await page
        .getByRole('region', { name: /^Table:/ })
        .locator('tbody tr')
        .count(),
    ).toBe(8);
    await page.getByText('All settings').click();
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

it('trains on the CPU to the verdict', async () => {
  const { page, complaints } = await visit(stage, { experiment: tinyExperiment(), recorded: recordedExample() });
  await trainToEnd(page);
  expect(await page.locator('h1').textContent()).toMatch(/^Width 24 was predicted at .* and reached/);
  expect(await page.getByText('recorded on').count()).toBe(0);
  expect(complaints).toEqual([]);
});

it('trains side by side on the cores that the browser tells of', async () => {
  const { page } = await visit(stage, { recorded: recordedExample() });
  await page.getByRole('button', { name: /what trains the models/ }).click();
  const cores = coresToTrainOn(await page.evaluate(() => navigator.hardwareConcurrency));
  await page.getByText(cores > 1 ? `${cores} runs at once` : 'a run at a time').waitFor();
});

it('is of use without its example too', async () => {
  const { page } = await visit(stage, { recorded: '<!doctype html>' });
  expect(await page.locator('h1').textContent()).toBe('What will the loss be at width 48?');
});
