/** How often 80 % intervals hold the truth over simulated sweeps: lopsided curves, grids and noises of several sizes. */
import { locateMinimum } from '../../../src/checks/minimum.ts';
import { shiftOf } from '../../../src/checks/shift.ts';
import { randomStream } from '../../../src/model/random.ts';
import { sampleSweep, type CurveShape } from './u-curves.ts';

export const LOPSIDED: CurveShape[] = [
  { fall: 0.8, rise: 0.9 },
  { fall: 0.6, rise: 1.2 },
  { fall: 0.5, rise: 1.5 },
];

const SETTINGS = [0.5, 1, 2].flatMap((step) => [0.0005, 0.003, 0.01].map((noise) => ({ step, noise })));

export interface Coverage {
  /** Intervals that there were. */
  all: number;
  /** Share of them that hold the truth. */
  held: number;
}

/** Of minima that lie inside the grid. @param repeats sweeps for each shape, step and noise */
export function coverageOfMinima(seeds: number, repeats: number): Coverage {
  const random = randomStream(seeds, 'coverage of minima');
  const isHeld = LOPSIDED.flatMap((shape) =>
    SETTINGS.flatMap(({ step, noise }) =>
      Array.from({ length: repeats }, () => {
        const { lo, hi, status } = locateMinimum(sampleSweep(shape, { step, noise, seeds }, random))!.minimum;
        return status === 'inside' ? [lo! <= 1 && hi! >= 1] : [];
      }).flat(),
    ),
  );
  return shareOf(isHeld);
}

/** Of the shift over four widths, none and -0.8 octaves for each doubling. */
export function coverageOfShifts(seeds: number, repeats: number): Coverage {
  const random = randomStream(seeds, 'coverage of shifts');
  const isHeld = LOPSIDED.flatMap((shape) =>
    SETTINGS.flatMap(({ step, noise }) =>
      [0, -0.8].flatMap((shift) =>
        Array.from({ length: repeats }, () => {
          const minima = [0, 1, 2, 3].map((doublings) => ({
            at: 8 * 2 ** doublings,
            ...locateMinimum(sampleSweep(shape, { step, noise, seeds, minimum: shift * doublings }, random))!,
          }));
          const { lo, hi } = shiftOf(minima)!;
          return lo === null ? [] : [lo <= shift && hi! >= shift];
        }).flat(),
      ),
    ),
  );
  return shareOf(isHeld);
}

const shareOf = (isHeld: boolean[]): Coverage => ({
  all: isHeld.length,
  held: isHeld.filter(Boolean).length / isHeld.length,
});
