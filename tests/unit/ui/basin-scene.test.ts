import { describe, expect, it } from 'vitest';
import { basinNote } from '../../../src/checks/measured-basin.ts';
import { checksOf } from '../../../src/checks/checks.ts';
import { presetExperiment } from '../../../src/model/presets.ts';
import { basinHeadline } from '../../../src/ui/basin/headline.ts';
import { basinLayout, basinScene, tintRange } from '../../../src/ui/basin/scene.ts';
import { basinTable } from '../../../src/ui/basin/table.ts';
import { predictionFromBasin, recipeFromBasin } from '../../../src/ui/basin/use-basin.ts';
import { basinStudy, checkExperiment, fakeCheckRuns } from './fake-checks.ts';

const experiment = checkExperiment(basinStudy);
const runs = fakeCheckRuns(experiment);
const { basin } = checksOf(experiment, runs);
const scene = basinScene(experiment, basin);

describe('what the basin chart shows', () => {
  it('has a map for each width and recipe, with the excess over the width’s own best', () => {
    expect(scene.rows.map(({ recipe, maps }) => [recipe, maps.map(({ width }) => width)])).toEqual([
      ['muP', [8, 16, 32]],
      ['SP', [8, 16, 32]],
    ]);
    for (const { maps } of scene.rows) {
      for (const { map } of maps) {
        expect(map!.cells).toHaveLength(18);
        expect(Math.min(...map!.cells.flatMap(({ excess }) => excess ?? []))).toBe(0);
      }
    }
  });

  it('keeps the places of maps that are still to come', () => {
    const early = checksOf(
      experiment,
      runs.filter(({ width }) => width === 8),
    );
    const { rows, isEmpty } = basinScene(experiment, early.basin);
    expect(isEmpty).toBe(false);
    expect(rows[0].maps.map(({ map }) => map === null)).toEqual([false, true, true]);
    expect(basinScene(experiment, []).isEmpty).toBe(true);
  });

  it('has one scale of colours for all maps, on which the basin is not lost', () => {
    const [best, palest] = tintRange(scene, 'excess');
    expect(best).toBe(0);
    expect(palest).toBeGreaterThanOrEqual(6 * scene.margin - 1e-9);
    expect(tintRange(scene, 'loss')[0]).toBeCloseTo(3.1, 9);
  });

  it.each([330, 640, 1100])('fits in %s pixels', (width) => {
    const { rows, height, scale } = basinLayout(scene, width);
    for (const box of rows.flatMap(({ boxes }) => boxes)) {
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThan(scale.y);
    }
    expect(scale.y + scale.height).toBeLessThan(height);
  });

  it('has every cell in its table', () => {
    const { columns, rows } = basinTable(scene);
    expect(rows).toHaveLength(runs.length);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
  });
});

describe('the basin headline', () => {
  it('asks first, and then says how much the widths share', () => {
    expect(basinHeadline(experiment, [], false).title).toBe('Is one region of settings good for every width?');
    expect(basinHeadline(experiment, basin, false).title).toBe(
      'Under μP widths 8 to 32 share 100 % of their basin; under SP none.',
    );
  });
});

describe('a prediction from the basin', () => {
  const home = presetExperiment('smoke');
  const made = predictionFromBasin(basin[0], experiment.recipes[0], home)!;

  it('has the values that are best for all widths, and lies inside the basin it carries', () => {
    expect(made.recipes[0].optimizer.learningRate).toBe(2 ** -4);
    expect(made.recipes[0].init.hidden).toBe(1);
    expect(made.basin?.widths).toEqual([8, 16, 32]);
    expect(basinNote(made.recipes[0], made.basin!)).toBeNull();
    const moved = structuredClone(made.recipes[0]);
    moved.optimizer.learningRate = 2 ** -7;
    expect(basinNote(moved, made.basin!)).toMatch(/outside/);
  });

  it('keeps the ladder of the home view where heads divide it, and rounds it where they do not', () => {
    expect(made.ladder).toEqual(home.ladder);
    const wide = { ...experiment.recipes[0], headSize: 8 };
    const rounded = predictionFromBasin(basin[0], wide, home)!;
    expect(rounded.ladder.rungs.every((width) => width % 8 === 0)).toBe(true);
    expect(rounded.ladder.rungs.length).toBeGreaterThanOrEqual(3);
    expect(rounded.ladder.targets).toEqual([48]);
  });

  it('cannot be made where the widths have nothing in common', () => {
    expect(basin[1].common).toEqual([]);
    expect(recipeFromBasin(basin[1], experiment.recipes[1])).toBeNull();
    expect(predictionFromBasin(basin[1], experiment.recipes[1], home)).toBeNull();
  });
});
