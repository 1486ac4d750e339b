/** A page whose server is gone once it is loaded: everything that it offers works all the same. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve, type Served } from '../../cli/serve.ts';
import { linkHash } from '../../src/ui/link/experiment-link.ts';
import { newPage, openStage, savedFigure, savedFile, tinyExperiment, trainToEnd, type Stage } from './page-stage.ts';

let stage: Stage;
let served: Served;
beforeAll(async () => {
  stage = await openStage('software');
  served = await serve(null);
});
afterAll(() => stage?.close());

/** Waits until the page says that it is all there. */
async function untilAllIsHere(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'what trains the models' }).click();
  await page.getByText('All of this page is here').waitFor();
  await page.keyboard.press('Escape');
}

const VIEWS = ['Compare', 'Transfer', 'Coordinates', 'Basin'];

it('trains to the verdict, shows every view with its example, opens every panel, hands out every file, and goes on when a worker has crashed', async () => {
  const page = await newPage(stage);
  await page.goto(`${served.url}?engine=gpu#${linkHash(tinyExperiment())}`);
  await untilAllIsHere(page);
  await served.close();
  const isServed = () =>
    page.evaluate(() =>
      fetch(location.href).then(
        () => true,
        () => false,
      ),
    );
  expect(await isServed()).toBe(false);
  const missed = new Set<string>();
  page.on('requestfailed', (request) => missed.add(request.url().slice(served.url.length)));

  await trainToEnd(page);
  const verdict = page.locator('h1', { hasText: /^Width 24 was predicted at \d\.\d{3} and reached \d\.\d{3}$/ });
  await verdict.waitFor();
  const starts: string[] = [];
  for (const kind of ['SVG drawing', 'PNG picture, three times as fine', 'CSV numbers'] as const)
    starts.push((await savedFigure(page, kind)).buffer.toString('utf8', 0, 8));
  starts.push((await savedFile(page, 'result.json')).buffer.toString('utf8', 0, 8));
  expect(starts).toEqual([
    expect.stringMatching(/^<\?xml/),
    expect.stringMatching(/^.PNG/),
    expect.stringMatching(/^\uFEFF?width/),
    expect.stringMatching(/^\{\s+"s/),
  ]);
  await page.getByText('All settings').click();
  await page.getByLabel('QK-norm').waitFor();
  await page.getByRole('button', { name: 'What the words mean' }).click();
  await page.locator('dt', { hasText: 'base width' }).waitFor();
  await page.getByRole('button', { name: 'Saved', exact: true }).click();
  await page.getByRole('button', { name: /^Delete / }).waitFor();
  await page.getByText('How often do these intervals hold?').waitFor();
  await page.getByText('Simulated ladders, and other methods').waitFor();

  for (const name of VIEWS) {
    await page.getByRole('link', { name }).click();
    await expect.poll(() => page.title()).toMatch(new RegExp(`^${name}`));
    await page
      .getByText(/^Example: .*, recorded on/)
      .first()
      .waitFor();
    expect((await savedFile(page, 'result.json')).buffer.length, name).toBeGreaterThan(10_000);
  }
  await page.getByRole('link', { name: 'Tables' }).click();
  await page.locator('h1', { hasText: 'At x = 1446.72 the loss was predicted to be 3.0' }).waitFor();
  expect((await savedFile(page, 'fit.json')).buffer.toString()).toMatch(/"mup-playground\/fit@1"/);

  await page.getByRole('link', { name: 'Predict' }).click();
  const [trainer] = page.workers().filter((worker) => worker.url().includes('trainer'));
  await trainer!.evaluate(() => {
    setTimeout(() => {
      throw new Error('crashed');
    });
  });
  await expect.poll(() => page.workers().includes(trainer!)).toBe(false);
  await trainToEnd(page);
  await verdict.waitFor();
  expect(await page.getByRole('alert').allTextContents()).toEqual([]);
  // The icon beside each title, and another worker to stand by.
  expect([...missed].sort()).toEqual([expect.stringMatching(/^assets\/trainer-worker-/), 'icon.svg']);
});
