/** The recorded examples: what each view says in large is what its chart, its cards and its table show. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseResult } from '../../../src/model/result.ts';
import { basinHeadline } from '../../../src/ui/basin/headline.ts';
import { coordinatesHeadline, isBlamed } from '../../../src/ui/coordinates/headline.ts';
import { culpritsFirst, moduleRows } from '../../../src/ui/coordinates/modules.ts';
import { backtestWords, shownRows } from '../../../src/ui/law/backtest-rows.ts';
import { headlineOf } from '../../../src/ui/predict/headline.ts';
import { scalingTable } from '../../../src/ui/law/scaling-marks.ts';
import { sceneOf } from '../../../src/ui/law/ladder-scene.ts';
import { bestWords, transferHeadline } from '../../../src/ui/transfer/headline.ts';
import { transferScene } from '../../../src/ui/transfer/scene.ts';
import { transferTable } from '../../../src/ui/transfer/table.ts';
import { countWords, foldWords, lossWords, recipeWords } from '../../../src/ui/words.ts';

const recorded = (name: string) =>
  parseResult(JSON.parse(readFileSync(new URL(`../../../public/recorded/${name}.json`, import.meta.url), 'utf8')));

test('transfer: how far the best value goes is the ratio of the best values in the table', () => {
  const { experiment, transfer = [] } = recorded('transfer-sentences');
  const { title } = transferHeadline(experiment, transfer, false);
  const { rows } = transferTable(transferScene(experiment, transfer));
  for (const { recipe, verdict, shift } of transfer) {
    const best = rows.filter((row) => row[0] === recipe && row[7] !== null).map((row) => Number(row[7]));
    const [first, last] = [best[0], best.at(-1)!];
    const said = {
      transfers: `${bestWords(first)} to ${bestWords(last)}`,
      ...{
        falls: `falls ${foldWords(first / last)}`,
        rises: `rises ${foldWords(last / first)}`,
        unclear: 'not clear yet',
      },
    };
    expect(title).toContain(said[verdict]);
    if (verdict === 'transfers') expect(Math.abs(shift!.perDoubling)).toBeLessThanOrEqual(0.5);
  }
});

test('coordinates: what is blamed has the first row', () => {
  const { experiment, coordinates = [] } = recorded('coordinates-smoke');
  const { title } = coordinatesHeadline(experiment, coordinates, false);
  const modules = moduleRows(coordinates);
  const blaming = coordinates.filter((check) => isBlamed(experiment, check));
  const shown = culpritsFirst(blaming, modules, modules);
  for (const { culprit } of blaming) expect(shown.map(({ name }) => name)).toContain(culprit!.module);
  for (const { recipe, verdict, modules: of } of coordinates) {
    const whole = of.filter(({ level }) => level === 'module');
    const isHeld = whole.every((one) => one.verdict === 'flat');
    if (verdict === 'holds')
      expect([title.includes(`nder ${recipeWords(recipe)} every module keeps`), isHeld]).toEqual([true, true]);
  }
});

test('basin: the share in large is that of cells that lie in every map among those that lie in any', () => {
  const { experiment, basin = [] } = recorded('basin-smoke');
  const { title } = basinHeadline(experiment, basin, false);
  for (const { recipe, maps, common } of basin) {
    const any = new Set(maps.flatMap((map) => map.basin.map(String)));
    const share = common.length === 0 ? 'none' : `${Math.round((100 * common.length) / any.size)} %`;
    expect(title).toMatch(new RegExp(`nder ${recipeWords(recipe)} (widths \\S+ to \\S+ share )?${share}`));
  }
});

test('predict: the number, its verdict and the count of those that held are the table’s; so are earlier predictions', () => {
  const { experiment, runs, sealed, fits } = recorded('sentences');
  const { recipes, ladder, seeds } = experiment;
  const scene = sceneOf({
    recipe: recipes[0],
    ladder,
    seeds,
    runs,
    sealed,
    facts: null,
    excluded: [],
    abscissa: 'width',
  });
  const { lead, number, tail, sub } = headlineOf(scene, null, { isBusy: false, trainingWidths: [] });
  const targets = scalingTable(scene, null).rows.filter((row) => row[2] === 'target, sealed');
  const [width, , , actual, , predicted] = targets.at(-1)!;
  expect(width).toBe(Math.max(...ladder.targets));
  expect(`${lead}${number}${tail}`).toBe(
    `Width ${width} was predicted at ${lossWords(Number(predicted))} and reached ${lossWords(Number(actual))}`,
  );
  const inside = targets.filter((row) => row.at(-1) === 'inside').length;
  expect(sub.toLowerCase()).toContain(`${countWords(inside)} of ${countWords(targets.length)} sealed predictions held`);
  const { backtest } = fits[0];
  const shown = shownRows(backtest);
  const held = shown.filter(({ lo, hi, actual: measured }) => lo <= measured && measured <= hi).length;
  const words = backtestWords(shown, backtest, ['width', 'widths']).toLowerCase();
  expect(words.startsWith(`${countWords(held)} of ${countWords(shown.length)} earlier`)).toBe(true);
});
