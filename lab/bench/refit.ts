/** Section "refit": the time of a full refit with all its intervals, as the page asks for one after each rung. */
import { randomStream } from '../../src/model/random.ts';
import type { FitRequest } from '../../src/scaling/width/report.ts';
import { LawFitter } from '../../src/analysis/fitter-service.ts';
import { fitRequest } from '../../src/analysis/rung-points.ts';
import type { RefitPlace } from './figures.ts';
import type { SectionOptions } from './section.ts';
import { spreadOf } from './spread.ts';

const POINTS = [5, 10, 20, 50];
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
  return { where, first, rows };
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
