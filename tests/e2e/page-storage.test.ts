/** What cannot be kept is said, in every view, with a way to take it along; where the browser is full, room can be made. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  axeFindings,
  DESK,
  hasSidewaysScroll,
  openStage,
  PHONE,
  savedFile,
  tinyExperiment,
  trainToEnd,
  visit,
  type Stage,
} from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

const FULL = /^What is measured here is not kept: this browser’s storage is full\./;
const BLOCKED = /^What is measured here is not kept: this browser’s storage is blocked, or does not answer\./;

const trainAgain = async (page: Page) => {
  await page.locator('.primary').click();
  await page.locator('.primary', { hasText: 'Pause' }).waitFor();
  await page.locator('.primary', { hasText: 'Train again' }).waitFor();
};

const runsIn = async (page: Page) =>
  (JSON.parse((await savedFile(page, 'result.json')).buffer.toString()) as { runs: unknown[] }).runs;

it('a browser whose quota is used up: it is said in every view, with the result beside it', async () => {
  const { page } = await visit(stage, { experiment: tinyExperiment() });
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: 1 });
  await trainToEnd(page);
  await page.getByText(FULL).waitFor();
  for (const view of ['Compare', 'Basin', 'Tables']) {
    await page.getByRole('link', { name: view }).click();
    await expect.poll(() => page.title()).toMatch(new RegExp(`^${view}`));
    const notice = page.locator('.notice', { has: page.getByText(FULL) });
    const saving = page.waitForEvent('download');
    await notice.getByRole('button', { name: 'result.json' }).click();
    expect((await saving).suggestedFilename()).toBe('result.json');
  }
  expect(await axeFindings(page)).toEqual([]);
});

it('what was kept longest ago is offered to make room, comes back, and what was measured is kept in its place', async () => {
  const { page, complaints } = await visit(stage, { experiment: tinyExperiment() });
  await trainToEnd(page);
  await page.getByRole('button', { name: 'Saved', exact: true }).click();
  await page.getByText(/^\d+ KB of the \d.* that this browser allows$/).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  // From here on as where a quota is used up; a browser itself counts with some delay.
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...what) {
      if (!('hasRoom' in window)) throw new DOMException('There is no room.', 'QuotaExceededError');
      return put.apply(this, what);
    };
  });
  await trainAgain(page);
  const notice = page.locator('.notice', { has: page.getByText(FULL) });
  await page.getByRole('link', { name: 'Tables' }).click();
  await notice.getByText('What was kept longest ago can make room:').waitFor();
  await notice.getByRole('button', { name: /^Delete Tiny of / }).click();
  await notice.getByText('Deleted Tiny.').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.setViewportSize(PHONE);
  expect(await hasSidewaysScroll(page)).toBe(false);
  await page.setViewportSize(DESK);
  await page.evaluate(() => Object.assign(window, { hasRoom: true }));
  await notice.getByRole('button', { name: 'Undo' }).click();
  await notice.getByRole('button', { name: /^Delete Tiny of / }).click();
  await notice.getByRole('button', { name: 'Keep what was measured' }).click();
  await expect.poll(() => notice.count()).toBe(0);
  await page.getByRole('button', { name: 'Saved', exact: true }).click();
  await expect.poll(() => page.getByRole('button', { name: /^Delete Tiny of / }).count()).toBe(1);
  expect(complaints).toEqual([]);
});

it('a browser that keeps nothing: it is said, with the result beside it', async () => {
  const { page } = await visit(stage, { experiment: tinyExperiment() });
  await page.evaluate(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('Not here.', 'SecurityError');
    };
    IDBDatabase.prototype.transaction = () => {
      throw new DOMException('Not any more.', 'InvalidStateError');
    };
  });
  await trainToEnd(page);
  await page.getByText(BLOCKED).waitFor();
  await page.getByRole('link', { name: 'Tables' }).click();
  expect(await runsIn(page)).toHaveLength(4);
});

it('a table that cannot be kept is said so, with its fit.json beside it', async () => {
  const { page } = await visit(stage);
  await page.getByRole('link', { name: 'Tables' }).click();
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('There is no room.', 'QuotaExceededError');
    };
  });
  await page
    .getByLabel('Paste any table, or drop files anywhere')
    .fill('width,loss\n16,4\n32,3.5\n64,3.2\n128,3\n256,\n');
  await page.getByText(/^This table is not kept: /).waitFor();
  await savedFile(page, 'Take fit.json away');
});
