/** Verification of the seals of tables: what holds of a recorded `fit.json`, and every forgery called by its name. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../../src/analysis/analyse.ts';
import { remembering } from '../../../src/analysis/ask.ts';
import { hashSeal } from '../../../src/experiment/seal.ts';
import { revealFromTable, sealFromTable } from '../../../src/experiment/table-seal.ts';
import { unmatched } from '../../../src/experiment/verify/seal-statements.ts';
import { standsAll, type Claim, type Statement } from '../../../src/experiment/verify/statement.ts';
import { verifyTable } from '../../../src/experiment/verify/verify-table.ts';
import { InputError } from '../../../src/model/parse.ts';
import { parseFitFile, type FitFile } from '../../../src/scaling/fit-file.ts';
import { jointReport } from '../../../src/scaling/joint/joint.ts';
import { fitReport } from '../../../src/scaling/width/fit.ts';
import type { LossSeal } from '../../../src/scaling/loss-seal.ts';
import { mutants } from './mutants.ts';

const ask = remembering(async (question) => analyse(question), 50_000_000);
const file: FitFile = parseFitFile(
  JSON.parse(gunzipSync(readFileSync(new URL('../earlier/fit.json.gz', import.meta.url))).toString()),
);
const failing = (statements: readonly Statement[]) =>
  statements.filter(({ standing }) => standing === 'does not hold').map(({ claim }) => claim);
const sentences = (statements: readonly Statement[], standing: Statement['standing']) =>
  statements.filter((one) => one.standing === standing).map(({ sentence }) => sentence);

const TIME = '2026-11-30T12:00:00.000Z';
const ladder = [8, 16, 32, 64, 128].map((x, i) => ({ x, loss: 2 + 3 * x ** -0.5 + (i % 2) * 1e-3 }));
const [predicted] = fitReport({ points: ladder, targets: [256], grid: [] }).predictions;
const curve = { steps: [10, 20], loss: [4, 3], lo: [3.9, 2.9], hi: [4.1, 3.1] };

test('of a recorded table everything holds but what no file can tell', async () => {
  const statements = await verifyTable(file, ask);
  expect(standsAll(statements)).toBe(true);
  const four = statements.filter(({ seal }) => seal !== null);
  expect(new Set(four.map(({ seal }) => seal))).toEqual(
    new Set(['x = 194.24', 'x = 676.48', 'x = 1446.72', 'x = 3000']),
  );
  const each = (seal: string) =>
    four.filter((one) => one.seal === seal).map(({ claim, standing }) => `${claim}: ${standing}`);
  const made = ['hash', 'inputs', 'losses', 'prediction'].map((claim) => `${claim}: holds`);
  expect(each('x = 194.24')).toEqual([...made, 'verdict: holds', 'order: cannot be known']);
  expect(each('x = 3000')).toEqual([...made, 'verdict: cannot be known', 'order: cannot be known']);
  expect(statements.slice(-2).map(({ claim, standing }) => [claim, standing])).toEqual([
    ['whole', 'holds'],
    ['training', 'cannot be known'],
  ]);
  for (const { sentence } of statements) expect(sentence).toMatch(/^\S[^\n]*\.$/);
});

test('a table with other losses by now, a curve, tokens, or nothing sealed: what is said of each', async () => {
  const points = file.fits[0]!.points.slice(1);
  const moved = await verifyTable({ ...file, fits: [{ ...file.fits[0]!, points }] }, ask);
  expect(standsAll(moved)).toBe(true);
  expect(sentences(moved, 'cannot be known').join()).toContain('has other losses by now; what was sealed stays');

  const withCurve = sealFromTable('A', ladder, predicted!, TIME, { curve, curvesHash: 'c'.repeat(64) });
  const curved = await verifyTable({ sealed: [withCurve] }, ask);
  expect(standsAll(curved)).toBe(true);
  expect(curved[0]!.seal).toBe('A, x = 256');
  expect(sentences(curved, 'cannot be known')[0]).toContain('stand in the table only');

  const cells = [1e6, 3e6, 1e7, 3e7].flatMap((n) =>
    [1e8, 1e9, 1e10].map((d) => ({ n, d, loss: 1.7 + 400 * n ** -0.34 + 410 * d ** -0.28 })),
  );
  const [joint] = jointReport({ points: cells, targets: [{ n: 1e8, d: 1e11 }] }).predictions;
  const sealed = sealFromTable(
    null,
    cells.map(({ n, d, loss }) => ({ x: n, tokens: d, loss })),
    { x: 1e8, loss: joint!.loss, intervals: joint!.intervals },
    TIME,
    { tokens: 1e11 },
  );
  const both = await verifyTable({ sealed: [sealed] }, ask);
  expect(failing(both)).toEqual([]);
  expect(both.find(({ claim }) => claim === 'prediction')!.standing).toBe('holds');
  expect(both[0]!.seal).toBe('x = 100000000, tokens = 100000000000');

  expect(await verifyTable({ fits: [] }, ask)).toEqual([
    { claim: 'whole', seal: null, standing: 'cannot be known', sentence: 'Nothing is sealed in this file.' },
  ]);
});

test('a seal of an early version, without a hash of the whole, may have another law', async () => {
  const [seal] = file.sealed!;
  const old = { ...seal!, sealHash: undefined, loss: seal!.loss - 0.01 };
  const statements = await verifyTable({ sealed: [old] }, ask);
  expect(standsAll(statements)).toBe(true);
  expect(sentences(statements, 'cannot be known').join()).toMatch(/kept no hash of the prediction.*an early version/);
});

const FORGERIES: [name: string, change: (sealed: LossSeal[]) => void, claims: Claim[], words: RegExp][] = [
  [
    'a better prediction',
    ([seal]) => (seal!.loss = seal!.actual!),
    ['hash', 'prediction'],
    /predicts 3\.1936 .*, and the seal says 3\.1797/,
  ],
  [
    'a wider interval',
    ([seal]) => (seal!.hi += 0.1),
    ['hash', 'prediction'],
    /3\.2091\), and the seal says 3\.1936 \(3\.1796 to 3\.3091\)/,
  ],
  [
    'a sealed loss',
    ([seal]) => (seal!.points[0]!.loss += 0.01),
    ['hash', 'inputs', 'prediction'],
    /a loss, the target, the level/,
  ],
  ['the target', ([seal]) => (seal!.target = 200), ['hash', 'inputs', 'prediction'], /a loss, the target, the level/],
  [
    'the level',
    ([seal]) => (seal!.level = 0.5),
    ['hash', 'inputs', 'prediction'],
    /the level was changed: it was made for 80 %/,
  ],
  ['the time', ([seal]) => (seal!.sealedAt = TIME), ['hash'], /its time, the names of its runs or the hash itself/],
  ['the hash', ([seal]) => (seal!.sealHash = 'a'.repeat(64)), ['hash'], /the hash itself was changed/],
  ['a verdict', ([seal]) => (seal!.verdict = 'above'), ['verdict'], /lies inside .*, and the verdict is “above”/],
  [
    'the measured loss',
    ([seal]) => (seal!.actual = 3.3),
    ['verdict'],
    /3\.3000 lies above .*, and the verdict is “inside”/,
  ],
  [
    'a verdict on nothing',
    ([seal]) => (seal!.actual = null),
    ['verdict'],
    /It says “inside”, and no loss that was measured/,
  ],
  ['a curve', ([seal]) => (seal!.curve = curve), ['hash', 'inputs'], /a training curve was added/],
  ['tokens', ([seal]) => (seal!.tokens = 1e9), ['hash', 'inputs', 'prediction'], /tokens were added/],
  [
    'two hashes',
    ([one, other]) => ([one!.sealHash, other!.sealHash] = [other!.sealHash, one!.sealHash]),
    ['hash', 'hash'],
    /that is the hash of x = 676\.48, with which it was exchanged/,
  ],
  [
    'a second seal of one target',
    (sealed) => sealed.push(structuredClone(sealed[0]!)),
    ['whole'],
    /two seals of x = 194\.24/,
  ],
];

test.each(FORGERIES)('a forgery is called by its name: %s', async (_, change, claims, words) => {
  const forged = structuredClone(file);
  change(forged.sealed!);
  const statements = await verifyTable(forged, ask);
  expect(failing(statements)).toEqual(claims);
  expect(sentences(statements, 'does not hold').join('\n')).toMatch(words);
});

describe('no change of anything that a seal commits to passes', () => {
  const parsed = (mutant: FitFile): FitFile | null => {
    try {
      return parseFitFile(JSON.parse(JSON.stringify(mutant)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return null;
    }
  };
  const curved = revealFromTable(
    sealFromTable('A', ladder, predicted!, TIME, { curve, curvesHash: 'c'.repeat(64) }),
    2.2,
  );
  const files: [string, FitFile][] = [
    ['recorded', { ...file, sealed: file.sealed!.slice(0, 1) }],
    ['with a curve', { schema: file.schema, fits: [], sealed: [curved] }],
  ];

  test.each(files)('%s', async (_, whole) => {
    const original = parsed(whole)!;
    const held = (statements: Statement[]) =>
      statements.filter(({ standing }) => standing === 'holds').map(({ claim }) => claim);
    const before = held(await verifyTable(original, ask));
    const published = [original.sealed![0]!.sealHash!];
    const all = mutants(original, ['sealed', 0], parsed);
    expect(all.length).toBeGreaterThan(30);
    const passed = { asItIs: [] as string[], hashedAnew: [] as string[] };
    for (const { where, mutant } of all) {
      const after = held(await verifyTable(mutant, ask));
      if (before.every((claim) => after.includes(claim))) passed.asItIs.push(where);
      const [seal] = mutant.sealed!;
      const forged = { ...seal!, ...(seal!.sealHash === undefined ? {} : { sealHash: hashSeal(seal!) }) };
      if (forged.sealHash === published[0]) continue;
      expect(unmatched([forged], published), where).toEqual(published);
      const anew = held(await verifyTable({ ...mutant, sealed: [forged] }, ask));
      if (before.every((claim) => anew.includes(claim))) passed.hashedAnew.push(where.replace(/ = .*/, ''));
    }
    expect(passed.asItIs).toEqual([]);
    // Whose series it is, and when it was made, tells only the hash that was published.
    const known = ['loss', 'lo', 'hi', 'series', 'sealedAt'].map((key) => `sealed.0.${key}`);
    expect([...new Set(passed.hashedAnew)].filter((where) => !known.includes(where))).toEqual([]);
  });
});
