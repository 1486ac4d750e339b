/** What people bring to the page: their ladder, their text, their files and links, right ones and wrong ones. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { axeFindings, openStage, tinyExperiment, trainToEnd, visit, type Stage } from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

const file = (name: string, buffer: Buffer | string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(buffer) });

describe('the ladder', () => {
  it('takes widths that can be trained, says what is wrong with others, and lets them move and go', async () => {
    const { page } = await visit(stage, { experiment: tinyExperiment() });
    await page.getByRole('button', { name: 'Add a rung' }).click();
    const input = page.getByLabel('Width of the new rung');
    await input.fill('10');
    await page.keyboard.press('Enter');
    await page.getByText('Width 10 does not divide into heads of size 4; use a multiple of 4, such as').waitFor();
    expect(await input.inputValue()).toBe('10');
    await input.fill('20');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Rung, width 20/ }).click();
    await page.getByRole('button', { name: 'Predict it instead' }).click();
    await page.getByRole('button', { name: /^Target, width 20/ }).click();
    await page.getByRole('button', { name: 'Remove 20' }).click();
    expect(await page.getByRole('button', { name: /width 20/ }).count()).toBe(0);
  });
});

describe('settings', () => {
  it('a wrong one is marked where it stands, training goes there, and nothing is lost', async () => {
    const { page } = await visit(stage, { experiment: tinyExperiment() });
    await page.getByText('All settings').click();
    await page.getByLabel('Steps', { exact: true }).fill('0');
    await page.getByLabel('Learning rate', { exact: true }).fill('2^-6');
    await page.getByText('Steps must be a whole number from 1 to 1000000, not 0.').waitFor();
    await page.locator('.primary').click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('field-recipes[0].steps');
    expect(await page.getByLabel('Steps', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Steps', { exact: true }).fill('40');
    expect(await page.getByText('Steps must be').count()).toBe(0);
    expect(await page.getByLabel('Learning rate', { exact: true }).inputValue()).toMatch(/2\^-6|2⁻⁶/);
  });

  it('a recipe that does not fit in the adapter’s limits is refused in one sentence at its control', async () => {
    const { page } = await visit(stage, { experiment: tinyExperiment((e) => (e.ladder.targets = [65_536])) });
    await page.locator('.primary').click();
    const sentence = page.locator('#field-ladder').getByRole('alert').first();
    await sentence.waitFor();
    expect(await sentence.textContent()).toMatch(/65536|width/);
    expect(await page.locator('.primary').textContent()).toMatch(/^Train/);
  });
});

describe('text of one’s own', () => {
  it('is refused in one sentence when it is no text or too short, and trains when it is one, chosen or pasted', async () => {
    const { page } = await visit(stage, { experiment: tinyExperiment() });
    await page.getByRole('button', { name: /^Corpus: / }).click();
    const dialog = page.getByRole('dialog', { name: 'What is trained on' });
    await dialog.getByRole('button', { name: /^Grammar/ }).click();
    await expect.poll(() => dialog.getByText('Best possible loss', { exact: true }).count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^A book/ }).click();
    await expect
      .poll(() => dialog.getByRole('group', { name: 'A passage of the book' }).textContent())
      .toMatch(/^Call me Ishmael\. Some years ago.*…$/s);
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^Your text/ }).click();
    await dialog.getByRole('button', { name: 'Use your text' }).click();
    const chooser = page.locator('input[type=file][accept*="text"]');
    await chooser.setInputFiles(file('photo.png', Buffer.from([1, 0, 2, 0])));
    await page.getByText('"photo.png" is a binary file (it holds zero bytes); choose a file of text.').waitFor();
    await chooser.setInputFiles(file('nothing.txt', ''));
    await page.getByText('"nothing.txt" is empty; choose a file of text.').waitFor();
    await page.locator('.primary').click();
    await page.getByText('There is no text yet; choose a file or paste one.').first().waitFor();

    await chooser.setInputFiles(file('short.txt', 'far too short'));
    await page.locator('.primary').click();
    await page.locator('[id="text-fault"]', { hasText: 'short.txt' }).waitFor();

    const poem = 'The wider the model, the lower the loss; how much lower, the ladder tells. '.repeat(60);
    await chooser.setInputFiles(file('poem.txt', poem));
    await page.getByText(/poem\.txt, 4,\d{3} characters/).waitFor();
    await chooser.setInputFiles(file('nothing.txt', ''));
    await page
      .getByText('"nothing.txt" is empty; choose a file of text. The text is still poem.txt, as it was read before.')
      .waitFor();
    const passage = page.getByRole('group', { name: 'Passage in tokens' });
    await page.getByText(/in its \d+ tokens of \d+ different ones; one stands for 1\.00 bytes/).waitFor();
    await page.getByRole('button', { name: 'BPE' }).click();
    await page.getByLabel(/^Vocabulary/).fill('280');
    await page.getByText(/in its \d+ tokens of 280 different ones; one stands for [1-9]\./).waitFor();
    expect((await passage.locator('.token').allTextContents()).some((token) => token.length > 2)).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await trainToEnd(page);
    await page
      .getByText(/bits per byte: of different tokenizers only these compare/)
      .first()
      .waitFor();
    expect(await page.locator('h1').textContent()).toMatch(/^Width 24 was predicted at/);
    expect(
      decodeURIComponent(
        atob(new URL(page.url()).hash.split('experiment=')[1].replaceAll('-', '+').replaceAll('_', '/')),
      ),
    ).not.toContain('wider');

    await page.getByText('or paste it').click();
    await page.getByLabel('Text to train on').fill('Words, words, words. '.repeat(100));
    await page.getByText(/pasted text, 2,\d{3} characters/).waitFor();
    await page.getByLabel('Text to train on').fill('W');
    await page.getByText('pasted text, 1 character', { exact: true }).waitFor();
    await page.getByLabel('Text to train on').fill('');
    await page.getByText(/pasted text, 1 character/).waitFor({ state: 'detached' });
    expect(await page.locator('[id="text-fault"]').textContent()).toBe('');
    await page.getByLabel('Text to train on').fill('Words, words, words. '.repeat(100));
    await page.getByText(/pasted text, 2,\d{3} characters/).waitFor();
    await page.locator('.primary', { hasNotText: 'Train again' }).waitFor();
    await trainToEnd(page);
  });
});

describe('text of one’s own from several files and from an address', () => {
  it('is read with what was guessed and left out, fetched once it is asked for, and left when it is cancelled', async () => {
    const asked: string[] = [];
    const server = createServer((request, answer) => {
      asked.push(request.url!);
      if (request.url !== '/closed.txt') answer.setHeader('access-control-allow-origin', '*');
      answer.setHeader('content-type', 'text/plain');
      if (request.url === '/endless.txt') answer.write('On and on. '.repeat(10_000));
      else answer.end('A text from elsewhere. '.repeat(100));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void (server.closeAllConnections(), server.close()));
    const address = `http://localhost:${(server.address() as AddressInfo).port}`;

    const corpus = { kind: 'text', file: `${address}/never.txt`, heldOut: 0.1, tokenizer: 'bytes', characters: 256 };
    const experiment = tinyExperiment((e) => Object.assign(e.recipes[0], { corpus }));
    const { page, complaints } = await visit(stage, { experiment });
    const field = page.getByRole('group', { name: 'Your own text' });
    await field
      .locator('input[type=file][multiple]')
      .setInputFiles([
        file('b.txt', Buffer.from('Größe, Häuser, fünf. '.repeat(50), 'latin1')),
        file('a.txt', 'The first of them. '.repeat(50)),
        file('c.bin', Buffer.from([1, 0, 2])),
      ]);
    await field.getByText(/2 files, a\.txt to b\.txt, 2,0\d\d characters/).waitFor();
    await field.getByText('Read as Windows-1252 by a guess: b.txt.').waitFor();
    await field.getByText('Left out: 1 no text (c.bin).').waitFor();
    await field.getByLabel('Read it as').selectOption('koi8-r');
    await field.getByText('Read as Windows-1252').waitFor({ state: 'detached' });

    await field.getByText('or fetch it from an address').click();
    expect(asked).toEqual([]);
    const fetched = async (path: string) => {
      await field.getByLabel('Address of a text').fill(address + path);
      await field.getByRole('button', { name: 'Fetch' }).click();
    };
    await fetched('/endless.txt');
    await field.getByText(/^0\.1 MB of localhost/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await field.getByRole('button', { name: 'Cancel' }).click();
    await field.getByRole('progressbar').waitFor({ state: 'detached' });
    await fetched('/book.txt');
    await field.getByText(/^book\.txt, 2,300 characters/).waitFor();
    expect(complaints).toEqual([]);
    await fetched('/closed.txt');
    await field.getByText(/could not be read: .* lets no other page read it \(CORS\)/).waitFor();
    await field.getByText(/^book\.txt, 2,300 characters/).waitFor();
    expect(asked).toEqual(['/endless.txt', '/book.txt', '/closed.txt']);
    await trainToEnd(page);
  });
});

describe('links and files', () => {
  it.each([
    ['#v=1&experiment=broken!', 'The link is damaged'],
    ['#v=9&experiment=e30', 'The link is of version 9'],
  ])('a bad link %s gets one sentence, and the default experiment stands', async (hash, sentence) => {
    const { page } = await visit(stage, { hash });
    expect(await page.getByRole('alert').textContent()).toContain(sentence);
    expect(await page.locator('#preset').inputValue()).toBe('sentences-smoke');
  });

  it('a bad link in an open page leaves its experiment, and the sentence stays until it is closed', async () => {
    const experiment = tinyExperiment((e) => (e.ladder = { rungs: [8], targets: [12] }));
    const { page } = await visit(stage, { experiment });
    await page.getByText('at least three rungs; with one, the targets stay untrained.').waitFor();
    await page.evaluate(() => (location.hash = '#v=9&experiment=e30'));
    const notice = page.getByRole('alert').filter({ hasText: 'The experiment shown stays as it was.' });
    await notice.waitFor();
    await page.locator('.primary').click();
    await page
      .locator('.primary', { hasText: 'Pause' })
      .or(page.getByRole('button', { name: /^Width 8/ }))
      .first()
      .waitFor();
    expect(await notice.count()).toBe(1);
    await notice.getByRole('button', { name: 'Close' }).click();
    expect(await notice.count()).toBe(0);
  });

  it('a link is shared as text where the clipboard refuses, and leads to the same experiment', async () => {
    const { page } = await visit(stage, { experiment: tinyExperiment() });
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } });
    });
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('The clipboard refused; copy the link from the field.').waitFor();
    const link = await page.getByLabel('Link', { exact: true }).inputValue();
    const { page: other } = await visit(stage, { hash: new URL(link).hash });
    expect(await other.getByRole('button', { name: /^Target, width 24/ }).count()).toBe(1);
    expect(await other.locator('#preset option:checked').textContent()).toBe('Tiny (changed)');
  });
});
