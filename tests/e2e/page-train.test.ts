/** The main job through the page, on WebGPU: train, predict, seal, check; and staying in charge of it. */
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presetExperiment } from '../../src/model/presets.ts';
import {
  axeFindings,
  DESK,
  hasSidewaysScroll,
  newPage,
  openStage,
  PHONE,
  savedFigure,
  savedFile,
  tinyExperiment,
  trainToEnd,
  visit,
  type Stage,
} from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

/** Does what the page's policy must refuse, as whoever writes into the page would, and gives the directives by which it did. */
const refusedOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const refused = new Set<string>();
    document.addEventListener('securitypolicyviolation', (event) => refused.add(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'document.title = "run"';
    document.head.append(script);
    document.querySelector('main')!.setAttribute('style', 'color: red');
    setTimeout('document.title = "evaluated"');
    const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])));
    await new Promise((resolve) => (worker.onerror = worker.onmessage = resolve));
    // Texts come over https, and from this machine.
    await fetch('http://example.org/').catch(() => undefined);
    // What is refused is told a turn later.
    for (let turn = 0; turn < 2; turn++) await new Promise(requestAnimationFrame);
    return [...refused].sort();
  });

describe('the first look', () => {
  it('loads without a complaint, in less than 100 KB of compressed JavaScript', async () => {
    const page = await newPage(stage);
    const complaints: string[] = [];
    const sizes: Promise<number>[] = [];
    page.on('console', (message) => message.type() !== 'log' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    let isAhead = false;
    page.on('response', (response) => {
      // What is loaded ahead comes after the first look, and what workers load beside it.
      isAhead ||= /\/ahead-/.test(response.url());
      if (response.request().resourceType() === 'script' && !isAhead && !response.url().includes('worker')) {
        sizes.push(response.body().then((body) => gzipSync(body).length));
      }
    });
    await page.route('**/recorded/*.json', (route) => route.fulfill({ body: '' }));
    await page.goto(stage.address);
    await page.locator('.device', { hasText: 'software' }).waitFor();
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(20_000);
    expect(total).toBeLessThan(100_000);
    expect(complaints).toEqual([]);
    expect(await page.locator('h1').textContent()).toBe('What will the loss be at width 48?');
    expect(await refusedOf(page)).toEqual([
      'connect-src',
      'script-src',
      'script-src-elem',
      'style-src-attr',
      'worker-src',
    ]);
  });
});

describe('training', () => {
  it('goes from the button to the verdict, which goes out as a file and comes in again, is deleted and put back, and is still there after a reload, also where an earlier version saved it, and on a phone; one more rung leaves the seal, a point leaves the fit and comes back', async () => {
    const { page, complaints } = await visit(stage, { experiment: tinyExperiment() });
    await trainToEnd(page);
    expect(await page.locator('h1').textContent()).toMatch(
      /^Width 24 was predicted at \d\.\d{3} and reached \d\.\d{3}$/,
    );
    const card = page.getByRole('region', { name: 'Sealed prediction, width 24' });
    expect(await card.textContent()).toMatch(
      /Measured \d\.\d{3}, (inside|above|below) the interval\s+predicted (\d+\.\d\d % too (low|high)|to within)/,
    );
    expect(await card.locator('.hash').textContent()).toMatch(/^[0-9a-f]{64}$/);
    expect(await page.getByRole('button', { name: /^Width \d+: loss .* in the fit$/ }).count()).toBe(3);
    expect(await page.locator('.chips').first().textContent()).toMatch(
      /8\s*\d\.\d{3}.*12\s*\d\.\d{3}.*16\s*\d\.\d{3}/s,
    );
    await savedFigure(page, 'PNG picture, three times as fine');
    await savedFigure(page, 'CSV numbers');
    expect(complaints).toEqual([]);
    await comesIn(await savedFile(page, 'result.json'));

    // What was deleted is put back, and found again by the page that is loaded next.
    await page.getByRole('button', { name: 'Saved', exact: true }).click();
    await page.getByRole('button', { name: /^Delete / }).click();
    await page.getByText('Nothing saved yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: /^Delete / }).waitFor();
    await page.keyboard.press('Escape');

    await forgetLaterOptions(page);
    await page.reload();
    await page.locator('h1', { hasText: 'Width 24 was predicted at' }).waitFor();
    expect(await page.locator('.primary').textContent()).toMatch(/^Train again/);
    expect(await page.getByText('Measured with earlier settings').count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    await page.getByText('All settings').click();
    expect(await hasSidewaysScroll(page)).toBe(false);
    expect(await axeFindings(page)).toEqual([]);
    await page.setViewportSize(DESK);

    // One more rung: only that one trains, and the seal stays as it was.
    const seal = await page.locator('.hash').textContent();
    const law = page.getByRole('region', { name: 'The law' }).locator('dl');
    const withoutIt = await law.textContent();
    await page.getByRole('button', { name: 'Add a rung' }).click();
    await page.getByLabel('Width of the new rung').fill('20');
    await page.keyboard.press('Enter');
    await page.locator('.primary', { hasText: 'Train the rest' }).waitFor();
    await trainToEnd(page);
    expect(await page.getByRole('button', { name: /^Width 20: loss/ }).count()).toBe(1);
    expect(await page.locator('.hash').textContent()).toBe(seal);

    // A point leaves the fit and comes back, by keyboard too.
    const point = page.getByRole('button', { name: /^Width 8: loss/ });
    // Training does not wait for the law of its last rung.
    await expect.poll(() => law.textContent()).not.toBe(withoutIt);
    const before = await law.textContent();
    await point.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => point.getAttribute('aria-pressed')).toBe('false');
    await expect.poll(() => law.textContent()).not.toBe(before);
    await point.focus();
    await page.keyboard.press(' ');
    await expect.poll(() => law.textContent()).toBe(before);
  });

  it('pauses, resumes, and cancels, keeping what was measured', async () => {
    const { page } = await visit(stage, {
      experiment: tinyExperiment((e) => {
        // Enough that it still trains when it is paused, on a fast machine too.
        e.recipes[0].steps = 3000;
        e.ladder = { rungs: [8, 12, 16, 20], targets: [24] };
      }),
      colorScheme: 'dark',
    });
    const big = page.locator('.primary');
    // Between two cohorts there is no step.
    const step = async () => {
      const queue = await page.locator('.card', { hasText: 'Queue' }).textContent();
      return /step \d+ of 3000/.exec(queue!)?.[0] ?? 'none';
    };
    await big.click();
    await page.getByText(/^step [1-9]\d* of 3000$/).waitFor();
    expect(await axeFindings(page)).toEqual([]);

    // The ladder takes new widths while it trains; one that does not divide into heads is refused and changes nothing.
    await page.getByRole('button', { name: 'Add a rung' }).click();
    await page.getByLabel('Width of the new rung').fill('18');
    await page.keyboard.press('Enter');
    await page.getByText(/does not divide into heads/).waitFor();
    await page.getByLabel('Width of the new rung').fill('28');
    await page.keyboard.press('Enter');
    await page.locator('.card', { hasText: 'Queue' }).getByText('28').first().waitFor();
    await big.click();
    await big.filter({ hasText: 'Resume' }).waitFor();
    // Steps that were under way arrive; then there are no more.
    let last = '';
    const isStill = async () => last === (last = await step());
    await expect.poll(isStill, { interval: 500 }).toBe(true);
    await big.click();
    await big.filter({ hasText: 'Pause' }).waitFor();
    await page.getByRole('button', { name: /^Width 8: loss/ }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await big.filter({ hasText: 'Train the rest' }).waitFor();
    expect(await page.getByRole('button', { name: /^Width 8: loss/ }).count()).toBe(1);
    expect(await page.locator('[role=alert]').allTextContents()).toEqual([]);
  });
});

describe('a page that is left in mid-training', () => {
  it('says so when it is loaded again, and goes on from the last seconds to the bits of one that was not left', async () => {
    const experiment = tinyExperiment((e) => {
      // It is first kept after four seconds: then most of it is still to come, on a fast machine too.
      e.recipes[0].steps = 5000;
      e.ladder = { rungs: [8], targets: [] };
    });
    const lossesOf = async (page: Page) => {
      const { runs } = JSON.parse((await savedFile(page, 'result.json')).buffer.toString());
      return runs.map((run: { trainLoss: number[]; finalEvalLoss: number }) => [run.trainLoss, run.finalEvalLoss]);
    };
    const { page: undisturbed } = await visit(stage, { experiment });
    await trainToEnd(undisturbed);
    const expected = await lossesOf(undisturbed);

    const { page, complaints } = await visit(stage, { experiment });
    page.on('dialog', (dialog) => void dialog.accept());
    await page.locator('.primary').click();
    const keptStep = () =>
      page.evaluate(async () => {
        // Opened before the trainer made it, it would be one without anything in it.
        const name = 'mup-playground-checkpoints';
        if (!(await indexedDB.databases()).some((one) => one.name === name)) return 0;
        const opening = indexedDB.open(name);
        const db = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
        const all = db.transaction('cohorts').objectStore('cohorts').getAll();
        await new Promise((resolve) => (all.onsuccess = resolve));
        db.close();
        return (all.result[0]?.state.step as number | undefined) ?? 0;
      });
    // Paused before it is left: a fast machine would be through before the page is loaded again.
    const leave = async () => {
      await expect.poll(keptStep).toBeGreaterThan(0);
      await page.locator('.primary', { hasText: 'Pause' }).click();
      await page.locator('.primary', { hasText: 'Resume' }).waitFor();
      await page.reload();
    };
    await leave();
    const notice = page.getByText(/^Tiny was left while width 8 trained, at step \d+ of 5000\.$/);
    await notice.waitFor();
    const step = await keptStep();
    expect(step).toBeLessThan(5000);
    expect(await notice.textContent()).toContain(`step ${step} of`);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(() => notice.count()).toBe(0);
    // It does not begin again.
    const first = await page.getByText(/^step [1-9]\d* of 5000$/).textContent();
    expect(Number(/\d+/.exec(first!)![0])).toBeGreaterThanOrEqual(step);
    await page.locator('.primary', { hasText: 'Train again' }).waitFor();
    expect(await lossesOf(page)).toEqual(expected);
    expect(complaints).toEqual([]);

    // Left once more, and discarded: nothing of it is told of again, and what was measured before is still there.
    await expect.poll(keptStep).toBe(0);
    await page.getByRole('button', { name: 'Add a rung' }).click();
    await page.getByLabel('Width of the new rung').fill('12');
    await page.keyboard.press('Enter');
    await page.locator('.primary', { hasText: 'Train the rest' }).click();
    await leave();
    await page.getByText(/^Tiny was left while width 12 trained, at step \d+ of 5000\.$/).waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(keptStep).toBe(0);
    await page.reload();
    await page.getByRole('button', { name: /^Width 8: loss/ }).waitFor();
    await page.locator('.primary', { hasText: 'Train the rest' }).waitFor();
    expect(await page.getByText(/was left/).count()).toBe(0);
  });
});

describe('on a phone', () => {
  it('never scrolls sideways, and keeps the button in reach', async () => {
    const { page } = await visit(stage, {
      experiment: tinyExperiment(),
      viewport: PHONE,
      hasTouch: true,
    });
    expect(await hasSidewaysScroll(page)).toBe(false);
    const hero = await page.locator('h1').boundingBox();
    expect(hero!.y).toBeLessThan(400);
    const button = await page.locator('.primary').boundingBox();
    expect(button!.y + button!.height).toBeLessThanOrEqual(PHONE.height);
    await page.getByRole('button', { name: 'What the words mean' }).click();
    const words = await page.locator('dt', { hasText: 'base width' }).boundingBox();
    expect(words!.x).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await page.getByText('All settings').click();
    expect(await hasSidewaysScroll(page)).toBe(false);
  });
});

type File = Awaited<ReturnType<typeof savedFile>>;

/** Opens the result of the tiny experiment in a visit of somebody else; what is none is refused in one sentence before. */
async function comesIn(result: File): Promise<void> {
  const { page } = await visit(stage, { experiment: presetExperiment('smoke') });
  const opener = page.locator('input[type=file][accept*="json"]');
  const file = (name: string, text: string): File => ({ ...result, name, buffer: Buffer.from(text) });
  await opener.setInputFiles(file('notes.json', 'no json'));
  await page.getByText('notes.json is not JSON').waitFor();
  await opener.setInputFiles(file('other.json', '{"schema":"something"}'));
  await page.getByText('other.json cannot be used: schema').waitFor();
  await opener.setInputFiles(result);
  await page.getByRole('button', { name: /^Width 16: loss/ }).waitFor();
  expect(await page.locator('#preset option:checked').textContent()).toBe('Tiny (changed)');
}

/** Makes the saved experiment what a version that knew fewer options wrote, in one store and with all texts of its page. */
function forgetLaterOptions(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
    const db = await done(indexedDB.open('mup-playground'));
    const [{ id, data }] = await done(db.transaction('experiments').objectStore('experiments').getAll());
    db.close();
    delete data.experiment.study;
    const later = ['architecture', 'depth', 'growth', 'rules'];
    for (const recipe of data.experiment.recipes) for (const option of later) delete recipe[option];
    const { created, experiment } = data;
    const widths = [...experiment.ladder.rungs, ...experiment.ladder.targets];
    const saved = { id, created, name: experiment.name, widths, isFinished: true, data, texts: { 'other.txt': 'x' } };
    await done(indexedDB.deleteDatabase('mup-playground'));
    const opening = indexedDB.open('mup-playground', 1);
    opening.onupgradeneeded = () =>
      opening.result.createObjectStore('experiments', { keyPath: 'id' }).createIndex('created', 'created');
    const earlier = await done(opening);
    await done(earlier.transaction('experiments', 'readwrite').objectStore('experiments').put(saved));
    earlier.close();
  });
}
