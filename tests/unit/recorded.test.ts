/** The recorded experiment that the page shows before anything was trained. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/model/presets.ts';
import { parseResult } from '../../src/model/result.ts';
import { checkSeals } from '../../src/workers/seal.ts';

const recorded = () =>
  parseResult(JSON.parse(readFileSync(new URL('../../public/recorded/first-light.json', import.meta.url), 'utf8')));

test('is the default preset, run to its end', () => {
  const { experiment, runs } = recorded();
  expect(experiment).toEqual(presetExperiment('first-light'));
  const { rungs, targets } = experiment.ladder;
  expect(runs.map((run) => [run.width, run.status])).toEqual([...rungs, ...targets].map((width) => [width, 'done']));
});

test('its seals are those of its points, and its verdicts those of its runs', () => {
  const result = recorded();
  checkSeals(result);
  for (const { points, width, actual, lo, hi, verdict } of result.sealed) {
    for (const { x, loss } of points!) {
      expect(result.runs.find((run) => run.width === x)!.finalEvalLoss).toBe(loss);
    }
    expect(actual).toBe(result.runs.find((run) => run.width === width)!.finalEvalLoss);
    expect(verdict).toBe(actual! < lo ? 'below' : actual! > hi ? 'above' : 'inside');
  }
});
