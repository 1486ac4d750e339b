/** How the size of a module's output changes with width: the slope of log(mean |x|) on log(width), step by step. */
import type { RunResult } from '../model/result.ts';
import { mean, standardError } from './mean.ts';
import { fitPolynomial } from './polynomial.ts';

/** A run whose activations were measured. */
export interface MeasuredRun {
  width: number;
  seed: number;
  activations: NonNullable<RunResult['activations']>;
}

export interface ModuleSlopes {
  /** Mean over seeds, [step][width]; null where a run of that width has no value. */
  values: (number | null)[][];
  /** Slope of each seed that was measured at two widths or more, [step][seed]; null where an activation is zero or missing. */
  seedSlopes: (number[] | null)[];
  /** Mean over seeds. */
  slopes: (number | null)[];
  /** Of that mean, null for fewer than two seeds. */
  slopeErrors: (number | null)[];
}

/**
 * @param runs ordered by seed
 * @param widths ascending, each of some run
 * @param steps number of measurements of a run
 */
export function moduleSlopes(
  module: string,
  runs: readonly MeasuredRun[],
  widths: readonly number[],
  steps: number,
): ModuleSlopes {
  const seeds = [...new Set(runs.map((run) => run.seed))];
  const each = <T>(of: (step: number) => T) => Array.from({ length: steps }, (_, step) => of(step));
  const seedSlopes = each((step) => slopesOfSeeds(module, runs, seeds, step));
  return {
    seedSlopes,
    values: each((step) =>
      widths.map((width) => {
        const here = runs.filter((run) => run.width === width).map((run) => activationOf(run, module, step));
        return here.every((value) => value !== null) ? mean(here) : null;
      }),
    ),
    slopes: seedSlopes.map((slopes) => slopes && mean(slopes)),
    slopeErrors: seedSlopes.map((slopes) => slopes && standardError(slopes)),
  };
}

function slopesOfSeeds(
  module: string,
  runs: readonly MeasuredRun[],
  seeds: readonly number[],
  step: number,
): number[] | null {
  const slopes: number[] = [];
  for (const seed of seeds) {
    const own = runs.filter((run) => run.seed === seed);
    if (own.length < 2) continue;
    const values = own.map((run) => activationOf(run, module, step));
    if (!values.every((value) => value !== null && value > 0)) return null;
    const [xs, ys] = [own.map((run) => Math.log(run.width)), values.map((value) => Math.log(value!))];
    slopes.push(fitPolynomial(xs, ys, 1).coefficients[1]);
  }
  return slopes.length > 0 ? slopes : null;
}

function activationOf({ activations: { modules, values } }: MeasuredRun, module: string, step: number): number | null {
  return values[step]?.[modules.indexOf(module)] ?? null;
}
