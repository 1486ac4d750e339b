import { describe, expect, it } from 'vitest';
import { checksOf } from '../../../src/checks/checks.ts';
import { transferHeadline } from '../../../src/ui/transfer/headline.ts';
import { liveCurves } from '../../../src/ui/transfer/live.ts';
import { isClipped, transferGrid, transferScene } from '../../../src/ui/transfer/scene.ts';
import { overDepths, overWidths } from '../../../src/ui/transfer/sweep-over.ts';
import { transferTable } from '../../../src/ui/transfer/table.ts';
import { tunedDomain, tunedLines, tunedWords } from '../../../src/ui/transfer/tuned.ts';
import { cohortsOf } from '../../../src/experiment/cohorts.ts';
import { parseExperiment } from '../../../src/model/experiment.ts';
import { checkExperiment, fakeCheckRuns, transferStudy } from './fake-checks.ts';

const experiment = checkExperiment(transferStudy);
const runs = fakeCheckRuns(experiment);
const { transfer } = checksOf(experiment, runs);
const scene = transferScene(experiment, transfer);

describe('what the transfer chart shows', () => {
  it('has a panel for each recipe and a curve for each width, in one style everywhere', () => {
    expect(scene.panels.map(({ recipe, curves }) => [recipe, curves.map(({ at, index }) => [at, index])])).toEqual([
      [
        'muP',
        [
          [8, 0],
          [16, 1],
          [32, 2],
        ],
      ],
      [
        'SP',
        [
          [8, 0],
          [16, 1],
          [32, 2],
        ],
      ],
    ]);
  });

  it('drops no run: what diverged is marked, what is too high is clipped and counted', () => {
    expect(scene.hasDiverged).toBe(true);
    const points = scene.panels.flatMap(({ curves }) => curves.flatMap(({ points }) => points));
    expect(points).toHaveLength(runs.length);
    const diverged = points.reduce((sum, point) => sum + point.diverged, 0);
    expect(diverged).toBe(runs.filter(({ status }) => status === 'diverged').length);
    expect(points.some((point) => isClipped(point, scene.y))).toBe(true);
    const minima = scene.panels.flatMap(({ curves }) => curves.map(({ minimum }) => minimum!.loss));
    expect(scene.y[0]).toBeLessThan(Math.min(...minima));
    expect(scene.y[1]).toBeGreaterThan(Math.max(...minima));
  });

  it('has room for all widths before anything is trained', () => {
    const empty = transferScene(experiment, []);
    expect(empty).toMatchObject({ isEmpty: true, sizes: [8, 16, 32], hasDiverged: false });
    expect(empty.panels.map(({ curves }) => curves)).toEqual([[], []]);
  });

  it('stands side by side on a wide screen and below one another on a phone', () => {
    const wide = transferGrid(scene, 700);
    expect(wide.boxes[0].y).toBe(wide.boxes[1].y);
    const narrow = transferGrid(scene, 330);
    expect(narrow.boxes[0].x).toBe(narrow.boxes[1].x);
    expect(narrow.height).toBeGreaterThan(narrow.boxes[1].y + narrow.boxes[1].height);
    for (const { x, width } of [...wide.boxes, ...narrow.boxes]) expect(x + width).toBeLessThanOrEqual(700);
  });

  it('has every number in its table', () => {
    const { columns, rows } = transferTable(scene);
    expect(rows).toHaveLength(runs.length);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
    expect(rows.find((row) => row[0] === 'SP' && row[1] === 32 && row[2] === 2 ** -6)?.slice(7, 8)).not.toEqual([null]);
  });

  it('lets the losses of the cohort that trains sink', () => {
    const cohort = cohortsOf(experiment).rungs[1];
    const series = { steps: [1, 2], losses: [4, 3] };
    const liveOf = liveCurves(experiment, cohort, () => series);
    expect(liveOf('SP')).toHaveLength(1);
    expect(liveOf('SP')[0]).toMatchObject({ index: 1 });
    expect(liveOf('SP')[0].points[0]).toEqual([2 ** -8, 3.5]);
    const live = transferScene(experiment, [], liveOf);
    expect(live.isEmpty).toBe(false);
    expect(live.y[0]).toBeLessThan(3.5);
    expect(liveCurves(experiment, [], () => series)('SP')).toEqual([]);
  });
});

describe('the transfer headline', () => {
  it('asks first, and then tells where the best value goes', () => {
    expect(transferHeadline(experiment, [], false).title).toBe(
      'Does the best learning rate stay the same as the model gets wider?',
    );
    const { title, sub } = transferHeadline(experiment, transfer, false);
    expect(title).toBe(
      'Under μP the best learning rate stays at 2^-4.0 from width 8 to 32; under SP it falls fourfold.',
    );
    expect(sub).toMatch(/^Tuned on the smallest model and used at width 32, μP reaches 3\.100 nats per token and SP/);
  });
});

describe('tuned small, used large', () => {
  it('follows the value that is best at the smallest width', () => {
    const lines = tunedLines(scene);
    expect(lines.map(({ recipe, value }) => [recipe, value])).toEqual([
      ['muP', 2 ** -4],
      ['SP', 2 ** -4],
    ]);
    expect(lines[1].points.map(({ loss, best }) => loss! - best!)).toEqual([
      0,
      expect.closeTo(0.05, 9),
      expect.closeTo(0.2, 9),
    ]);
    expect(tunedWords(lines, (recipe) => recipe)).toBe(
      'Against the best of the largest: muP loses nothing, SP loses 0.200 nats.',
    );
    const [lo, hi] = tunedDomain(lines);
    expect(lo).toBeLessThan(3.1);
    expect(hi).toBeGreaterThan(3.5);
  });

  it('takes no mean of survivors for what tuning small reaches', () => {
    const partly = transfer.map((check) => ({
      ...check,
      curves: check.curves.map((curve) => ({
        ...curve,
        points: curve.points.map((point) =>
          check.recipe === 'muP' && curve.at === 32 && point.value === 2 ** -4 ? { ...point, diverged: 2 } : point,
        ),
      })),
    }));
    expect(tunedWords(tunedLines(transferScene(experiment, partly)), (recipe) => recipe)).toBe(
      'Against the best of the largest: muP diverges there with 2 of 3 seeds, SP loses 0.200 nats.',
    );
    expect(transferHeadline(experiment, partly, false).sub).toMatch(/μP diverges with 2 of 3 seeds and SP reaches/);
  });

  it('needs two sizes', () => {
    const small = runs.filter(({ width }) => width === 8);
    expect(tunedLines(transferScene(experiment, checksOf(experiment, small).transfer))).toEqual([]);
  });
});

describe('a sweep over depths', () => {
  it('compares the depth rules at one width, and goes back to widths', () => {
    const deep = parseExperiment(overDepths(experiment));
    expect(deep.recipes.map(({ name, depth }) => [name, depth.rule])).toEqual([
      ['CompleteP', 'completep'],
      ['No depth rule', 'none'],
    ]);
    expect(deep.ladder.rungs).toEqual([8]);
    const { title } = transferHeadline(deep, [], false);
    expect(title).toBe('Does the best learning rate stay the same as the model gets deeper?');
    const back = parseExperiment(overWidths(deep, experiment.ladder));
    expect(back.recipes.map(({ name }) => name)).toEqual(['muP', 'SP']);
    expect(back.study).toEqual(experiment.study);
    expect(back.ladder).toEqual(experiment.ladder);
  });
});
