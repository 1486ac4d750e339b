/** Losses that were measured elsewhere: a table pasted, mended, fitted, sealed, checked, exported and linked. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseFitFile } from '../../src/scaling/fit-file.ts';
import {
  axeFindings,
  DESK,
  hasSidewaysScroll,
  newPage,
  openStage,
  PHONE,
  savedFile,
  visit,
  type Stage,
} from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

const law = (x: number) => 2 + 5 * x ** -0.6;
const ROWS = [16, 24, 32, 48, 64].map((x) => `${x};${law(x).toFixed(4).replace('.', ',')}`);

it('opens with the published table and its held-out losses, accessibly, on a desk and on a phone', async () => {
  for (const viewport of [DESK, PHONE]) {
    const { page, complaints } = await visit(stage, { viewport });
    await page.getByRole('link', { name: 'Tables' }).click();
    await page.locator('h1', { hasText: 'At x = 1446.72 the loss was predicted to be 3.0' }).waitFor();
    await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#v=1&losses=/);
    expect(await page.getByRole('region', { name: /^Known already, x = / }).count()).toBe(3);
    expect(await axeFindings(page)).toEqual([]);
    expect(await hasSidewaysScroll(page)).toBe(false);
    expect(complaints).toEqual([]);
  }
});

it('a pasted table is mended where it is told, sealed, checked, exported, and comes back from its link', async () => {
  const { page, complaints } = await visit(stage);
  await page.getByRole('link', { name: 'Tables' }).click();
  const text = page.getByLabel('Paste any table, or drop files anywhere');
  await page.getByRole('button', { name: 'Empty' }).click();
  await text.fill(`width;loss\n${ROWS.join('\n').replace('24;', '24 q;')}\n128;\n`);
  await page.getByText('Row 3, column "width": must be a finite number above 0, not "24 q".').waitFor();
  await text.fill(`width;loss\n${ROWS.join('\n')}\n128;\n`);
  await page.locator('h1', { hasText: `At x = 128 the loss will be ${law(128).toFixed(2)}` }).waitFor();
  await page.getByLabel('x to predict').count();
  await page.getByRole('button', { name: 'Seal this prediction' }).click();
  const card = page.getByRole('region', { name: 'Sealed prediction, x = 128' });
  await card.getByLabel('Measured').fill('3,5');
  await page.keyboard.press('Tab');
  await card.getByText('Measured 3.500, above the interval').waitFor();

  const written = parseFitFile(JSON.parse((await savedFile(page, 'fit.json')).buffer.toString()));
  expect(written.fits[0]!.points).toHaveLength(5);
  expect(written.sealed![0]).toMatchObject({ target: 128, actual: 3.5, verdict: 'above' });

  await expect.poll(() => page.evaluate(() => location.hash.length)).toBeGreaterThan(600);
  const link = page.url();
  const other = await newPage(stage);
  await other.goto(link);
  await other.getByText('Measured 3.500, above the interval').waitFor();
  await other.getByRole('link', { name: 'Predict' }).click();
  await other.locator('.primary').waitFor();
  await other.goBack();
  await other.getByText('Measured 3.500, above the interval').waitFor();
  expect(complaints).toEqual([]);
});

it('columns are chosen in the page, and what cannot be fitted is refused in plain words', async () => {
  const { page } = await visit(stage, { hash: '' });
  await page.getByRole('link', { name: 'Tables' }).click();
  const text = page.getByLabel('Paste any table, or drop files anywhere');
  await text.fill('a,b,c\n1,10,4\n2,20,3.5\n4,40,3.2\n8,80,3.1\n');
  await page.getByText('No name says which column is the size; it may be "a" or "b".').waitFor();
  await page.getByLabel('What b is').selectOption('size');
  await page
    .getByText('x, 10 to 80')
    .or(page.locator('h1', { hasText: 'The law through four points' }))
    .first()
    .waitFor();
  await text.fill('width,loss\n16,4\n32,3.5\n');
  await page.getByText('A law needs losses at three different x or more; there are 2.').first().waitFor();
  await text.fill('width,loss\n16,3\n32,3.5\n64,3.9\n128,4.4\n');
  await page
    .getByText(/losses rise with x/)
    .first()
    .waitFor();
  await text.fill('width,steps,loss\n16,100,4\n32,100,3.5\n64,200,3.1\n');
  await page.getByText(/a law over x alone needs losses after equal training/).waitFor();
});

it('what a table leaves open is answered with one click, and then said', async () => {
  const { page, complaints } = await visit(stage);
  await page.getByRole('link', { name: 'Tables' }).click();
  const joint = (n: number, d: number) => 1.9 + 420 / n ** 0.35 + 600 / d ** 0.3;
  const rows = [1e7, 3e7, 1e8].flatMap((n) => [1e9, 4e9, 1.6e10].map((d) => `r${n}-${d},${n},${d},${joint(n, d)}`));
  await page
    .getByLabel('Paste any table, or drop files anywhere')
    .fill(`name,params,total_tokens,loss\n${rows.join('\n')}\n`);
  await page.getByText(/^Column "total_tokens" has 1000000000 and 4000000000/).waitFor();
  await page.getByRole('button', { name: 'a law of both' }).click();
  await page.locator('h1', { hasText: 'The best size for a budget grows as C to the 0.46' }).waitFor();
  await page.getByText('E = 1.9').first().waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it('on a phone one pastes first, then reads what was understood, then what was found; what is asked about is in sight', async () => {
  const { page, complaints } = await visit(stage, { viewport: PHONE });
  await page.getByRole('link', { name: 'Tables' }).click();
  const text = page.getByLabel('Paste any table, or drop files anywhere');
  const finding = page.locator('h1');
  await page.locator('h1', { hasText: 'At x = 1446.72' }).waitFor();
  const understood = page.getByRole('heading', { name: 'What was understood' });
  const tops = await Promise.all([text, understood, finding].map(async (one) => (await one.boundingBox())!.y));
  expect(tops).toEqual(tops.toSorted((one, other) => one - other));
  const names = ['name', 'note', 'params', 'gpu', 'batch', 'clip', 'warmup', 'decay', 'total_tokens', 'loss'];
  const rows = [1e7, 3e7, 1e8].flatMap((n) =>
    [1e9, 4e9].map((d) => `r${n}-${d},x,${n},8,256,1,10,0.1,${d},${1.9 + 420 / n ** 0.35 + 600 / d ** 0.3}`),
  );
  await text.fill(`${names.join(',')}\n${rows.join('\n')}\n`);
  await page.getByText(/^Column "total_tokens" has 1000000000 and 4000000000/).waitFor();
  const [asked, region] = await Promise.all(
    [page.getByLabel('What total_tokens is'), page.getByRole('region', { name: 'Columns of the table' })].map((one) =>
      one.boundingBox(),
    ),
  );
  expect(asked!.x + asked!.width).toBeLessThan(region!.x + region!.width);
  expect(await hasSidewaysScroll(page)).toBe(false);
  expect(complaints).toEqual([]);
});

it('nothing but what can be asked stands there while nothing can be read', async () => {
  const { page, complaints } = await visit(stage);
  await page.getByRole('link', { name: 'Tables' }).click();
  await page.getByRole('button', { name: 'Empty' }).click();
  await page.locator('h1', { hasText: 'What do your losses say?' }).waitFor();
  await page.getByLabel('Paste any table, or drop files anywhere').fill('hello, this is no table');
  await page.locator('h1', { hasText: 'Nothing can be read yet' }).waitFor();
  expect(await page.getByRole('figure').count()).toBe(0);
  expect(await page.getByRole('heading', { name: 'The law' }).count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it('a long table is read while the page goes on, from a field that holds its beginning', async () => {
  const { page, complaints } = await visit(stage);
  await page.getByRole('link', { name: 'Tables' }).click();
  await page.locator('h1', { hasText: 'At x = 1446.72' }).waitFor();
  const steps = 5000;
  const rows = Array.from({ length: 20 }, (_, i) => 64 * (i + 1)).flatMap((width) =>
    Array.from({ length: steps }, (_, s) => `w${width},${s + 1},${(law(width) + 3 / Math.sqrt(s + 1)).toFixed(4)}`),
  );
  const text = page.getByLabel('Paste any table, or drop files anywhere');
  // How long it stands there is the machine's affair.
  const isSaid = await page.locator('p.reading').evaluateHandle((status) => {
    const said = { reading: false };
    const look = () => (said.reading ||= status.textContent === 'The table is being read.');
    new MutationObserver(look).observe(status, { childList: true, characterData: true, subtree: true });
    return said;
  });
  await text.evaluate(
    (field: HTMLTextAreaElement, pasted) => {
      field.select();
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData }));
    },
    `run,step,loss\n${rows.join('\n')}\n`,
  );
  // The page still does as it is told.
  await page.getByRole('button', { name: 'Saved', exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByText('20 trainings, from the smallest to the largest.').waitFor();
  expect(await isSaid.evaluate(({ reading }) => reading)).toBe(true);
  expect((await text.inputValue()).length).toBeLessThan(100_000);
  await page.getByText('this is its beginning').waitFor();
  await page.getByRole('button', { name: 'Empty' }).click();
  await text.fill(`width;loss\n${ROWS.join('\n')}\n128;\n`);
  await page.locator('h1', { hasText: `At x = 128 the loss will be ${law(128).toFixed(2)}` }).waitFor();
  // Of what was left, the list tells what it was.
  const earlier = await page.getByLabel('Open an earlier table').locator('option').allTextContents();
  expect(earlier[1]).toMatch(/^“run,step,loss”: curves, 100,000 rows, \d{4}-\d\d-\d\d \d\d:\d\d$/);
  expect(complaints).toEqual([]);
});

it('curves with repeats of a size are drawn, each size named once', async () => {
  const { page, complaints } = await visit(stage);
  await page.getByRole('link', { name: 'Tables' }).click();
  const rows = [64, 128, 256].flatMap((width) =>
    [1, 2].flatMap((seed) =>
      Array.from({ length: 40 }, (_, i) => 10 * (i + 1)).map(
        (step) => `${width},${seed},${step},${(law(width) + 1 / step + seed / 1e3).toFixed(4)}`,
      ),
    ),
  );
  await page.getByLabel('Paste any table, or drop files anywhere').fill(`width,seed,step,loss\n${rows.join('\n')}\n`);
  const curves = page.getByRole('region', { name: 'Loss while training' });
  await curves.getByText('6 trainings, from the smallest to the largest.').waitFor();
  expect(await curves.locator('li').allTextContents()).toEqual(
    ['64', '128', '256'].map((one) => expect.stringContaining(one)),
  );
  const scaled = page.getByRole('region', { name: 'Curves on one scale' });
  await scaled
    .getByText(/The table: brought to one scale, the curves of 3 sizes differ by .* and seeds alone by/)
    .waitFor();
  expect(await scaled.locator('li').count()).toBe(3);
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it('a prediction of a law of size and tokens is sealed, and measured by the row of that size and these tokens', async () => {
  const { page, complaints } = await visit(stage);
  await page.getByRole('link', { name: 'Tables' }).click();
  const joint = (n: number, d: number) => 1.8 + 400 / n ** 0.35 + 2000 / d ** 0.37;
  const rows = [1e6, 3e6, 1e7, 3e7].flatMap((n) => [1e8, 1e9, 1e10].map((d) => `${n},${d},${joint(n, d)}`));
  const text = page.getByLabel('Paste any table, or drop files anywhere');
  await text.fill(`params,tokens,loss\n${rows.join('\n')}\n1e9,1e11,\n`);
  await page.getByRole('button', { name: 'a law of both' }).click();
  await page.getByRole('button', { name: 'Seal this prediction' }).click();
  const card = page.getByRole('region', { name: 'Sealed prediction, N = 1B, D = 100B' });
  await card.getByLabel('Measured').waitFor();
  await text.fill(`params,tokens,loss\n${rows.join('\n')}\n1e9,1e11,2.5\n`);
  await card.getByText('Measured 2.500, above the interval').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it('two series are drawn against each other with their crossing; maps and panels of one series bear no name', async () => {
  const { page, complaints } = await visit(stage);
  await page.getByRole('link', { name: 'Tables' }).click();
  const text = page.getByLabel('Paste any table, or drop files anywhere');
  const rows = [1e6, 3e6, 1e7, 3e7, 1e8].flatMap((x) => [
    `base,${x},${(2.3 + 200 * x ** -0.36).toFixed(5)}`,
    `ours,${x},${(1.9 + 420 * x ** -0.36).toFixed(5)}`,
  ]);
  await text.fill(`model,params,loss\n${rows.join('\n')}\nbase,1e9,\n`);
  const chart = page.getByRole('region', { name: 'Series against each other' });
  await chart.getByText(/^ours overtakes base at params = \d/).waitFor();
  await chart.locator('svg text', { hasText: /^cross at / }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  const maps = [64, 128, 256].flatMap((width) =>
    [1, 2, 4, 8].flatMap((rate) =>
      [0.9, 0.95, 0.99].map(
        (beta) =>
          `${width},${rate / 1000},${beta},${law(width) + 0.05 * Math.log2(rate / 4) ** 2 + 30 * (beta - 0.95) ** 2}`,
      ),
    ),
  );
  await text.fill(`width,lr,beta2,loss\n${maps.join('\n')}\n`);
  const map = page.getByRole('region', { name: 'Loss over two hyperparameters' });
  await map.locator('svg text', { hasText: 'width 256' }).waitFor();
  expect(await map.locator('svg text', { hasText: 'The table' }).count()).toBe(0);
  expect(complaints).toEqual([]);
});

it('ready tables of every kind say what they show, accessibly, on a desk and on a phone', async () => {
  for (const viewport of [DESK, PHONE]) {
    const { page, complaints } = await visit(stage, { viewport });
    await page.getByRole('link', { name: 'Tables' }).click();
    // The examples that come with the page are part of them.
    await page.unroute('**/recorded/*.json');
    const ready = page.getByLabel('Open a ready table');
    await ready.waitFor();
    for (const [name, words] of [
      [/^A rate sweep/, 'The best learning rate stays for μP and falls for SP'],
      [/^An isoFLOP set/, 'The best size for a budget grows as C to the 0.5'],
      [/^A coordinate check/, 'Under μP every module keeps its size; under SP attention, layer 0 grows'],
    ] as const) {
      const label = (await ready.locator('option').allTextContents()).find((one) => name.test(one))!;
      await ready.selectOption(label);
      await page.locator('h1', { hasText: words }).waitFor();
      if (name.test('A rate sweep')) await page.getByText('at each size the law takes the best.').waitFor();
      expect(await axeFindings(page), label).toEqual([]);
      expect(await hasSidewaysScroll(page), label).toBe(false);
    }
    expect(complaints).toEqual([]);
  }
});

it('files dropped on any view open as one table', async () => {
  const { page, complaints } = await visit(stage);
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    for (const width of [64, 128, 256]) {
      const rows = [1, 2, 3, 4, 5].map((step) => `${step},${3 + 8 / width + 1 / step}`);
      transfer.items.add(new File([`step,loss\n${rows.join('\n')}\n`], `w${width}.csv`));
    }
    document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
  });
  await page.getByText('3 files, three losses').waitFor();
  await page.getByText('3 trainings, from the smallest to the largest.').waitFor();
  await page.getByRole('button', { name: 'Add a size' }).click();
  await page.getByLabel('x to predict').fill('1024');
  await page.keyboard.press('Enter');
  await page.getByText('predicted for 1024, 80 % band').waitFor();
  expect(complaints).toEqual([]);
});

it('a visit through all views and back shows what is there, and Svelte warns of nothing', async () => {
  const { page, complaints } = await visit(stage);
  const VIEWS = ['Compare', 'Transfer', 'Coordinates', 'Basin', 'Learnt', 'Tables', 'Predict'];
  for (const name of [...VIEWS, ...VIEWS.toReversed()]) {
    await page.getByRole('link', { name }).click();
    await expect.poll(() => page.title()).toMatch(new RegExp(`^${name}`));
    await page.locator('h1').waitFor();
  }
  await page.getByRole('link', { name: 'Tables' }).click();
  await page.getByRole('button', { name: 'Empty' }).click();
  await page.getByLabel('Paste any table, or drop files anywhere').fill(`width;loss\n${ROWS.join('\n')}\n128;\n`);
  await page.locator('h1', { hasText: `At x = 128 the loss will be ${law(128).toFixed(2)}` }).waitFor();
  await page.getByText('Your table, five losses').waitFor();
  await page.getByRole('link', { name: 'Predict' }).click();
  expect(await page.getByRole('link', { name: 'Tables' }).getAttribute('href')).toMatch(/losses=/);
  expect(complaints).toEqual([]);
});
