import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readExperiment } from '../../../cli/experiment-input.ts';
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
  expect(read.texts).toEqual({ 'own.txt': 'So viel Text.' });
});

test('an experiment file may begin with a byte order mark, as Windows writes it', () => {
  const experiment = experimentWith({ ladder: { rungs: [8, 12, 16] } });
  const file = join(folder, 'marked.json');
  writeFileSync(file, `\uFEFF${JSON.stringify(experiment, null, 2).replaceAll('\n', '\r\n')}`);
  expect(readExperiment(file, undefined).experiment).toEqual(experiment);
});
