/** A graphics process that crashes in mid-training, and a device that is gone for good: nothing that was measured is lost. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeFindings, openStage, savedFile, tinyExperiment, trainToEnd, visit, type Stage } from './page-stage.ts';

// All pages of a browser share its graphics process.
let stage: Stage;
beforeAll(async () => void (stage = await openStage('software', true)));
afterAll(() => stage?.close());

interface Measured {
  width: number;
  trainLoss: number[];
  finalEvalLoss: number;
}

async function measuredOn(page: Page): Promise<Measured[]> {
  const { runs } = JSON.parse((await savedFile(page, 'result.json')).buffer.toString()) as { runs: Measured[] };
  return runs.map(({ width, trainLoss, finalEvalLoss }) => ({ width, trainLoss, finalEvalLoss }));
}

it('a graphics process that crashes leaves the very losses of a training that was not disturbed', async () => {
  const experiment = tinyExperiment((e) => {
    e.recipes[0].steps = 600;
    e.ladder = { rungs: [8], targets: [] };
  });
  const { page: undisturbed } = await visit(stage, { experiment });
  await trainToEnd(undisturbed);
  const expected = await measuredOn(undisturbed);

  const { page } = await visit(stage, { experiment });
  await page.locator('.primary').click();
  await page.getByText(/^step [1-9]\d* of 600$/).waitFor();
  const session = await stage.browser.newBrowserCDPSession();
  const graphicsProcess = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.find(({ type }) => type === 'GPU')?.id;
  };
  const before = await graphicsProcess();
  await session.send('Browser.crashGpuProcess' as never);
  await page.locator('.primary', { hasText: 'Train again' }).waitFor();
  expect(await graphicsProcess()).not.toBe(before);
  expect(await measuredOn(page)).toEqual(expected);
  expect(await page.getByRole('alert').allTextContents()).toEqual([]);
});

/** Before the trainer's script, in its worker: the first adapter is the last one. */
function oneDeviceOnly(): void {
  const { gpu } = navigator;
  const requestAdapter = gpu.requestAdapter.bind(gpu);
  let count = 0;
  GPU.prototype.requestAdapter = async (options) => (count++ === 0 ? requestAdapter(options) : null);
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    Object.assign(globalThis, { loseDevice: () => device.destroy() });
    return device;
  };
}

it('where it is gone for good the page says so, keeps what was measured, and goes on on the CPU with one button', async () => {
  const experiment = tinyExperiment((e) => {
    e.recipes[0].steps = 200;
    e.ladder = { rungs: [8, 12, 16], targets: [24] };
  });
  const route = async (page: Page) => {
    await page.context().route('**/trainer-worker*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `(${oneDeviceOnly})();\n${await response.text()}` });
    });
  };
  const { page } = await visit(stage, { experiment, before: route });
  await page.locator('.primary').click();
  await page.getByRole('button', { name: /^Width 8: loss/ }).waitFor();
  await page.getByText(/^step [1-9]\d* of 200$/).waitFor();
  const isLost = await Promise.all(
    page.workers().map((worker) =>
      worker.evaluate(() => {
        const { loseDevice } = globalThis as { loseDevice?: () => void };
        loseDevice?.();
        return loseDevice !== undefined;
      }),
    ),
  );
  expect(isLost.filter(Boolean)).toHaveLength(1);
  await page
    .getByText(/The graphics device was lost, and none could be had again\.[^]*What was measured is kept/)
    .waitFor();
  expect(await axeFindings(page)).toEqual([]);
  const kept = await measuredOn(page);
  const [first] = kept;
  expect(first!.width).toBe(8);
  await page.getByRole('button', { name: 'Go on on the CPU' }).click();
  await page.locator('h1', { hasText: /^Width 24 was predicted at \d\.\d{3} and reached \d\.\d{3}$/ }).waitFor();
  const all = await measuredOn(page);
  expect(all.map(({ width }) => width)).toEqual([8, 12, 16, 24]);
  expect(all[0]).toEqual(first);
  await page.getByText('No WebGPU here: training on the CPU, small ladders only.').waitFor();
  expect(await page.getByRole('button', { name: 'Go on on the CPU' }).count()).toBe(0);
});
