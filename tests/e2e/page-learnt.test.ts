/** What the models have learnt, from their training to a later visit that asks them again. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright';
import { readSafetensors } from '../../src/model/safetensors.ts';
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

const textsOf = (page: Page) => page.locator('article .text').allTextContents();

async function written(page: Page, button: string): Promise<string[]> {
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByText('All texts are written').waitFor({ state: 'attached' });
  return textsOf(page);
}

it('models write, read a passage and show where they look, also in a later visit when their parameters were kept', async () => {
  const { page, complaints } = await visit(stage, { experiment: tinyExperiment() });
  const heading = page.locator('h1');
  await page.getByRole('link', { name: 'Learnt' }).click();
  await heading.filter({ hasText: 'What have the models learnt?' }).waitFor();
  await page.getByText('Nothing is trained to its end here yet.').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Go to Predict' }).click();
  await trainToEnd(page);

  await page.getByRole('link', { name: 'Learnt' }).click();
  await heading.filter({ hasText: /^Width 24 pays 0\.\d{3} nats a token (less|more) than width 8/ }).waitFor();
  const models = page.getByRole('list', { name: 'Models that can be asked' });
  expect(await models.getByRole('listitem').count()).toBe(4);
  const texts = await written(page, 'Write');
  // The prompt and 80 tokens, of each width, and all went on from the same.
  expect(texts).toHaveLength(4);
  for (const text of texts) expect(text.split(' ')).toHaveLength(88);
  expect(new Set(texts.map((text) => text.split(' ').slice(0, 8).join(' '))).size).toBe(1);
  expect(new Set(texts).size).toBeGreaterThan(1);

  const token = page.getByRole('slider', { name: /^Token of the passage/ });
  await token.focus();
  await page.keyboard.press('End');
  expect(await token.getAttribute('aria-valuetext')).toMatch(
    /at 16: width 8 \d\.\d{3} · .*width 24 \d\.\d{3} · true source \d\.\d{3}$/,
  );
  const row = page.getByRole('slider', { name: /^Row of the pattern/ });
  await row.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  expect(await row.getAttribute('aria-valuetext')).toMatch(/at 3 looks at “\d+” at \d \(\d+ %\)/);
  await page.getByRole('combobox', { name: /^Head/ }).selectOption({ label: '2' });
  await page.getByRole('group', { name: /^How head 2 of layer 1/ }).waitFor();
  const tables = page.getByRole('button', { name: 'Table', exact: true });
  while ((await tables.count()) > 0) await tables.first().click();
  expect(await page.getByRole('region', { name: 'Table: What each token costs' }).locator('tbody tr').count()).toBe(16);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: /^Switch to the/ }).click();
  expect(await axeFindings(page, 'colours')).toEqual([]);
  await page.setViewportSize(PHONE);
  expect(await hasSidewaysScroll(page)).toBe(false);
  expect(await axeFindings(page)).toEqual([]);
  await page.setViewportSize(DESK);

  const { name, buffer } = await savedFile(page, 'Parameters of width 16 as safetensors');
  expect(name).toBe('mup-w16-s1.safetensors');
  expect(readSafetensors(buffer).get('embed.token')!.shape).toEqual([64, 16]);
  await page.getByRole('button', { name: /^Keep in this browser, \d+ KB$/ }).click();
  await page.getByText(/Parameters of four runs are kept in this browser, \d+ KB\./).waitFor();

  await page.reload();
  await heading.filter({ hasText: /^Width 24 pays/ }).waitFor();
  expect(await written(page, 'Write')).toEqual(texts);
  await page.getByRole('button', { name: 'Forget them' }).click();
  await page.getByText('are kept in this browser').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText('trained in an earlier visit, without keeping the parameters').waitFor();
  expect(complaints).toEqual([]);
});

it('before anything is trained, the recorded example writes', async () => {
  const recorded = readFileSync(new URL('../../public/recorded/sentences.json', import.meta.url), 'utf8');
  const { page, complaints } = await visit(stage, { recorded });
  await page.getByRole('link', { name: 'Learnt' }).click();
  await page.locator('h1', { hasText: /^Width 64 pays 0\.\d{3} nats a token less than width 8/ }).waitFor();
  await page.getByText(/^Example: Sentences that can be read, recorded on/).waitFor();
  // Unasked, and again by another seed.
  await page.getByText('All texts are written').waitFor({ state: 'attached' });
  const before = await textsOf(page);
  await page.getByLabel('Seed', { exact: true }).fill('2');
  await page.getByLabel('Seed', { exact: true }).press('Enter');
  expect(await page.locator('article .text.isOld').count()).toBe(4);
  const texts = await written(page, 'Write again');
  expect(texts).not.toEqual(before);
  expect(texts).toHaveLength(4);
  for (const text of texts) expect(text).toMatch(/^This dog is clever\. The dog slowly [a-z]+/);
  expect(await page.getByText('Keep in this browser').count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});
