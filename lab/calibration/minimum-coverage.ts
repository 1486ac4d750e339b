/**
 * How often 80 % intervals hold the truth over simulated sweeps: lopsided curves, grids and noises of several sizes. As a table:
 *
 *   npx tsx lab/calibration/minimum-coverage.ts [repeats]
 */
import { pathToFileURL } from 'node:url';
import { locateMinimum } from '../../src/checks/minimum.ts';
import { shiftOf } from '../../src/checks/shift.ts';
import { randomStream } from '../../src/model/random.ts';
import { LOPSIDED, sampleSweep } from './u-curves.ts';

const SETTINGS = [0.5, 1, 2].flatMap((step) => [0.0005, 0.003, 0.01].map((noise) => ({ step, noise })));

interface Coverage {
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

function main(repeats: number): void {
  console.log('| seeds | minimum | shift over four widths |');
  console.log('| ----: | ------: | ---------------------: |');
  for (const seeds of [1, 2, 3, 5]) {
    const percent = ({ held }: Coverage) => `${(100 * held).toFixed(1)} %`;
    const minimum = seeds > 1 ? percent(coverageOfMinima(seeds, repeats)) : 'none';
    console.log(`| ${seeds} | ${minimum} | ${percent(coverageOfShifts(seeds, repeats / 5))} |`);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main(Number(process.argv[2] ?? 200));
