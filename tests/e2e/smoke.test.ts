/** The promise of the `smoke` preset, kept whole: trained by both engines, sealed, predicted within 1 %. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseResult, type ExperimentResult } from '../../src/model/result.ts';
import { runCommand } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'mup-smoke-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function smoke(engine: 'gpu' | 'reference'): Promise<ExperimentResult> {
  const out = join(folder, `${engine}.json`);
  const { code, err } = await runCommand('experiment', ['smoke', '--engine', engine, '--out', out, '--quiet']);
  expect(err).toBe('');
  expect(code).toBe(0);
  return parseResult(JSON.parse(readFileSync(out, 'utf8')));
}

let onGpu: ExperimentResult;
let onReference: ExperimentResult;
// Side by side: the reference keeps one core busy, and training takes most of what the whole suite may take.
beforeAll(async () => {
  [onGpu, onReference] = await Promise.all([smoke('gpu'), smoke('reference')]);
}, 300_000);

test('WebGPU: all runs done, losses fall with width, width 48 sealed first and predicted within 1 %', () => {
  expect(onGpu.runs.map(({ width, status }) => [width, status])).toEqual(
    [8, 12, 16, 24, 32, 48].map((width) => [width, 'done']),
  );
  const losses = onGpu.runs.map((run) => run.finalEvalLoss!);
  for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1]);
  const [sealed] = onGpu.sealed;
  expect(sealed.width).toBe(48);
  expect(sealed.actual).toBe(losses.at(-1));
  expect(Math.abs(sealed.loss / sealed.actual! - 1)).toBeLessThan(0.01);
});

test('the float64 reference in plain Node: the same losses within 1e-3 at every step', () => {
  for (const [i, run] of onReference.runs.entries()) {
    expect(run.id).toBe(onGpu.runs[i].id);
    expect(Math.abs(run.finalEvalLoss! - onGpu.runs[i].finalEvalLoss!)).toBeLessThan(1e-3);
    run.trainLoss.forEach((loss, step) => {
      expect(Math.abs(loss! - onGpu.runs[i].trainLoss[step]!)).toBeLessThan(1e-3);
    });
  }
});
