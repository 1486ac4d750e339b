/** The transfer check: one curve of losses per width, or per number of layers, over a swept hyperparameter, and where it is least. */
import type { Experiment } from '../model/experiment.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import type { SweepPoint, TransferCheck } from '../model/check-results.ts';
import { mean, standardError } from './mean.ts';
import { locateMinimum, type SweptValue } from './minimum.ts';
import { runsOf, settle } from './settled.ts';
import { shiftOf } from './shift.ts';
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
  const curves = sizes.flatMap((at) => {
    const here = own.filter((run) => (over === 'layers' ? run.overrides.layers : run.width) === at);
    const swept = sweep.values.map((value) => ({
      value,
      ...settle(here.filter((run) => run.overrides[sweep.parameter] === value)),
    }));
    return here.length > 0 ? [{ at, swept, located: locateMinimum(swept) }] : [];
  });
  const minima = curves.flatMap(({ at, located }) => (located ? [{ at, ...located }] : []));
  const shift = shiftOf(minima);
  const seeds = new Set(own.filter((run) => run.status === 'done').map((run) => run.seed)).size;
  const findings = { recipe, sweep, over, minima, shift, seeds } as const;
  const verdict = transferVerdict(findings);
  return {
    recipe: recipe.name,
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
    // Depths are swept at one width, which none is wider than.
    wider: checkWider(recipe, sweep, minima, own),
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
