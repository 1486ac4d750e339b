/** Where the adapter is a software one, the page trains on whichever is faster, the adapter or the CPU, says which, and lets a person choose. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { presetExperiment } from '../../src/model/presets.ts';
import type { ExperimentResult } from '../../src/model/result.ts';
import { axeFindings, openStage, savedFile, tinyExperiment, trainToEnd, visit, type Stage } from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

/** As a visitor comes: nothing chosen. */
const asVisitor = () => ({ ...stage, address: stage.address.split('?')[0]! });

const resultOf = async (page: Parameters<typeof savedFile>[0]) =>
  JSON.parse((await savedFile(page, 'result.json')).buffer.toString()) as ExperimentResult;

it('trains what is tiny on the CPU, says so, and on the adapter when that is asked for; the result says on which', async () => {
  const { page, complaints } = await visit(asVisitor(), { experiment: tinyExperiment() });
  await page.getByText('This trains on the CPU, likely faster for it than the software adapter.').waitFor();
  await page.locator('.device', { hasText: 'CPU, not the software adapter' }).waitFor();
  expect(await page.getByText('No WebGPU here').count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  await trainToEnd(page);
  await page.locator('h1', { hasText: /^Width 24 was predicted at .* and reached/ }).waitFor();
  expect((await resultOf(page)).adapter.architecture).toBe('cpu');

  await page.getByRole('button', { name: 'Use the software adapter' }).click();
  await page.getByText('This trains on the software adapter, as you chose.').waitFor();
  await page.locator('.device', { hasText: 'software, no GPU' }).waitFor();
  await trainToEnd(page);
  expect((await resultOf(page)).adapter.architecture).not.toBe('cpu');
  expect(complaints).toEqual([]);
});

it('tries both before what takes long, trains on the faster one, and knows it from then on', async () => {
  const { page, complaints } = await visit(asVisitor(), { experiment: presetExperiment('smoke') });
  await page
    .getByText('First the software adapter and the CPU train a few steps each; the faster one goes on.')
    .waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.locator('.primary').click();
  await page.locator('.primary', { hasText: 'Trying…' }).waitFor();
  await page
    .getByText(/^step [1-9]\d* of /)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.primary', { hasText: /^Train/ }).waitFor();
  const said = page.getByText(/^This trains on (the CPU|the software adapter): (about|[\d.]+ times) as fast as/);
  expect(await said.textContent()).toContain('for it, as measured here.');
  await page.reload();
  await said.waitFor();
  expect(complaints).toEqual([]);
});

it('takes the adapter for what is too much for the CPU', async () => {
  const experiment = presetExperiment('first-light');
  experiment.ladder.targets = [2048];
  const { page } = await visit(asVisitor(), { experiment });
  await page.getByText('This trains on the software adapter, because it is too much for the CPU.').waitFor();
});

it('is asked for in the address; what is neither is said', async () => {
  const { page } = await visit(stage, { experiment: tinyExperiment() });
  await page.getByText('This trains on the software adapter, as you chose.').waitFor();
  const odd = await visit({ ...stage, address: stage.address.replace('=gpu', '=tpu') });
  await odd.page.getByText('engine must be gpu or reference, not “tpu”; the faster one is taken.').waitFor();
});
