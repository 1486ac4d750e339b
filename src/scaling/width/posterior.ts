/**
 * What the points leave open about the law, as a finite mixture: a law is linear given its form and b, so (A, c) is then
 * a bivariate Student t; b is integrated over a grid and forms are summed, by their marginal likelihood.
 *
 * Priors: each form's own; log-uniform in b; flat in the loss at the geometric mean of the points' x and in the fall from
 * the smallest to the largest, with A >= 0 and c >= 0; for the noise what `noise.ts` says. These two losses are all but
 * measured, whatever b, so the prior favours no b by them; one flat in A and c would favour small b and low floors.
 */
import { exponentGrid } from './exponent-grid.ts';
import { withFloor, withoutFloor, type PartAt } from './given-exponent.ts';
import { LAW_FORMS, type LawForm } from './law-forms.ts';
import type { NoisePrior } from './noise.ts';
import { fitAt, type LawPoints } from './width-law.ts';

/** A part of the mixture; its weight is its share of the whole. */
export interface Component extends PartAt {
  form: LawForm;
  b: number;
  /** ρ of `excessAt`. */
  second: number;
}

/** Log of the weight, relative to the largest, below which a component is left out. */
const NEGLIGIBLE = -10;

/** The posterior given at least three points. */
export function posteriorOf(ladder: LawPoints, prior: NoisePrior, forms: readonly LawForm[] = LAW_FORMS): Component[] {
  const found: Component[] = [];
  for (const form of forms) addForm(found, ladder, form, prior);
  let top = -Infinity;
  for (const { weight } of found) top = Math.max(top, weight);
  const kept = found.filter(({ weight }) => weight > top + NEGLIGIBLE);
  let total = 0;
  for (const one of kept) total += one.weight = Math.exp(one.weight - top);
  for (const one of kept) one.weight /= total;
  return kept;
}

/** Adds the components of one form, with the logs of their weights in the place of the weights. */
function addForm(found: Component[], ladder: LawPoints, form: LawForm, prior: NoisePrior): void {
  const freedom = ladder.y.length - 2 + prior.freedom;
  const given = (form.hasFloor ? withFloor : withoutFloor)(ladder, freedom, prior.sum);
  const fitOf = (b: number) => fitAt(ladder, b, form.bend);
  for (const { fit, logMass } of exponentGrid(ladder, fitOf, given)) {
    for (const part of given.parts(fit)) {
      found.push({
        form,
        b: fit.b,
        second: fit.second,
        weight: Math.log(form.prior) + logMass + Math.log(part.weight),
        // One by one: a refit makes thousands, and spreading an object takes several times as long.
        amplitude: part.amplitude,
        c: part.c,
        freedom: part.freedom,
        variance: part.variance,
        constant: part.constant,
        centre: part.centre,
        spread: part.spread,
        cell: part.cell,
      });
    }
  }
}
