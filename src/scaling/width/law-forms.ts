/**
 * The forms that the law may have. All have an excess A·φ over the floor c, with φ = 1 at the geometric mean of the
 * points' x, and are linear in (A, c) once b is given:
 *
 *   c + a·x^-b                      the width law
 *   c + a·x^-b·(1 + r·(x/x₁)^-b)    with a correction that dies faster; x₁ is the smallest x
 *   a·x^-b                          without a floor
 *
 * The correction is the next term of a series in x^-b. Its r, the share of the second term at x₁, is taken from a few
 * fixed values: r < 0 is a fall that starts slowly, r > 0 one that starts fast. r > -1/2 keeps every such curve falling
 * from x₁ on, for ever. Powers of x go over into powers of x, so that width or parameters as x make no difference.
 */

import type { PlausibleLaw } from '../../model/scaling-results.ts';

export interface LawForm {
  name: string;
  formula: string;
  /** r, the share of the second term at the smallest x; 0 without a correction. */
  bend: number;
  hasFloor: boolean;
  /** Probability before any loss is seen. */
  prior: number;
}

const POWER_LAW = { name: 'power law', formula: 'c + a·x^-b', bend: 0, hasFloor: true };
const CORRECTED = { name: 'power law with a correction', formula: 'c + a·x^-b·(1 + r·(x/x₁)^-b)', hasFloor: true };
const FLOORLESS = { name: 'power law without a floor', formula: 'a·x^-b', bend: 0, hasFloor: false };

/**
 * The priors were chosen by measurement: coverage and predictive density on simulated ladders, from the width law and
 * from others, on the published table, and on the first ladders that the engine trained.
 */
export const WIDTH_LAW: LawForm = { ...POWER_LAW, prior: 0.5 };

export const LAW_FORMS: readonly LawForm[] = [
  WIDTH_LAW,
  { ...CORRECTED, bend: -0.4, prior: 0.2 },
  { ...CORRECTED, bend: -0.2, prior: 0.1 },
  { ...CORRECTED, bend: 1, prior: 0.15 },
  { ...FLOORLESS, prior: 0.05 },
];

/** ρ, the second term's share at the geometric mean of x, where `first` is log(x₁ / g). */
export const secondAt = (bend: number, b: number, first: number): number =>
  bend === 0 ? 0 : bend * Math.exp(b * first);

/** φ at t = log(x / g). */
export function excessAt(b: number, second: number, t: number): number {
  const v = Math.exp(-b * t);
  return second === 0 ? v : (v * (1 + second * v)) / (1 + second);
}

/** Posterior weights of the forms by name, most plausible first. */
export function lawsOf(components: readonly { form: LawForm; weight: number }[]): PlausibleLaw[] {
  const laws = new Map<string, PlausibleLaw>();
  for (const { name, formula } of LAW_FORMS) laws.set(name, { name, formula, weight: 0 });
  for (const { form, weight } of components) laws.get(form.name)!.weight += weight;
  return [...laws.values()]
    .map((law) => ({ ...law, weight: Math.min(1, law.weight) }))
    .sort((p, q) => q.weight - p.weight);
}
