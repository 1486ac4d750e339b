/**
 * What is said of simulated curves whose truth is known: those that collapse, and those that lie apart by so much. As a table:
 *
 *   npx tsx lab/calibration/collapse-verdicts.ts [repeats]
 */
import { collapseOf, type CollapseTraining } from '../../src/checks/collapse.ts';
import { randomStream, type RandomStream } from '../../src/model/random.ts';

const FLOOR = 2;
const POINTS = 20;
/** Relative spread of the reducible part. */
const NOISE = 0.01;

/**
 * Trainings of equal length with L = 2 + 9 n^-0.5 · share^-(0.4 + bend · log2(n / 32)) and noise of each seed: half of its spread in the whole curve,
 * as luck of the start is, half in every loss.
 */
function ladder(sizes: number, seeds: number, bend: number, random: RandomStream): CollapseTraining[] {
  return Array.from({ length: sizes }, (_, i) => 32 * 2 ** i).flatMap((size, i) =>
    Array.from({ length: seeds }, () => {
      const luck = random.normal();
      const steps = Array.from({ length: POINTS }, (_, k) => (k + 1) * 50);
      const losses = steps.map((_, k) => {
        const off = 1 + NOISE * Math.SQRT1_2 * (luck + random.normal());
        return FLOOR + 9 * size ** -0.5 * ((k + 1) / POINTS) ** -(0.4 + bend * i) * off;
      });
      return { size, curve: { steps, losses } };
    }),
  );
}

function main(repeats: number): void {
  console.log('| sizes | seeds | bend | deviation | collapses | apart | unclear |');
  console.log('| ----: | ----: | ---: | --------: | --------: | ----: | ------: |');
  const random = randomStream(1, 'verdicts on collapse');
  for (const sizes of [4, 6]) {
    for (const seeds of [2, 4]) {
      for (const bend of [0, 0.02, 0.08]) {
        const found = Array.from({ length: repeats }, () => collapseOf('', ladder(sizes, seeds, bend, random))!);
        const share = (verdict: string) =>
          `${((100 * found.filter((one) => one.verdict === verdict).length) / repeats).toFixed(0)} %`;
        const known = found.flatMap(({ deviation }) => deviation ?? []);
        const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
        const verdicts = ['collapses', 'apart', 'unclear'].map(share).join(' | ');
        console.log(`| ${sizes} | ${seeds} | ${bend} | ${(100 * mean).toFixed(1)} % | ${verdicts} |`);
      }
    }
  }
}

main(Number(process.argv[2] ?? 200));
