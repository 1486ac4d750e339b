/** What the dialog of seals shows: the worst first, counted, and the hash in whatever was pasted. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { analyse } from '../../../src/analysis/analyse.ts';
import type { Ask } from '../../../src/analysis/ask.ts';
import { parseResult } from '../../../src/model/result.ts';
import { hashesIn, sealsOfResult, sealsOfTable } from '../../../src/ui/seal/seals.ts';

const ask: Ask = async (question) => analyse(question);
const result = parseResult(JSON.parse(readFileSync('public/recorded/sentences.json', 'utf8')));

test('each seal with its claims, what does not hold before what does, and what cannot be known last', async () => {
  const whole = await sealsOfResult(result, ask, []);
  expect(whole.counts).toEqual({ holds: 15, 'does not hold': 0, 'cannot be known': 3 });
  expect(whole.seals.map(({ title, isMeasured }) => [title, isMeasured])).toEqual([
    ['muP, width 48', true],
    ['muP, width 64', true],
  ]);
  const [seal, ...others] = result.sealed;
  const forged = { ...result, sealed: [{ ...seal!, loss: seal!.loss + 0.01 }, ...others] };
  const found = await sealsOfResult(forged, ask, []);
  expect(found.counts['does not hold']).toBe(3);
  expect(found.seals[0]!.statements.map(({ claim }) => claim)).toEqual([
    ...['hash', 'prediction', 'shown', 'inputs', 'losses', 'curve', 'verdict', 'order'],
  ]);
  expect(found.rest.map(({ claim }) => claim)).toEqual(['whole', 'training']);
});

test('a published hash is of one of the seals, or strange', async () => {
  const { sealHash } = result.sealed[1]!;
  const known = await sealsOfResult(result, ask, [sealHash!]);
  expect([known.isStrange, known.counts.holds]).toEqual([false, 16]);
  expect((await sealsOfResult(result, ask, ['a'.repeat(64)])).isStrange).toBe(true);
  const app = { version: '0.1.0', commit: 'unknown' };
  expect(await sealsOfTable({}, '', app, ask, [])).toMatchObject({ seals: [], isStrange: false });
});

test('the hashes are found in what was pasted', async () => {
  const { text } = await sealsOfResult(result, ask, []);
  expect(hashesIn(text)).toEqual(result.sealed.map(({ sealHash }) => sealHash));
  expect(hashesIn(` ${'AB'.repeat(32)}\n`)).toEqual(['ab'.repeat(32)]);
  for (const none of ['', 'abc', 'g'.repeat(64), 'a'.repeat(65)]) expect(hashesIn(none)).toEqual([]);
});
