/** Section "refit": the time of a full refit with all its intervals, and of a comparison, as the page asks for them after each rung. */
import { randomStream } from '../../src/model/random.ts';
import { analyse, type Question } from '../../src/analysis/analyse.ts';
import { gridOver } from '../../src/analysis/rung-points.ts';
import type { RefitPlace } from './figures.ts';
import type { SectionOptions } from './section.ts';
import { spreadOf } from './spread.ts';

const POINTS = [5, 10, 20, 50];
/** Seeds of each rung where two recipes are compared. */
const SEEDS = [1, 3];
/** A long ladder of the page: the very first refit is measured at it. */
const USUAL_POINTS = 10;

/** @param where what runs this, e.g. "Chromium 140". */
export async function refit(where: string, { quick, tell }: SectionOptions): Promise<RefitPlace> {
  const timed = (question: Question) => {
    const started = performance.now();
    analyse(question);
    return performance.now() - started;
  };
  const first = timed(ladderOf(USUAL_POINTS, 0));
  const rows: RefitPlace['rows'] = [];
  for (const points of POINTS) {
    tell(`refit: ${points} points, ${where}`);
    const times: number[] = [];
    for (let i = 0; i < (quick ? 5 : 25); i++) times.push(timed(ladderOf(points, i + 1)));
    rows.push({ points, time: spreadOf(times) });
  }
  const pairs = SEEDS.map((seeds) => {
    tell(`refit: a pair with ${seeds} seeds, ${where}`);
    const times = Array.from({ length: quick ? 5 : 25 }, (_, i) => timed(pairOf(seeds, i + 1)));
    return { seeds, time: spreadOf(times) };
  });
  return { where, first, rows, pairs };
}

/** Two recipes 0.02 nats apart with a noise of 0.1 % at widths from 8 to 48, held to width 192. */
function pairOf(seeds: number, seed: number): Question<'comparison'> {
  const random = randomStream(seed, 'pair of the bench');
  const recipe = (name: string, floor: number) => ({
    name,
    points: [8, 16, 24, 32, 48].map((width) => ({
      width,
      x: width,
      losses: Array.from({ length: seeds }, (_, i) => ({
        seed: i + 1,
        loss: (floor + 2 * width ** -0.5) * (1 + 0.001 * random.normal()),
      })),
    })),
  });
  const inputs = { a: recipe('a', 3), b: recipe('b', 3.02), targets: [192], grid: gridOver([8, 192]) };
  return { kind: 'comparison', inputs };
}

/** Losses 3 + 2·x^-0.5 with a noise of 0.2 % at widths from 16 to 1024, and two targets. */
function ladderOf(points: number, seed: number): Question<'law'> {
  const random = randomStream(seed, 'refit of the bench');
  const widths = Array.from({ length: points }, (_, i) => 16 * 64 ** (i / (points - 1)));
  const losses = widths.map((x) => (3 + 2 * x ** -0.5) * (1 + 0.002 * random.normal()));
  const measured = widths.map((x, i) => ({ x, loss: losses[i] }));
  const targets = [2048, 4096];
  return { kind: 'law', inputs: { points: measured, targets, grid: gridOver([...widths, ...targets]) } };
}
