/** Prints the tables of docs/comparing.md: `npx tsx lab/calibration/compare-coverage.ts [PAIRS]`. */
import { compare } from '../../src/scaling/compare/compare.ts';
import type { Comparison } from '../../src/model/scaling-results.ts';
import { LEVELS, type Level } from '../../src/scaling/width/report.ts';
import { comparedPairs, lawAt, type ComparedPair, type Kind } from './compared-ladders.ts';

const count = Number(process.argv[2] ?? 400);

interface Judged extends ComparedPair {
  said: Comparison;
}

const judged = (kind: Kind, seed: number): Judged[] =>
  comparedPairs(count, seed, kind).map((pair) => ({
    ...pair,
    said: compare({ a: pair.a, b: pair.b, targets: [pair.target], grid: [] }),
  }));

const share = (of: readonly Judged[], is: (one: Judged) => boolean): number => of.filter(is).length / of.length;

const percent = (value: number) => (100 * value).toFixed(1).padStart(6);

const truth = ({ laws, target }: ComparedPair) => lawAt(laws[0], target) - lawAt(laws[1], target);

function holds(one: Judged, level: Level): boolean {
  const [lo, hi] = one.said.at[0]!.intervals[level];
  return lo <= truth(one) && truth(one) <= hi;
}

/** Sign of A - B at the target that the verdict claims; 0 where it claims none. */
const claimed = ({ verdict, at }: Comparison): number =>
  verdict === 'a' || verdict === 'b' || verdict === 'crossover' ? Math.sign(at[0]!.difference) : 0;

const GROUPS: [string, (pair: ComparedPair) => boolean][] = [
  ['all', () => true],
  ['1 seed', ({ seeds }) => seeds === 1],
  ['2 seeds', ({ seeds }) => seeds === 2],
  ['3 seeds', ({ seeds }) => seeds === 3],
  ['correlation under 0.3', ({ correlation }) => correlation < 0.3],
  ['correlation 0.3 to 0.7', ({ correlation }) => correlation >= 0.3 && correlation < 0.7],
  ['correlation over 0.7', ({ correlation }) => correlation >= 0.7],
  ['target at 2x', ({ target, widths }) => target === 2 * widths.at(-1)!],
  ['target at 4x', ({ target, widths }) => target === 4 * widths.at(-1)!],
];

function row(name: string, cells: string[]) {
  console.log(`| ${name.padEnd(24)} | ${cells.join(' | ')} |`);
}

const equal = judged('equal', 41);
console.log('Equal laws: called a winner, called a crossover; difference of 0 inside the interval');
row('pairs', [' count', 'winner', 'cross.', '  50 %', '  80 %', '  95 %']);
for (const [name, is] of GROUPS) {
  const here = equal.filter(is);
  const called = (verdicts: string[]) => percent(share(here, ({ said }) => verdicts.includes(said.verdict)));
  const held = LEVELS.map((level) => percent(share(here, (one) => holds(one, level))));
  row(name, [String(here.length).padStart(6), called(['a', 'b']), called(['crossover']), ...held]);
}

const unequal = judged('unequal', 42);
console.log('\nUnequal laws: true difference inside the interval; winner called, and called rightly among those');
row('pairs', [' count', '  50 %', '  80 %', '  95 %', 'called', ' right']);
for (const [name, is] of GROUPS) {
  const here = unequal.filter(is);
  const called = here.filter(({ said }) => claimed(said) !== 0);
  const right = share(called, (one) => claimed(one.said) === Math.sign(truth(one)));
  const held = LEVELS.map((level) => percent(share(here, (one) => holds(one, level))));
  row(name, [String(here.length).padStart(6), ...held, percent(called.length / here.length), percent(right)]);
}

const crossing = judged('crossing', 43);
const told = crossing.filter(({ said }) => said.verdict === 'crossover');
const inside = ({ said, crossing: x }: Judged) => {
  const [lo, hi] = said.crossover.interval!;
  return lo <= x! && x! <= hi;
};
const withInterval = crossing.filter(({ said }) => said.crossover.interval !== null);
console.log('\nCrossing laws: verdict; crossing inside its 80 % interval');
console.log(`verdict crossover      ${percent(told.length / crossing.length)} % of ${crossing.length}`);
console.log(
  `winner at target wrong ${percent(share(crossing, (one) => claimed(one.said) === -Math.sign(truth(one))))} %`,
);
console.log(`interval holds it      ${percent(share(told, inside))} % of ${told.length} with that verdict`);
console.log(
  `                       ${percent(share(withInterval, inside))} % of ${withInterval.length} with an interval`,
);

console.log(
  '\nPairing: width of the 80 % interval at the target over that of the same losses taken as unpaired, medians',
);
for (const [name, is] of GROUPS) {
  const ratios = unequal.filter(is).map(({ said, a, b, target }) => {
    const points = b.points.map((point) => ({
      ...point,
      losses: point.losses.map(({ seed, loss }) => ({ seed: seed + 1000, loss })),
    }));
    const alone = compare({ a, b: { ...b, points }, targets: [target], grid: [] });
    const width = ({ at }: Comparison) => at[0]!.intervals['80'][1] - at[0]!.intervals['80'][0];
    return width(said) / width(alone);
  });
  ratios.sort((p, q) => p - q);
  row(name, [ratios[Math.floor(ratios.length / 2)]!.toFixed(2)]);
}
