/** The transfer check: one curve of losses per width, or per number of layers, over a swept hyperparameter, and where it is least. */
import type { Experiment } from '../model/experiment.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import type { SweepPoint, TransferCheck } from '../model/check-results.ts';
import { measurementsOf, type Measurement } from '../model/measurement.ts';
import { mean, standardError } from './mean.ts';
import { locateMinimum, type SweptValue } from './minimum.ts';
import { runsOf, settle } from './settled.ts';
import { shiftOf, type MinimumAt } from './shift.ts';
import { transferSentence, transferVerdict } from './transfer-verdict.ts';
import { checkWider } from './wider.ts';

/**
 * @param experiment its study is of kind "transfer"
 * @param runs of all recipes, as many as there are yet: widths without runs have no curve
 */
export function checkTransfer(experiment: Experiment, recipe: Recipe, runs: readonly RunResult[]): TransferCheck {
  const { study } = experiment;
  if (study.kind !== 'transfer') throw new TypeError(`A study of kind "${study.kind}" sweeps nothing over sizes.`);
  const { sweep, depths } = study;
  const over = depths ? 'layers' : 'width';
  const sizes = [...(depths ?? experiment.ladder.rungs)].sort((a, b) => a - b);
  const own = runsOf(recipe, runs);
  const sized = measurementsOf(own).map((one) => (depths ? { ...one, size: one.hyperparameters.layers! } : one));
  // Sizes that were begun have a curve, even while none of their runs has ended well.
  const begun = sizes.filter((at) => own.some((run) => (depths ? run.overrides.layers : run.width) === at));
  const { minima, ...found } = transferOf(recipe.name, sweep, over, begun, sized);
  // Depths are swept at one width, which none is wider than.
  return { ...found, wider: checkWider(recipe, sweep, minima, own) };
}

/**
 * The same of measurements from anywhere.
 * @param name of the recipe or series
 * @param sizes ascending; each has a curve
 * @param widthDoublings doublings of the width that a doubling of the size is
 */
export function transferOf<Parameter extends string, Over extends string>(
  name: string,
  sweep: { parameter: Parameter; values: number[] },
  over: Over,
  sizes: readonly number[],
  measurements: readonly Measurement[],
  widthDoublings = 1,
): Omit<TransferCheck<Parameter, Over>, 'wider'> & { minima: MinimumAt[] } {
  const curves = sizes.map((at) => {
    const here = measurements.filter(({ size }) => size === at);
    const swept = sweep.values.map((value) => ({
      value,
      ...settle(here.filter(({ hyperparameters }) => hyperparameters[sweep.parameter] === value)),
    }));
    return { at, swept, located: locateMinimum(swept) };
  });
  const minima = curves.flatMap(({ at, located }) => (located ? [{ at, ...located }] : []));
  const shift = shiftOf(minima);
  const seeds = new Set(measurements.filter(({ loss }) => loss !== null).map(({ seed }) => seed)).size;
  const findings = { name, sweep, over, minima, shift, seeds, widthDoublings };
  const verdict = transferVerdict(findings);
  return {
    recipe: name,
    parameter: sweep.parameter,
    over,
    curves: curves.map(({ at, swept, located }) => ({
      at,
      points: swept.map(pointOf),
      minimum: located?.minimum ?? null,
    })),
    shift,
    verdict,
    sentence: transferSentence(findings, verdict),
    minima,
  };
}

function pointOf({ value, done, diverged }: SweptValue): SweepPoint {
  const losses = done.map(({ loss }) => loss);
  return {
    value,
    loss: losses.length ? mean(losses) : null,
    standardError: standardError(losses),
    runs: done.map(({ run }) => run),
    diverged,
  };
}
