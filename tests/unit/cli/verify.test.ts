/** `npm run verify`: what it prints of recorded files, its exit codes, and the one sentence for what it cannot read. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCommand } from '../../../cli/verify.ts';
import type { ExperimentResult } from '../../../src/model/result.ts';

const ROOT = new URL('../../../', import.meta.url);
let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'verify-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const earlier = (name: string): ExperimentResult =>
  JSON.parse(gunzipSync(readFileSync(new URL(`tests/unit/earlier/${name}.json.gz`, ROOT))).toString());

function file(content: unknown, name = 'result.json'): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function run(...args: string[]) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await verifyCommand(
    args,
    (text) => printed.push(text),
    (text) => complaints.push(text),
  );
  return { code, printed: printed.join('\n'), complaints };
}

const smoke = earlier('smoke');
const HASH = 'f9f52386373d91af2290d537992921166dda8ac05b70f7db86532d4a294d13c7';

test('a result whose seals hold: seal by seal what holds and what no file can tell', async () => {
  const { code, printed, complaints } = await run(file(smoke));
  expect([code, complaints]).toEqual([0, []]);
  expect(printed.split('\n')).toContain('muP, width 48: loss 2.8585, 80 % interval 2.8406 to 2.8650');
  expect(printed).toContain(`  ✓ All that is sealed makes the hash ${HASH}.`);
  expect(printed).toMatch(/\n {2}\? By its own clock it was sealed at 2026-11-29T00:55:34\.915Z\. No file can tell/);
  expect(printed).toMatch(/\n✓ holds: 8 {3}✗ does not hold: 0 {3}\? cannot be known from the file: 2$/);
});

test('one that was forged: exit code 1, and the forgery by its name', async () => {
  const forged = { ...smoke, sealed: smoke.sealed.map((seal) => ({ ...seal, loss: seal.actual! })) };
  const { code, printed, complaints } = await run(file(forged));
  expect([code, complaints]).toEqual([1, []]);
  expect(printed).toMatch(
    /\n {2}✗ The law fitted anew to the sealed losses predicts 2\.8585 .*, and the seal says 2\.8478/,
  );
  expect(printed).toMatch(/✗ does not hold: 3/);
});

test('a published hash is found in whichever of the files holds it, and one that none holds is told', async () => {
  const files = [file(smoke), file(earlier('fit'), 'fit.json')];
  const found = await run(
    ...files,
    '--hash',
    HASH.toUpperCase(),
    '--hash',
    'd52be80301219d983b86e21b394acc3876beba8d8f5302b38dd186ed0c664f7d',
  );
  expect(found.code).toBe(0);
  expect(found.printed.match(/✓ The published hash \w{12}… is that of this seal/g)).toHaveLength(2);
  expect(found.printed).toContain('x = 3000: loss 3.0387, 80 % interval 2.9824 to 3.1249');
  const other = 'a'.repeat(64);
  const lost = await run(files[0]!, '--hash', other);
  expect(lost.code).toBe(1);
  expect(lost.printed).toContain(`✗ No seal of ${files[0]} has the published hash ${other}.`);
});

describe('the text to publish', () => {
  test('says what is predicted, of which recipe, by which hash, and how to check it', async () => {
    const open = { ...smoke, sealed: smoke.sealed.map((seal) => ({ ...seal, actual: null, verdict: null })) };
    const { code, printed } = await run(file(open), '--publish');
    expect(code).toBe(0);
    expect(printed).toMatchInlineSnapshot(`
      "Sealed prediction, muP Playground 0.1.0, commit 4a1930790dae3c958694bb03eeb8ba23ffb8747c

      muP, width 48: loss 2.8585 nats per token, 80 % interval 2.8406 to 2.8650
        sealed 2026-11-29T00:55:34.915Z, SHA-256 f9f52386373d91af2290d537992921166dda8ac05b70f7db86532d4a294d13c7

      muP: μP, 1 layer, heads of 4, base width 8, context 32, corpus Spectral, AdamW at 0.125, 200 steps of 16 sequences; from widths 8, 12, 16, 24 and 32

      A hash is that of the canonical JSON (RFC 8785) of the entry under "sealed" in result.json, without what was measured later.
      To check: npm run verify -- result.json --hash f9f52386373d91af2290d537992921166dda8ac05b70f7db86532d4a294d13c7
      or with any library of RFC 8785, as docs/formats.md says.
      "
    `);
  });

  test('says what was measured by then, and of a table whence it was predicted', async () => {
    expect((await run(file(smoke), '--publish')).printed).toContain('2.8650; measured by now: 2.8478, inside\n');
    const { code, printed } = await run(file(earlier('fit'), 'fit.json'), '--publish');
    expect(code).toBe(0);
    expect(printed).toMatch(/^4 sealed predictions, muP Playground 0\.1\.0, commit \S+\n\nx = 194\.24: loss 3\.1936/);
    expect(printed).toContain('\nPredicted from the losses of a table\n');
    expect(printed).toContain(
      'npm run verify -- fit.json --hash fa6bf7bcb8047e870f0063b363045f5b801da7cddec8ca9c385afe016d6ccb55 --hash',
    );
  });

  test('there is none of a file without seals', async () => {
    const path = file(earlier('transfer-smoke'));
    const { code, complaints } = await run(path, '--publish');
    expect([code, complaints]).toEqual([2, [`${path}: nothing is sealed in it.`]]);
    expect((await run(path)).code).toBe(0);
    expect((await run(path)).printed).toContain('? Nothing is sealed in this file.');
  });
});

test.each<[string, () => string[], RegExp]>([
  ['no file', () => [], /^Name the file: npm run verify -- result\.json$/],
  ['a file that is not there', () => ['nowhere.json'], /^"nowhere\.json" cannot be read: there is no such file\.$/],
  ['a folder', () => [folder], /cannot be read: it is a folder\.$/],
  ['no JSON', () => [file('{')], /cannot be read: it is not JSON\.$/],
  ['other JSON', () => [file(null)], /is neither a result\.json nor a fit\.json/],
  ['a list', () => [file([])], /is neither a result\.json nor a fit\.json/],
  [
    'a result with a field at fault',
    () => [file({ ...smoke, sealed: [{ ...smoke.sealed[0], loss: 'low' }] })],
    /cannot be verified: sealed\[0\]\.loss: /,
  ],
  [
    'a hash that is none',
    () => [file(smoke), '--hash', '3f'],
    /^--hash must be the 64 hexadecimal digits of a SHA-256, not "3f"\.$/,
  ],
  ['an option that is none', () => ['--all'], /^Unknown option --all; usage: npm run verify/],
])('%s ends with exit code 2 and one sentence', async (_, args, words) => {
  const { code, printed, complaints } = await run(...args());
  expect([code, printed, complaints.length]).toEqual([2, '', 1]);
  expect(complaints[0]).toMatch(words);
});

test('names that a terminal would take for orders are shown without them', async () => {
  const named = structuredClone(smoke);
  named.experiment.recipes[0]!.name = 'a\u001b[2Jb';
  const { code, printed } = await run(file(named));
  expect(code).toBe(1);
  // eslint-disable-next-line no-control-regex -- those are what is meant
  expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('as a command of its own: help, and an exit code without a stack trace', () => {
  const started = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'cli/verify.ts', ...args], { cwd: ROOT, encoding: 'utf8' });
  const help = started('--help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toMatch(/^npm run verify -- FILE\.\.\. \[--hash HASH \.\.\.\] \[--publish\]\n/);
  const missing = started('nowhere.json');
  expect([missing.status, missing.stdout, missing.stderr]).toEqual([
    2,
    '',
    '"nowhere.json" cannot be read: there is no such file.\n',
  ]);
});
