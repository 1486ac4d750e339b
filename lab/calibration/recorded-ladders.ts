/** The real ladders as kept beside this file: what was trained, and the losses it ended with. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunResult } from '../../src/model/result.ts';
import type { LadderSpec } from './ladder-specs.ts';

export type Design = 'randomised' | 'careful';

const FILES: Record<Design, string> = {
  randomised: fileURLToPath(new URL('./recorded-ladders.json', import.meta.url)),
  careful: fileURLToPath(new URL('./careful-ladders.json', import.meta.url)),
};

/** Training losses are kept as means over this many bins of steps. */
const BINS = 40;
const FINAL_DIGITS = 7;
const CURVE_DIGITS = 5;

interface RecordedRun {
  width: number;
  seed: number;
  parameters: { nonEmbedding: number; total: number };
  status: RunResult['status'];
  /** Nats per token, over the evaluation window that all runs of a ladder share; null for a run that diverged. */
  finalEvalLoss: number | null;
  /** Means over the steps from round(i/40 · steps) to round((i+1)/40 · steps). */
  trainLoss: (number | null)[];
  /** Where the schedule is constant: losses after these steps. */
  evalSteps?: number[];
  evalLoss?: (number | null)[];
}

export interface RecordedLadder extends LadderSpec {
  adapter: string;
  runs: RecordedRun[];
}

export function readRecorded(design: Design = 'randomised'): RecordedLadder[] {
  const file = FILES[design];
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RecordedLadder[]) : [];
}

/** One line a ladder and one a run, so that a change shows where it is. */
export function writeRecorded(design: Design, ladders: readonly RecordedLadder[]): void {
  const texts = ladders.map(({ runs, ...rest }) => {
    const lines = runs.map((run) => `  ${JSON.stringify(run)}`);
    return `${JSON.stringify(rest).slice(0, -1)},"runs":[\n${lines.join(',\n')}\n]}`;
  });
  writeFileSync(FILES[design], `[\n${texts.join(',\n')}\n]\n`);
}

export function recordedRun(run: RunResult): RecordedRun {
  const { width, seed, status, finalEvalLoss, trainLoss, evalSteps, evalLoss } = run;
  const { nonEmbedding, total } = run.parameters;
  const curve = (losses: (number | null)[]) => losses.map((loss) => rounded(loss, CURVE_DIGITS));
  return {
    width,
    seed,
    parameters: { nonEmbedding, total },
    status,
    finalEvalLoss: rounded(finalEvalLoss, FINAL_DIGITS),
    trainLoss: curve(binMeans(trainLoss, BINS)),
    ...(evalSteps.length > 1 ? { evalSteps, evalLoss: curve(evalLoss) } : {}),
  };
}

/** Means of the values over bins of equal length, give or take one value; null where one is missing. */
export function binMeans(values: readonly (number | null)[], bins: number): (number | null)[] {
  const edge = (i: number) => Math.round((i / bins) * values.length);
  return Array.from({ length: bins }, (_, i) => {
    const inside = values.slice(edge(i), edge(i + 1));
    const sum = inside.reduce<number | null>((so, value) => (so === null || value === null ? null : so + value), 0);
    return sum === null || inside.length === 0 ? null : sum / inside.length;
  });
}

const rounded = (value: number | null, digits: number) => (value === null ? null : Number(value.toPrecision(digits)));
