/**
 * The promise of the `smoke` preset: trained, sealed, predicted within 1 %; one of its widths by the reference. Without its
 * widest model, which trains for as long as all others together: its widest rung is predicted instead.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presetExperiment } from '../../src/model/presets.ts';
import { parseResult, type ExperimentResult } from '../../src/model/result.ts';
import { runCommand } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'mup-smoke-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function smoke(engine: 'gpu' | 'reference', experiment: string): Promise<ExperimentResult> {
  const out = join(folder, `${engine}.json`);
  const { code, err } = await runCommand('experiment', [experiment, '--engine', engine, '--out', out, '--quiet']);
  expect(err).toBe('');
  expect(code).toBe(0);
  return parseResult(JSON.parse(readFileSync(out, 'utf8')));
}

const { ladder, ...PRESET } = presetExperiment('smoke');
const [TARGET, ...RUNGS] = [...ladder.rungs].reverse();
/** Twice the base width, where no multiplier of muP is 1 by chance. */
const WIDTH_IN_NODE = 16;

let onGpu: ExperimentResult;
let onReference: ExperimentResult;
// Side by side: the reference keeps one core busy, and training takes most of what the whole suite may take.
beforeAll(async () => {
  const fileWith = (rungs: number[], targets: number[]) => {
    const file = join(folder, `to-${Math.max(...rungs, ...targets)}.json`);
    writeFileSync(file, JSON.stringify({ ...PRESET, ladder: { rungs, targets } }));
    return file;
  };
  [onGpu, onReference] = await Promise.all([
    smoke('gpu', fileWith(RUNGS, [TARGET])),
    smoke('reference', fileWith([WIDTH_IN_NODE], [])),
  ]);
});

test('WebGPU: all runs done, losses fall with width, width 32 sealed first and predicted within 1 %', () => {
  expect(onGpu.runs.map(({ width, status }) => [width, status])).toEqual(
    [8, 12, 16, 24, 32].map((width) => [width, 'done']),
  );
  const losses = onGpu.runs.map((run) => run.finalEvalLoss!);
  for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1]);
  const [sealed] = onGpu.sealed;
  expect(sealed.width).toBe(32);
  expect(sealed.actual).toBe(losses.at(-1));
  expect(Math.abs(sealed.loss / sealed.actual! - 1)).toBeLessThan(0.01);
});

test('the float64 reference in plain Node: the same losses within 1e-3 at every step', () => {
  const [run, ...others] = onReference.runs;
  expect([run.width, others]).toEqual([WIDTH_IN_NODE, []]);
  const same = onGpu.runs.find(({ id }) => id === run.id)!;
  expect(Math.abs(run.finalEvalLoss! - same.finalEvalLoss!)).toBeLessThan(1e-3);
  expect(run.trainLoss).toHaveLength(200);
  run.trainLoss.forEach((loss, step) => expect(Math.abs(loss! - same.trainLoss[step]!)).toBeLessThan(1e-3));
});
