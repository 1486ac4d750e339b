/**
 * The basin check: loss over two swept hyperparameters at several widths, and the settings that are good at all of them.
 * Yao & Wang (2023, arXiv 2304.06875): under muP widths share a basin, and near it one law predicts their losses.
 */
import type { BasinCheck } from '../model/check-results.ts';
import type { Experiment } from '../model/experiment.ts';
import { measurementsOf, type Measurement } from '../model/measurement.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import { comparableLoss, runsOf, settle } from './settled.ts';
import { listed, nats, parameterName, valueWriter } from './wording.ts';

type BasinMap = BasinCheck['maps'][number];
type Cell = [number, number];

/**
 * Widths without runs have no map; a cell that was not trained yet at a width is in no basin of it.
 *
 * @param experiment its study is of kind "basin"
 * @param runs of all recipes
 */
export function checkBasin(experiment: Experiment, recipe: Recipe, runs: readonly RunResult[]): BasinCheck {
  const { study, ladder } = experiment;
  if (study.kind !== 'basin') throw new TypeError(`A study of kind "${study.kind}" sweeps no pair of hyperparameters.`);
  const own = runsOf(recipe, runs);
  const begun = ladder.rungs.filter((width) => own.some((run) => run.width === width));
  return basinOf(recipe.name, [study.sweeps[0]!, study.sweeps[1]!], study.margin, begun, measurementsOf(own));
}

/** A swept hyperparameter and its values, ascending. */
interface Axis<Parameter extends string> {
  parameter: Parameter;
  values: readonly number[];
}

/**
 * The same of measurements from anywhere.
 * @param name of the recipe or series
 * @param widths in any order; each has a map
 * @param over what the sizes are: width, or the name of a table's column
 */
export function basinOf<Parameter extends string>(
  name: string,
  [first, second]: readonly [Axis<Parameter>, Axis<Parameter>],
  margin: number,
  widths: readonly number[],
  measurements: readonly Measurement[],
  over = 'width',
): BasinCheck<Parameter> {
  const maps = [...widths]
    .sort((a, b) => a - b)
    .map((width) => ({ width, here: measurements.filter(({ size }) => size === width) }))
    .map(({ width, here }) => mapOf(width, here, first, second, margin));
  const cells = first.values.flatMap((_, i) => second.values.map((__, j): Cell => [i, j]));
  const isIn = ({ basin }: BasinMap, [i, j]: Cell) => basin.some(([a, b]) => a === i && b === j);
  const union = cells.filter((cell) => maps.some((map) => isIn(map, cell)));
  const common = union.filter((cell) => maps.every((map) => isIn(map, cell)));
  const found = {
    recipe: name,
    parameters: [first.parameter, second.parameter] as [Parameter, Parameter],
    values: [[...first.values], [...second.values]] as [number[], number[]],
    margin,
    maps,
    common,
    // One width has nothing in common with others yet.
    share: maps.length > 1 && union.length > 0 ? common.length / union.length : 0,
    best: maps.length > 1 ? bestOf(maps, common) : null,
  };
  return { ...found, sentence: sentenceOf(found, union.length, over) };
}

function mapOf(
  width: number,
  measurements: readonly Measurement[],
  first: Axis<string>,
  second: Axis<string>,
  margin: number,
): BasinMap {
  const settled = first.values.map((a) =>
    second.values.map((b) =>
      settle(measurements.filter(({ hyperparameters: at }) => at[first.parameter] === a && at[second.parameter] === b)),
    ),
  );
  const losses = settled.map((row) => row.map(comparableLoss));
  const cells = losses.flatMap((row, i) =>
    row.flatMap((loss, j) => (loss === null ? [] : [{ cell: [i, j] as Cell, loss }])),
  );
  const minimum = cells.reduce<(typeof cells)[number] | null>(
    (best, one) => (best === null || one.loss < best.loss ? one : best),
    null,
  );
  return {
    width,
    losses,
    diverged: settled.map((row) => row.map(({ diverged }) => diverged > 0)),
    minimum,
    basin: minimum ? cells.filter(({ loss }) => loss - minimum.loss <= margin).map(({ cell }) => cell) : [],
  };
}

function bestOf(maps: readonly BasinMap[], common: readonly Cell[]): Cell | null {
  const worstExcess = ([i, j]: Cell) => Math.max(...maps.map(({ losses, minimum }) => losses[i][j]! - minimum!.loss));
  return common.reduce<Cell | null>(
    (best, cell) => (best === null || worstExcess(cell) < worstExcess(best) ? cell : best),
    null,
  );
}

/** At an end of a grid the basin may go on beyond it, and the best setting lie there. */
function edgeWords({ parameters, values }: Pick<BasinCheck<string>, 'parameters' | 'values'>, best: Cell): string {
  const ends = parameters.filter((_, p) => best[p] === 0 || best[p] === values[p].length - 1);
  const names = listed(ends.map((parameter) => parameterName(parameter)));
  return ends.length === 0 ? '' : `, at an end of the grid in ${names}: sweep further there`;
}

function sentenceOf(found: Omit<BasinCheck<string>, 'sentence'>, union: number, over: string): string {
  const { recipe, parameters, values, margin, maps, common, share, best } = found;
  const widths = maps.map(({ width }) => String(width));
  const sizes = over === 'width' ? 'widths' : 'sizes';
  if (maps.length < 2) {
    const have = maps.length === 0 ? 'none has been trained yet' : `only ${widths[0]} has been trained`;
    return `${recipe}: a common basin needs two ${sizes}, and ${have}.`;
  }
  const lost = maps.filter(({ minimum }) => !minimum).map(({ width }) => String(width));
  if (lost.length > 0) return `${recipe}: no setting trained at ${over} ${listed(lost)}, so there is no common basin.`;
  const good = `within ${nats(margin)} of the best loss`;
  if (!best) {
    return `${recipe}: no setting is ${good} at all of the ${sizes} ${listed(widths)}, though ${union} are at one or more of them.`;
  }
  const setting = parameters
    .map((parameter, p) => `${parameterName(parameter)} ${valueWriter(values[p])(values[p][best[p]])}`)
    .join(', ');
  return `${recipe}: of the ${union} settings that are ${good} at any of the ${sizes} ${listed(widths)}, ${common.length} (${Math.round(100 * share)} %) are at all of them; the best for all is ${setting}${edgeWords(found, best)}.`;
}
