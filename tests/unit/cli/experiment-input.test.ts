import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readExperiment } from '../../../cli/experiment-input.ts';
import { RESULT_SCHEMA } from '../../../src/model/result.ts';
import { experimentWith } from '../experiment/fakes.ts';

const folder = mkdtempSync(join(tmpdir(), 'mup-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a text of one’s own takes the place of every corpus and leaves the study as it was', () => {
  const sweep = { parameter: 'optimizer.learningRate' as const, values: [0.1, 0.2, 0.4] };
  const experiment = experimentWith({ ladder: { rungs: [8] }, study: { kind: 'transfer', sweep, depths: [1, 2] } }, [
    'muP',
    'SP',
  ]);
  const [file, text] = ['study.json', 'own.txt'].map((name) => join(folder, name));
  writeFileSync(file, JSON.stringify(experiment));
  writeFileSync(text, 'So viel Text.');
  const read = readExperiment(file, text);
  const corpus = { kind: 'text', file: 'own.txt', heldOut: 0.1, tokenizer: 'characters', characters: 256 };
  expect(read.experiment).toEqual({ ...experiment, recipes: experiment.recipes.map((one) => ({ ...one, corpus })) });
  expect([read.texts, read.notes]).toEqual([{ 'own.txt': 'So viel Text.' }, []]);
});

test('an experiment file may begin with a byte order mark, as Windows writes it', () => {
  const experiment = experimentWith({ ladder: { rungs: [8, 12, 16] } });
  const file = join(folder, 'marked.json');
  writeFileSync(file, `\uFEFF${JSON.stringify(experiment, null, 2).replaceAll('\n', '\r\n')}`);
  expect(readExperiment(file, undefined).experiment).toEqual(experiment);
});

test('a text is read in whatever encoding, and a folder as one text, with what was guessed and left out', () => {
  const latin = join(folder, 'latin.txt');
  writeFileSync(latin, Buffer.from('Größe, fünf Häuser', 'latin1'));
  expect(readExperiment('smoke', latin)).toMatchObject({
    texts: { 'latin.txt': 'Größe, fünf Häuser' },
    notes: ['latin.txt: Read as Windows-1252, for it is no valid UTF-8.'],
  });
  const essays = join(folder, 'essays');
  mkdirSync(join(essays, 'more', '.git'), { recursive: true });
  for (const [name, content] of [
    ['10.txt', 'last\n\n'],
    ['2.txt', 'first\r\n'],
    ['.hidden', 'not this'],
    ['cover.png', Buffer.from('89504e470d0a1a0a0000', 'hex')],
    ['nothing.txt', ''],
    ['more/a.txt', Buffer.from('façade')],
    ['more/.git/config', 'nor this'],
  ] as const) {
    writeFileSync(join(essays, name), content);
  }
  const { texts, notes, experiment } = readExperiment('smoke', essays);
  expect(texts).toEqual({ 'essays, 3 files': 'first\n\nlast\n\nfaçade' });
  expect(experiment.recipes[0].corpus).toMatchObject({ kind: 'text', file: 'essays, 3 files' });
  expect(notes).toEqual([
    'essays, 3 files: Left out: 1 hidden (essays/.hidden), 1 no text (essays/cover.png), 1 empty (essays/nothing.txt).',
  ]);
});

test('a result is taken for its experiment, so that it is trained again', () => {
  const experiment = experimentWith({ ladder: { rungs: [8, 12, 16] } });
  const file = join(folder, 'result.json');
  writeFileSync(file, JSON.stringify({ schema: RESULT_SCHEMA, experiment, runs: [] }));
  expect(readExperiment(file, undefined).experiment).toEqual(experiment);
});
