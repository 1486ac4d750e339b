/** Prints the coverage table of docs/scaling.md: `npx tsx tests/unit/scaling/coverage-table.ts [LADDERS]`. */
import { coverage, simulate, type SimulatedLadder } from './simulated-ladders.ts';

const count = Number(process.argv[2] ?? 3000);
const noise: [number, number] = [0.0002, 0.01];
const ladders = simulate({ count, seed: 2024, rungs: [4, 8], noise });

function row(name: string, from: SimulatedLadder[], keep?: (ladder: SimulatedLadder, factor: number) => boolean) {
  const held = coverage(from, keep);
  const percent = (['50', '80', '95'] as const).map((level) => (100 * held[level]).toFixed(1).padStart(6));
  console.log(`| ${name.padEnd(34)} | ${String(held.targets).padStart(7)} | ${percent.join(' | ')} |`);
}

console.log(`| ${'ladders'.padEnd(34)} | targets |   50 % |   80 % |   95 % |`);
console.log(`| ${'-'.repeat(34)} | ------: | -----: | -----: | -----: |`);
row('all, 4 to 8 rungs', ladders);
for (const rungs of [4, 5, 6, 7, 8]) row(`${rungs} rungs`, ladders, (ladder) => ladder.rungs === rungs);
for (const wanted of [2, 4]) row(`target at ${wanted}x`, ladders, (_, factor) => factor === wanted);
row('noise under 0.1 %', ladders, (ladder) => ladder.noise < 0.001);
row('noise 0.1 to 0.3 %', ladders, (ladder) => ladder.noise >= 0.001 && ladder.noise < 0.003);
row('noise over 0.3 %', ladders, (ladder) => ladder.noise >= 0.003);
row('3 rungs', simulate({ count, seed: 2025, rungs: [3, 3], noise }));
row('4 to 8 rungs, standard errors given', simulate({ count, seed: 2026, rungs: [4, 8], noise, standardErrors: true }));
