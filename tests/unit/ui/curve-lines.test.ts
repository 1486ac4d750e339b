import { expect, it } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import { runId } from '../../../src/model/run.ts';
import { curveReader, lossDomain } from '../../../src/ui/predict/curve-lines.ts';
import type { Series } from '../../../src/ui/state/curves.svelte.ts';

const experiment = presetExperiment('smoke');
const recipe = experiment.recipes[0];
const color = (share: number) => `hsl(${share * 100} 50% 50%)`;

function store(lengths: Record<number, number>): Map<string, Series> {
  return new Map(
    Object.entries(lengths).map(([width, length]) => {
      const steps = Array.from({ length }, (_, i) => i + 1);
      return [runId(recipe, Number(width), 1), { steps, losses: steps.map((step) => 3 + 1 / step) }];
    }),
  );
}

it('draws only what has losses, targets in their own colour', () => {
  const series = store({ 8: 200, 48: 10 });
  const lines = curveReader((id) => series.get(id) ?? { steps: [], losses: [] }, color)(experiment, recipe);
  expect(lines.map(({ width, isTarget }) => [width, isTarget])).toEqual([
    [8, false],
    [48, true],
  ]);
  expect(lines[0].raw).toHaveLength(200);
  expect(lines[1].color).toBe('var(--seal)');
});

it('gives the very same line again until its losses grow', () => {
  const series = store({ 8: 200, 12: 50 });
  const read = curveReader((id) => series.get(id) ?? { steps: [], losses: [] }, color);
  const [first, second] = read(experiment, recipe);
  const growing = series.get(runId(recipe, 12, 1))!;
  growing.steps.push(51);
  growing.losses.push(2.9);
  const [again, grown] = read(experiment, recipe);
  expect(again).toBe(first);
  expect(grown).not.toBe(second);
  expect(grown.raw.at(-1)).toEqual([51, 2.9]);
});

it('the loss axis stands still while losses creep, and holds the last four fifths of the steps', () => {
  const series = store({ 8: 200 });
  const lines = curveReader((id) => series.get(id) ?? { steps: [], losses: [] }, color)(experiment, recipe);
  const [lo, hi] = lossDomain(lines);
  const later = lines[0].smooth.filter(([step]) => step > 40).map(([, loss]) => loss);
  expect(lo).toBeLessThan(Math.min(...later));
  expect(hi).toBeGreaterThan(Math.max(...later));
  expect(hi).toBeLessThan(lines[0].smooth[5][1]);
  expect(lo * 10).toBeCloseTo(Math.round(lo * 10), 9);
});
