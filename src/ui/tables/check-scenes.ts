/** What a table tells of sweeps, basins and activations, as the charts of those views draw it. */
import type { TableBasin, TableCoordinates, TableTransfer } from '../../model/check-results.ts';
import { mapsScene, type BasinScene } from '../basin/scene.ts';
import { moduleTitle, type DrawnCheck } from '../coordinates/modules.ts';
import { nameOf } from '../sweep/hyperparameters.ts';
import { sweptScene, type TransferScene } from '../transfer/scene.ts';
import { capital, countOf, listWords, recipeWords } from '../words.ts';

/** "The best learning rate stays for μP and falls for SP": what is found of all series, in one clause. */
export function sweepTitle(checks: readonly TableTransfer[]): string {
  const WAYS = { transfers: 'stays', falls: 'falls', rises: 'rises', unclear: 'is not clear yet' };
  const name = nameOf(checks[0]!.parameter);
  const clauses = Object.entries(WAYS).flatMap(([verdict, way]) => {
    const own = checks.filter((check) => check.verdict === verdict).map(({ recipe }) => recipeWords(recipe));
    if (own.length === 0) return [];
    return [checks.length === 1 ? way : `${way} for ${listWords(own)}`];
  });
  return `The best ${name} ${listWords(clauses)}`;
}

/** "Under μP every module keeps its size; under SP attention, layer 0 grows": what is found of all series. */
export function activationsTitle(checks: readonly TableCoordinates[]): string {
  const clauses = checks.map(({ series, verdict, modules, culprit }) => {
    const worst = modules.find(({ name }) => name === culprit?.module);
    const what = worst
      ? `${moduleTitle(worst.name)} ${worst.verdict}`
      : verdict === 'holds'
        ? 'every module keeps its size'
        : 'it is not clear whether modules keep their size';
    return checks.length > 1 ? `under ${recipeWords(series)} ${what}` : what;
  });
  return capital(clauses.join('; '));
}

const ascending = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);

/** @param checks one or more, all of one parameter */
export function tableSweep(checks: readonly TableTransfer[]): TransferScene {
  const curves = checks.flatMap((check) => check.curves);
  return sweptScene(
    {
      parameter: checks[0]!.parameter,
      over: checks[0]!.over,
      values: ascending(curves.flatMap(({ points }) => points.map(({ value }) => value))),
      sizes: ascending(curves.map(({ at }) => at)),
      names: checks.map(({ recipe }) => recipe),
    },
    checks,
  );
}

/** Whether any setting is good at every size: the finding of a map in a few words. */
export function mapsTitle({ parameters, common, maps }: TableBasin): string {
  const of = `of ${listWords(parameters.map(nameOf))}`;
  if (maps.length < 2) return `One size says nothing of a common basin ${of}`;
  if (common.length === 0) return `No setting ${of} is good at every size`;
  return `${capital(countOf(common.length, 'setting'))} ${of} ${common.length === 1 ? 'is' : 'are'} good at every size`;
}

/** The maps of one series: another may have another grid. */
export function tableMaps(check: TableBasin, over: string): BasinScene {
  const { recipe, parameters, values, margin, maps } = check;
  return mapsScene({ parameters, values, margin, over, widths: maps.map(({ width }) => width), names: [recipe] }, [
    check,
  ]);
}

export const tableModules = (checks: readonly TableCoordinates[]): DrawnCheck[] =>
  checks.map(({ series, modules, ...check }) => ({
    ...check,
    recipe: series,
    modules: modules.map((module) => ({ ...module, level: 'module' as const })),
  }));
