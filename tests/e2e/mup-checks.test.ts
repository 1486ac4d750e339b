/**
 * What muP promises over depth, on WebGPU through the command line, beside runs that diverge. The same over width is held to the
 * recordings (tests/unit/recorded.test.ts), rules broken on purpose to models of the reference (tests/unit/checks/planted-rules.test.ts).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presetExperiment } from '../../src/model/presets.ts';
import { parseResult, type ExperimentResult } from '../../src/model/result.ts';
import { runCommand } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'mup-checks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TOO_HIGH = 10;

let result: ExperimentResult;
beforeAll(async () => {
  const [input, out] = ['experiment', 'result'].map((name) => join(folder, `${name}.json`));
  const values = [...[-6, -5, -4, -3].map((power) => 2 ** power), TOO_HIGH];
  const study = { kind: 'transfer', sweep: { parameter: 'optimizer.learningRate', values }, depths: [1, 4] };
  writeFileSync(input, JSON.stringify({ ...presetExperiment('depth-smoke'), study }));
  const { code, err } = await runCommand('experiment', [input, '--out', out, '--quiet']);
  expect(err).toBe('');
  expect(code).toBe(0);
  result = parseResult(JSON.parse(readFileSync(out, 'utf8')));
});

test('the best learning rate falls with the layers under no rule and stays under CompleteP, which ends lower', () => {
  const [completep, none] = result.transfer!.map(({ curves }) => curves.map(({ minimum }) => minimum!));
  expect(Math.abs(Math.log2(completep[1].grid / completep[0].grid))).toBeLessThanOrEqual(1);
  expect(Math.log2(none[1].value / none[0].value)).toBeLessThan(-0.8);
  expect(completep[1].loss).toBeLessThan(none[1].loss - 0.05);
});

test('a run whose learning rate is far too high is flagged with the step, beside others that finish', () => {
  const wild = result.runs.filter(({ overrides }) => overrides['optimizer.learningRate'] === TOO_HIGH);
  expect(wild).toHaveLength(4);
  for (const { status, divergedAt, id } of wild) {
    expect(status, id).toBe('diverged');
    // It leaves early: at once or within the warm-up, in which the rate rises to 10.
    expect(divergedAt, id).toBeGreaterThan(0);
    expect(divergedAt, id).toBeLessThan(30);
  }
  expect(result.runs.filter((one) => !wild.includes(one)).every(({ status }) => status === 'done')).toBe(true);
  for (const { points } of result.transfer!.flatMap(({ curves }) => curves)) {
    expect(points.at(-1)).toMatchObject({ value: TOO_HIGH, diverged: 1, loss: null });
  }
});
