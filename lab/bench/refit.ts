/** Section "refit": the time of a full refit with all its intervals, and of a comparison, as the page asks for them after each rung. */
import { randomStream } from '../../src/model/random.ts';
import type { FitRequest } from '../../src/scaling/width/report.ts';
import { LawFitter } from '../../src/analysis/fitter-service.ts';
import { compare, type CompareRequest } from '../../src/scaling/compare/compare.ts';
import { fitRequest } from '../../src/analysis/rung-points.ts';
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
  const fitter = new LawFitter();
  const timed = async (request: FitRequest) => {
    const started = performance.now();
    await fitter.fit(request);
    return performance.now() - started;
  };
  const first = await timed(ladderOf(USUAL_POINTS, 0));
  const rows: RefitPlace['rows'] = [];
  for (const points of POINTS) {
    tell(`refit: ${points} points, ${where}`);
    const times: number[] = [];
    for (let i = 0; i < (quick ? 5 : 25); i++) times.push(await timed(ladderOf(points, i + 1)));
    rows.push({ points, time: spreadOf(times) });
  }
  const pairs = SEEDS.map((seeds) => {
    tell(`refit: a pair with ${seeds} seeds, ${where}`);
    const times = Array.from({ length: quick ? 5 : 25 }, (_, i) => {
      const request = pairOf(seeds, i + 1);
      const started = performance.now();
      compare(request);
      return performance.now() - started;
    });
    return { seeds, time: spreadOf(times) };
  });
  return { where, first, rows, pairs };
}

/** Two recipes 0.02 nats apart with a noise of 0.1 % at widths from 8 to 48, held to width 192. */
function pairOf(seeds: number, seed: number): CompareRequest {
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
  const grid = Array.from({ length: 97 }, (_, i) => 7.2 * 32 ** (i / 96));
  return { a: recipe('a', 3), b: recipe('b', 3.02), targets: [192], grid };
}

/** Losses 3 + 2·x^-0.5 with a noise of 0.2 % at widths from 16 to 1024, and two targets. */
function ladderOf(points: number, seed: number): FitRequest {
  const random = randomStream(seed, 'refit of the bench');
  const widths = Array.from({ length: points }, (_, i) => 16 * 64 ** (i / (points - 1)));
  const losses = widths.map((x) => (3 + 2 * x ** -0.5) * (1 + 0.002 * random.normal()));
  return fitRequest(
    widths.map((x, i) => ({ x, loss: losses[i], runs: [] })),
    { rungs: widths, targets: [2048, 4096] },
  );
}
