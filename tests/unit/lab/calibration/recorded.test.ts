import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseExperiment } from '../../../../src/model/experiment.ts';
import { parseCalibration } from '../../../../src/ui/calibration/figures.ts';
import { readingOf } from '../../../../src/ui/calibration/reading.ts';
import { carefulSpecs } from '../../../../lab/calibration/careful-specs.ts';
import { ladderSpecs } from '../../../../lab/calibration/ladder-specs.ts';
import { realTrials } from '../../../../lab/calibration/real-ladders.ts';
import { binMeans, readRecorded } from '../../../../lab/calibration/recorded-ladders.ts';

test('the recorded ladders are the first ones of the design, none left out, each complete', () => {
  const recorded = readRecorded();
  expect(recorded.length).toBeGreaterThanOrEqual(30);
  recorded.forEach(({ runs, adapter, ...spec }, i) => {
    expect(spec).toEqual(ladderSpecs()[i]);
    expect(adapter).not.toBe('');
    const wanted = [...spec.rungs, ...spec.targets].flatMap((width) => spec.seeds.map((seed) => `${width}-${seed}`));
    expect(runs.map(({ width, seed }) => `${width}-${seed}`).sort()).toEqual(wanted.sort());
    expect(runs.every(({ trainLoss }) => trainLoss.length === 40)).toBe(true);
    expect(runs.some(({ evalLoss }) => evalLoss)).toBe(spec.recipe.schedule?.kind === 'constant');
  });
});

test('every ladder of the design is an experiment that can be trained', () => {
  for (const { recipe, rungs, targets, seeds } of ladderSpecs()) {
    const ladder = { rungs: [...rungs, ...targets] };
    expect(() => parseExperiment({ recipes: [recipe], ladder, seeds })).not.toThrow();
  }
});

test('real trials: rungs go in, targets at 1.5, 2 and 4 times the largest come out', () => {
  const trials = realTrials();
  expect(trials.length).toBe(readRecorded().length);
  for (const { points, targets, about } of trials) {
    expect(points.map(({ x }) => x)).toEqual(about.rungs);
    expect(points.every(({ seeds = 1 }) => seeds === about.seeds.length)).toBe(true);
    expect(targets.map(({ factor }) => factor)).toEqual([1.5, 2, 4]);
  }
});

test('bins hold every value once', () => {
  expect(binMeans([1, 2, 3, 4, 5], 2)).toEqual([2, 4.5]);
  expect(binMeans([1, null, 3, 5], 2)).toEqual([null, 4]);
});

test('the figures that the page shows are readable and say their counts', () => {
  const { sources } = parseCalibration(JSON.parse(readFileSync('public/recorded/calibration.json', 'utf8')));
  expect(sources.map(({ id }) => id)).toEqual(['simulated', 'trained', 'careful']);
  for (const source of sources) {
    expect(source.methods[0]!.id).toBe('ours');
    expect(readingOf(source)).toContain(`Of ${source.targets} predictions on ${source.ladders} `);
  }
});

test('the careful ladders are those of their list, three seeds at every width', () => {
  const ladders = readRecorded('careful');
  expect(ladders.length).toBeGreaterThanOrEqual(16);
  ladders.forEach(({ runs, adapter, ...spec }, i) => {
    expect(spec).toEqual(carefulSpecs()[i]);
    expect(adapter).not.toBe('');
    expect(runs).toHaveLength(3 * (spec.rungs.length + spec.targets.length));
  });
});
