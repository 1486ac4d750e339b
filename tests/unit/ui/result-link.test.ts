/** Results in the address: as short as was promised, bounded, and read off a QR code again. */
import encodeQR from 'qr';
import decodeQR from 'qr/decode.js';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fittedPoints } from '../../../src/analysis/rung-points.ts';
import { hashOf, hashSeal, inputsHashOf } from '../../../src/experiment/seal.ts';
import { parseResult, type ExperimentResult } from '../../../src/model/result.ts';
import { hashOfBytes } from '../../../src/ui/link/packed.ts';
import { resultFromHash, resultHash } from '../../../src/ui/link/result-link.ts';

const recorded = (name: string): ExperimentResult =>
  parseResult(JSON.parse(readFileSync(new URL(`../../../public/recorded/${name}.json`, import.meta.url), 'utf8')));

/** The example with one rung more than it has, two seeds at each of eight widths, and seals as they are made now. */
function eightWidths(): ExperimentResult {
  const example = recorded('sentences');
  const { recipes, ladder, ...rest } = example.experiment;
  const experiment = { ...rest, recipes, ladder: { ...ladder, rungs: [...ladder.rungs, 40] } };
  const added = example.runs
    .filter(({ width }) => width === 48)
    .map((run) => ({
      ...run,
      id: run.id.replace('w48', 'w40'),
      width: 40,
      parameters: { total: 81_320, nonEmbedding: 39_400 },
    }));
  const runs = [...example.runs, ...added];
  const points = fittedPoints(recipes[0]!, experiment, runs);
  const sealed = example.sealed.map((seal) => {
    const own = { ...seal, points, curveHash: hashOf(seal.curve) };
    const made = { ...own, inputsHash: inputsHashOf(recipes[0]!, own) };
    return { ...made, sealHash: hashSeal(made) };
  });
  return { ...example, experiment, runs, sealed };
}

describe('a result in the address', () => {
  it('of eight widths is under 3 kB with its curves, and under 1.5 kB without', async () => {
    const result = eightWidths();
    expect(new Set(result.runs.map(({ width }) => width)).size).toBe(8);
    const [long, short] = [await resultHash(result, true), await resultHash(result, false)];
    expect(long.length).toBeLessThan(3000);
    expect(short.length).toBeLessThan(1500);
    for (const hash of [long, short]) {
      const found = await resultFromHash(`#${hash}`);
      expect(found!.sealed.map(({ lo, hi, actual, verdict }) => [lo, hi, actual, verdict])).toEqual(
        result.sealed.map(({ lo, hi, actual, verdict }) => [lo, hi, actual, verdict]),
      );
    }
  });

  it('is read off a QR code', async () => {
    const link = `https://example.org/playground/#${await resultHash(eightWidths(), false)}`;
    const rows = encodeQR(link, 'raw', { ecc: 'low', border: 4 });
    const scale = 4;
    const size = rows.length * scale;
    const data = new Uint8Array(size * size * 4).fill(255);
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        if (rows[Math.floor(y / scale)]![Math.floor(x / scale)])
          data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
    expect(decodeQR({ width: size, height: size, data })).toBe(link);
  });

  it('is no result where there is none', async () => {
    expect(await resultFromHash('')).toBeNull();
    expect(await resultFromHash('#v=1&experiment=e30')).toBeNull();
  });

  const packed = (text: string | Uint8Array) => `#${hashOfBytes('measured', deflateRawSync(text))}`;

  it.each([
    ['#v=2&measured=e30', /version 2.*version 1/],
    ['#v=1&measured=%%%', /damaged: its result cannot be read/],
    ['#v=1&measured=e30', /damaged/],
    [packed('{"head":'), /damaged/],
    [packed('{"__proto__":{}}'), /damaged/],
    [packed('{}'), /^The link holds a result that cannot be used: head is missing\.$/],
    [`#v=1&measured=${'A'.repeat(40_000)}`, /longer than 32768/],
    // A few thousand characters that stand for a hundred million.
    [packed(new Uint8Array(20_000_000)), /damaged/],
  ])('%.40s is refused in one sentence', async (hash, sentence) => {
    await expect(resultFromHash(hash)).rejects.toThrow(sentence);
  });

  it('that is too long for one says what to do instead', async () => {
    const basin = recorded('basin-smoke');
    await expect(resultHash(basin, true)).resolves.toMatch(/^v=1&measured=/);
    const noisy = {
      ...basin,
      runs: basin.runs.map((run, i) => ({
        ...run,
        finalEvalLoss: Math.sin(i * 7919.77) + 3,
        bytesPerToken: Math.cos(i) + 2,
      })),
    };
    const many = {
      ...noisy,
      runs: noisy.runs.map((run, i) => ({
        ...run,
        evalLoss: Array.from({ length: 30 }, (_, k) => Math.sin(i * 30 + k) + 3),
      })),
    };
    await expect(resultHash(many, true)).rejects.toThrow(/too long for a link.*#result= with its address/);
  });
});
