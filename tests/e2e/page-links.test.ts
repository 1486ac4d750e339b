/** Links that carry results: what one visitor measured is what another sees, in the same figure, and trains beside it. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseResult } from '../../src/model/result.ts';
import { resultHash } from '../../src/ui/link/result-link.ts';
import { axeFindings, openStage, PHONE, tinyExperiment, trainToEnd, visit, type Stage } from './page-stage.ts';

const EXAMPLE = new URL('../../public/recorded/sentences.json', import.meta.url);

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

/** The link that the page offers. */
async function shared(page: Page, what: 'Result' | 'Short'): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: what, exact: true }).click();
  const field = page.getByLabel('Link', { exact: true });
  await expect.poll(() => field.inputValue()).toMatch(/#v=1&measured=/);
  const link = await field.inputValue();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  return new URL(link).hash;
}

const headline = (page: Page) => page.locator('h1').textContent();
const marks = (page: Page) =>
  page
    .locator('#hero figure svg')
    .first()
    .locator('circle, path')
    .evaluateAll((all) =>
      all.map((one) => one.getAttribute('d') ?? `${one.getAttribute('cx')} ${one.getAttribute('cy')}`),
    );
const words = (text: string | null) => text!.replace(/\s+/g, ' ').trim();

describe('a result in a link', () => {
  it(
    'is the same figure for whoever opens it, who trains it and sees both side by side',
    { timeout: 800_000 },
    async () => {
      const { page } = await visit(stage, { experiment: tinyExperiment() });
      await trainToEnd(page);
      const [full, short] = [await shared(page, 'Result'), await shared(page, 'Short')];
      expect(short.length).toBeLessThan(1500);
      expect(full.length).toBeLessThan(3000);
      for (const hash of [full, short]) {
        const { page: other, complaints } = await visit(stage, { hash });
        const banner = other.getByRole('region', { name: 'A result from a link' });
        await banner.waitFor();
        expect(words(await banner.textContent())).toMatch(
          /^Tiny, from a link\. Measured .* on .*swiftshader.*Its seal is intact/,
        );
        await expect.poll(() => headline(other)).toBe(await headline(page));
        await expect.poll(() => marks(other)).toEqual(await marks(page));
        expect(await other.getByText('From a link, not measured here').count()).toBe(1);
        expect(await axeFindings(other)).toEqual([]);
        expect(complaints).toEqual([]);
      }
      const { page: other } = await visit(stage, { hash: full });
      await other.getByRole('button', { name: 'Train it here' }).click();
      await other.locator('.primary', { hasText: 'Train again' }).waitFor();
      const banner = other.getByRole('region', { name: 'A result from a link' });
      await banner.getByText('4 runs measured here, too: the same losses, digit for digit.').click();
      expect(await banner.getByRole('row').count()).toBe(5);
      expect(await axeFindings(other)).toEqual([]);
      await banner.getByRole('button', { name: 'From the link' }).click();
      await other.getByText('From a link, not measured here').waitFor();
      await banner.getByRole('button', { name: 'Measured here' }).click();
      expect(await other.getByText('From a link, not measured here').count()).toBe(0);
      // What came by a link is not kept as one’s own.
      await other.reload();
      await other.locator('.primary', { hasText: 'Train again' }).waitFor();
    },
  );

  it('is drawn as a QR code, also on a phone', async () => {
    const { page } = await visit(stage, { experiment: tinyExperiment(), ...{ viewport: PHONE } });
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('button', { name: 'Show as QR code' }).click();
    const dialog = page.getByRole('dialog', { name: 'QR code of the link' });
    const box = (await dialog.getByRole('img').boundingBox())!;
    expect(box.width).toBeGreaterThan(0.8 * PHONE.width);
    expect(box.x + box.width).toBeLessThanOrEqual(PHONE.width);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => dialog.count()).toBe(0);
  });

  it('is offered where there is one: of the models that were trained nothing travels', async () => {
    const { page } = await visit(stage);
    await page.getByRole('link', { name: 'Learnt' }).click();
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('This view; the models do not travel in a link.').waitFor();
    await expect.poll(() => page.getByLabel('Link', { exact: true }).inputValue()).toMatch(/#learnt$/);
  });

  it('that was changed on the way is refused by its seal', async () => {
    const example = parseResult(JSON.parse(readFileSync(EXAMPLE, 'utf8')));
    example.sealed[0].lo -= 0.01;
    const { page } = await visit(stage, { hash: `#${await resultHash(example, false)}` });
    await page.getByText(/The link holds a result that cannot be used: .* is not what its hash says/).waitFor();
    expect(await page.getByRole('region', { name: 'A result from a link' }).count()).toBe(0);
  });
});
