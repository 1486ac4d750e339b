/** A seal is checked without any code of ours: by the lines of Python that the docs give, in Python's own library. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashSeal } from '../../../src/experiment/seal.ts';

const root = new URL('../../../', import.meta.url);
const [, script] = /```python\n([^]*?)```/.exec(readFileSync(new URL('docs/formats.md', root), 'utf8'))!;
const hasPython = spawnSync('python3', ['--version']).status === 0;

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'seal-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function byPython(text: string): string[] {
  const [file, program] = ['result.json', 'check.py'].map((name) => join(folder, name)) as [string, string];
  writeFileSync(file, text);
  writeFileSync(program, script!);
  const { status, stdout, stderr } = spawnSync('python3', [program, file], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.trim().split('\n');
}

interface Sealed {
  sealed: { sealHash: string; loss: number }[];
}

const FILES = {
  smoke: gunzipSync(readFileSync(new URL('tests/unit/earlier/smoke.json.gz', root))).toString(),
  'compare-smoke': gunzipSync(readFileSync(new URL('tests/unit/earlier/compare-smoke.json.gz', root))).toString(),
  fit: gunzipSync(readFileSync(new URL('tests/unit/earlier/fit.json.gz', root))).toString(),
  sentences: readFileSync(new URL('public/recorded/sentences.json', root), 'utf8'),
};

test.skipIf(!hasPython).each(Object.entries(FILES))(
  'Python finds the hashes of %s right, and one that was touched not (skipped where there is no python3)',
  (_, text) => {
    const { sealed } = JSON.parse(text) as Sealed;
    expect(byPython(text)).toEqual(sealed.map(({ sealHash }) => `holds ${sealHash}`));
    const touched = { sealed: sealed.map((seal) => ({ ...seal, loss: seal.loss + 1e-12 })) };
    for (const line of byPython(JSON.stringify(touched))) expect(line).toMatch(/^DOES NOT HOLD [0-9a-f]{64}$/);
  },
);

test.skipIf(!hasPython)('and so those of odd numbers and names, and of a seal over the hash of its curve', () => {
  const plain = {
    recipe: 'Größe \u{1F600}\n"\\\u007f\u2028\ufb33',
    ...{ '\u{1F600}': 1, '\ufb33': 2, numbers: [1e21, 1e-7, 0, 5e-324, 1e16, -0.5] },
    ...{ curve: { loss: [1.5] }, actual: 2, verdict: 'inside', curveHeld: 0.5 },
  };
  for (const seal of [plain, { ...plain, curveHash: 'c'.repeat(64) }]) {
    const written = { ...seal, sealHash: hashSeal(seal) };
    expect(byPython(JSON.stringify({ sealed: [written] }))).toEqual([`holds ${written.sealHash}`]);
  }
});
