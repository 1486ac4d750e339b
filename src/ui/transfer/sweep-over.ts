/** Turning a sweep over widths into one over numbers of layers, and back. */
import type { Experiment, Ladder } from '../../model/experiment.ts';
import { onSide, SIDES } from '../state/sides.ts';

/** Numbers of layers that a sweep over depths starts with. */
const DEPTHS = [1, 2, 4, 8];

/** At the base width, where the parametrizations agree, CompleteP beside no rule. */
export function overDepths(experiment: Experiment): Experiment {
  const { study, recipes } = experiment;
  if (study.kind !== 'transfer')
    throw new TypeError(`A study of kind "${study.kind}" sweeps no single hyperparameter.`);
  const muP = recipes.find(({ parametrization }) => parametrization === 'mup') ?? recipes[0];
  const base = { ...muP, depth: { ...muP.depth, baseLayers: DEPTHS[0] }, layers: DEPTHS[0] };
  const [completeP, , none] = SIDES['depth.rule'];
  return {
    ...experiment,
    recipes: [completeP, none].map((side) => onSide(base, 'depth.rule', side)),
    ladder: { rungs: [base.baseWidth], targets: [] },
    study: { ...study, depths: DEPTHS },
  };
}

/** @param ladder the widths to go back to. */
export function overWidths(experiment: Experiment, ladder: Ladder): Experiment {
  const { study, recipes } = experiment;
  if (study.kind !== 'transfer')
    throw new TypeError(`A study of kind "${study.kind}" sweeps no single hyperparameter.`);
  const { depths, ...rest } = study;
  const [first] = recipes;
  const layers = depths?.includes(first.depth.baseLayers) ? first.depth.baseLayers : first.layers;
  const base = { ...first, layers, depth: { ...first.depth, rule: 'none' as const } };
  return {
    ...experiment,
    recipes: SIDES.parametrization.map((side) => onSide(base, 'parametrization', side)),
    ladder,
    study: rest,
  };
}
