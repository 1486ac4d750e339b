/** A comparison in a terminal: what each recipe was predicted to reach, and what every pair is found to be. */
import type { ExperimentResult, RunResult } from '../src/model/result.ts';
import type { Comparison, Difference } from '../src/model/scaling-results.ts';
import { areSame } from '../src/scaling/compare/measured.ts';
import { predictionText } from './report-prediction.ts';
import { table } from './words.ts';

export function compareText(result: ExperimentResult): string {
  const pairs = (result.comparisons ?? []).map((comparison) => pairText(comparison, result));
  return [predictionText(result), ...pairs].join('\n\n');
}

function pairText(comparison: Comparison, { experiment, runs }: ExperimentResult): string {
  const { a, b, crossover, verdict, sentence, cannotTell, notes } = comparison;
  // Of the same numbers laws have nothing to add.
  const at = verdict === 'no difference' && areSame(comparison.measured) ? [] : comparison.at;
  const { probability, x, interval } = crossover;
  const crossing =
    verdict !== 'crossover' || x === null || interval === null
      ? `${probability < 0.5 ? 'no crossing found' : 'a crossing is not settled'} within the range (probability of one: ${share(probability)})`
      : `the laws cross at width ${short(x)} (80 %: ${short(interval[0])} to ${short(interval[1])}) with probability ${share(probability)}`;
  const head = ['  width', `${a} - ${b}`, '80 % interval', `${a} better`, 'measured'];
  const rows = at.map((difference) => row(difference, measuredText(comparison, runs, experiment.seeds, difference.x)));
  return [
    `${a} against ${b}: ${cannotTell ?? sentence}`,
    ...(at.length > 0 ? [table(head, rows), `  ${crossing}`] : []),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}

const row = ({ x, difference, intervals, probability }: Difference, measured: string): string[] => [
  `  ${short(x)}`,
  signed(difference),
  intervals['80'].map(signed).join(' to '),
  share(probability),
  measured,
];

/** Mean over the seeds that both recipes finished there, where none diverged. */
function measuredText(
  { a, b }: Comparison,
  runs: readonly RunResult[],
  seeds: readonly number[],
  width: number,
): string {
  const here = runs.filter((run) => run.width === width && seeds.includes(run.seed));
  if (here.some((run) => run.status === 'diverged' && [a, b].includes(run.recipe))) return 'a seed diverged';
  const lossOf = (recipe: string, seed: number) =>
    here.find((run) => run.recipe === recipe && run.seed === seed && run.status === 'done')?.finalEvalLoss ?? NaN;
  const differences = seeds.map((seed) => lossOf(a, seed) - lossOf(b, seed)).filter(Number.isFinite);
  if (differences.length === 0) return '–';
  return signed(differences.reduce((sum, one) => sum + one, 0) / differences.length);
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;
const share = (probability: number): string => `${(100 * probability).toFixed(1)} %`;
