/** A tab that nobody looks at, and a machine that sleeps: training goes on, to the losses of one that was looked at. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, savedFile, tinyExperiment, trainToEnd, visit, type Stage } from './page-stage.ts';

let stage: Stage;
// All of a browser sleeps, and all pages of it share its graphics process.
beforeAll(async () => void (stage = await openStage('software', true)));
afterAll(() => stage?.close());

const experiment = tinyExperiment((e) => {
  e.recipes[0].steps = 300;
  e.ladder = { rungs: [8, 12], targets: [] };
});

/** As browsers do it: nothing is drawn, and timers go off once a second. */
function hideable(): void {
  let isHidden = false;
  const held: FrameRequestCallback[] = [];
  const draw = requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (run) => (isHidden ? held.push(run) : draw(run));
  const later = setTimeout.bind(window);
  const throttled = (run: () => void, wait = 0, ...rest: unknown[]) =>
    later(run, isHidden ? Math.max(wait, 1000) : wait, ...rest);
  window.setTimeout = throttled as typeof setTimeout;
  Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') });
  Object.defineProperty(document, 'hidden', { get: () => isHidden });
  const show = (next: boolean) => {
    isHidden = next;
    document.dispatchEvent(new Event('visibilitychange'));
    if (!isHidden) for (const run of held.splice(0)) draw(run);
  };
  Object.assign(window, { hidePage: show });
}

const hide = (page: Page, isHidden: boolean) =>
  page.evaluate((next) => (window as unknown as { hidePage(next: boolean): void }).hidePage(next), isHidden);

async function lossesOf(page: Page): Promise<unknown> {
  const { runs } = JSON.parse((await savedFile(page, 'result.json')).buffer.toString()) as {
    runs: { trainLoss: number[]; finalEvalLoss: number }[];
  };
  return runs.map(({ trainLoss, finalEvalLoss }) => [trainLoss, finalEvalLoss]);
}

it('trains to its end while nobody looks, and behind a sleep of all its processes', async () => {
  const { page: seen } = await visit(stage, { experiment });
  await trainToEnd(seen);
  const expected = await lossesOf(seen);

  const { page: hidden, complaints } = await visit(stage, {
    experiment,
    before: async (page) => void (await page.addInitScript(hideable)),
  });
  await hidden.locator('.primary').click();
  await hide(hidden, true);
  await hidden.locator('.primary', { hasText: 'Train again' }).waitFor();
  await hide(hidden, false);
  await hidden.getByRole('button', { name: /^Width 12: loss/ }).waitFor();
  expect(await lossesOf(hidden)).toEqual(expected);
  expect(complaints).toEqual([]);

  const { page: slept } = await visit(stage, { experiment });
  await slept.locator('.primary').click();
  await slept.getByText(/^step [1-9]\d* of 300$/).waitFor();
  const session = await stage.browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const ids = processInfo.filter(({ type }) => type === 'renderer' || type === 'GPU').map(({ id }) => id);
  for (const id of ids) process.kill(id, 'SIGSTOP');
  // In which a page that is awake would end.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  for (const id of ids) process.kill(id, 'SIGCONT');
  await slept.locator('.primary', { hasText: 'Train again' }).waitFor();
  expect(await lossesOf(slept)).toEqual(expected);
});
