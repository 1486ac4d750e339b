/** Prints the coverage figures of docs/checks.md: `npx tsx tests/unit/checks/coverage-table.ts [REPEATS]`. */
import { coverageOfMinima, coverageOfShifts } from './coverage.ts';

const repeats = Number(process.argv[2] ?? 200);
console.log('| seeds | minimum | shift over four widths |');
console.log('| ----: | ------: | ---------------------: |');
for (const seeds of [1, 2, 3, 5]) {
  const percent = ({ held }: { held: number }) => `${(100 * held).toFixed(1)} %`;
  const minimum = seeds > 1 ? percent(coverageOfMinima(seeds, repeats)) : 'none';
  console.log(`| ${seeds} | ${minimum} | ${percent(coverageOfShifts(seeds, repeats / 5))} |`);
}
