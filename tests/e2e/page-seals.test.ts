/** What the page says of the seals on show, and the text that it gives to publish: of a recorded result and of a table, with nothing trained. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExperimentResult } from '../../src/model/result.ts';
import { axeFindings, hasSidewaysScroll, openStage, PHONE, visit, type Stage } from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

const SENTENCES = readFileSync('public/recorded/sentences.json', 'utf8');

it('of a result: every claim with how it stands, the text to paste, and a hash that was published', async () => {
  const { sealed } = JSON.parse(SENTENCES) as ExperimentResult;
  const { page, complaints } = await visit(stage, {
    recorded: SENTENCES,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await page.getByRole('button', { name: 'Check or publish' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'What can be known of these seals' });
  await dialog.getByText('Everything that can be checked here holds: 15 claims.').waitFor();
  expect(await dialog.getByRole('region', { name: 'muP, width 48' }).getByRole('listitem').allTextContents()).toEqual([
    expect.stringContaining(`holds: All that is sealed makes the hash ${sealed[0]!.sealHash}.`),
    expect.stringContaining('holds: Recipe, losses, width and level are those that it was made from.'),
    expect.stringContaining('holds: The losses that it was made from'),
    expect.stringContaining('holds: The law fitted anew to the sealed losses predicts the same'),
    expect.stringContaining('holds: Its training curve, predicted anew'),
    expect.stringContaining('holds: The fit in this file is of the same losses'),
    expect.stringContaining('holds: Measured 2.4375, inside the interval'),
    expect.stringContaining('cannot be known: By its own clock it was sealed at'),
  ]);
  expect(await axeFindings(page)).toEqual([]);

  await dialog.getByRole('button', { name: 'Copy the text' }).click();
  await dialog.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^2 sealed predictions, muP Playground 0\.1\.0, commit [0-9a-f]{40}\n/);
  for (const { sealHash } of sealed) expect(copied).toContain(`SHA-256 ${sealHash}\n`);
  expect(copied).toContain(`npm run verify -- result.json --hash ${sealed[0]!.sealHash}`);

  const field = dialog.getByRole('textbox', { name: 'A hash that was published' });
  await field.fill('abc');
  await dialog.getByText('There is no hash in it').waitFor();
  await field.fill('a'.repeat(64));
  await dialog.getByText('No seal here has that hash.').waitFor();
  await field.fill(copied);
  for (const { sealHash } of sealed) {
    await dialog.getByText(`The published hash ${sealHash!.slice(0, 12)}… is that of this seal`).waitFor();
  }
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog.count()).toBe(0);

  await page.setViewportSize(PHONE);
  await page.getByRole('button', { name: 'Check or publish' }).last().click();
  await dialog.getByText('Everything that can be checked here holds').waitFor();
  expect(await hasSidewaysScroll(page)).toBe(false);
  expect(await dialog.evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(false);
  expect(complaints).toEqual([]);
});

it('of a table: the same of its seals, one of which waits for its loss', async () => {
  const buffer = gunzipSync(readFileSync('tests/unit/earlier/fit.json.gz'));
  const { page, complaints } = await visit(stage);
  await page.getByRole('link', { name: 'Tables' }).click();
  const chooser = page.locator('input[type=file][accept*=json]').last();
  await chooser.setInputFiles({ name: 'fit.json', mimeType: 'application/json', buffer });
  await page.getByText('fit.json is open.').waitFor();
  await page.getByRole('button', { name: 'Check or publish' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'What can be known of these seals' });
  await dialog.getByText('Everything that can be checked here holds').waitFor();
  await dialog.getByText('Published before the loss is measured').waitFor();
  expect(await dialog.getByRole('region', { name: 'x = 3000' }).getByRole('listitem').last().textContent()).toContain(
    'No file can tell that this was before x = 3000 was measured',
  );
  expect(await dialog.getByRole('textbox', { name: 'Text to publish' }).inputValue()).toContain(
    'x = 3000: loss 3.0387',
  );
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});
