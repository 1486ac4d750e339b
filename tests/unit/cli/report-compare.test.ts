/** A whole comparison, trained by the reference: what the command line prints of it, and that it is its preset's, sealed and told in order. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { reportText } from '../../../cli/report.ts';
import { presetExperiment } from '../../../src/model/presets.ts';
import { parseResult } from '../../../src/model/result.ts';
import { runsAt } from '../../../src/model/run.ts';
import { checkSeals } from '../../../src/experiment/seal.ts';

const recorded = () =>
  parseResult(
    JSON.parse(gunzipSync(readFileSync(new URL('../earlier/compare-smoke.json.gz', import.meta.url))).toString()),
  );

test('it is the preset, run to its end, and its seals are those of its points', () => {
  const result = recorded();
  const { experiment, runs, sealed } = result;
  expect(experiment).toEqual(presetExperiment('compare-smoke'));
  const planned = [...experiment.ladder.rungs, ...experiment.ladder.targets].flatMap((width) =>
    runsAt(experiment, width),
  );
  expect(runs.map(({ id, status }) => [id, status])).toEqual(planned.map(({ id }) => [id, 'done']));
  checkSeals(result);
  expect(sealed.map(({ recipe, width, actual }) => [recipe, width, actual !== null])).toEqual([
    ['muP', 48, true],
    ['SP', 48, true],
  ]);
});

test('the crossing lies where by construction there is one, and the sealed target confirms the winner', () => {
  const { comparisons, sealed, runs } = recorded();
  const [{ verdict, crossover, at }] = comparisons!;
  const [muP, sp] = sealed;
  expect(verdict).toBe('crossover');
  expect(crossover.interval![0]).toBeLessThan(16);
  expect(crossover.interval![1]).toBeGreaterThan(16);
  const lossesAt = (recipe: string) =>
    runs.filter((run) => run.recipe === recipe && run.width === 16).map(({ finalEvalLoss }) => finalEvalLoss);
  expect(lossesAt('muP')).toEqual(lossesAt('SP'));
  expect(at[0].difference).toBeLessThan(0);
  expect(muP.actual!).toBeLessThan(sp.actual!);
});

test('is printed with the prediction, the pair, the target and the crossing', () => {
  const text = reportText(recorded());
  expect(text).toMatch(/^muP +48 .* inside/m);
  expect(text).toMatch(/^muP against SP: muP overtakes SP at width 16 \(80 % interval 13\.\d to 19\.\d\)/m);
  expect(text).toMatch(/^ +48 +-0\.05\d+ +-0\.08\d+ to -0\.0[23]\d+ +97\.\d % +-0\.056\d$/m);
  expect(text).toMatch(/the laws cross at width 1[56][\d.]* \(80 %: 13\.\d+ to 19\.\d+\) with probability 99\.\d %/);
});

test('of the same numbers it prints the sentence and no intervals', () => {
  const result = recorded();
  const [pair] = result.comparisons!;
  const equal = pair.measured.map((one) => ({ ...one, difference: 0, standardError: 0 }));
  const same = { ...pair, verdict: 'no difference' as const, measured: equal, sentence: 'The same.', notes: [] };
  expect(reportText({ ...result, comparisons: [same] })).toMatch(/muP against SP: The same\.$/);
});

test('without a crossing, and before there is a law, it says so', () => {
  const result = recorded();
  const [pair] = result.comparisons!;
  const other = { ...pair, verdict: 'a' as const, crossover: { probability: 0.01, x: null, interval: null } };
  expect(reportText({ ...result, comparisons: [other] })).toContain(
    'no crossing found within the range (probability of one: 1.0 %)',
  );
  const refused = { ...pair, verdict: 'refused' as const, at: [], sentence: 'No comparison yet.', notes: [] };
  expect(reportText({ ...result, comparisons: [refused] })).toMatch(/muP against SP: No comparison yet\.$/);
  expect(reportText({ ...result, comparisons: undefined })).not.toContain('against');
});
