/** Section "launches": what a training step sends to the device. */
import { DeviceLog, type DeviceCounts } from './device-log.ts';
import type { LaunchFigures, LaunchRow } from './figures.ts';
import { gptCohort, gptOfWidth } from './gpt.ts';
import type { BenchGpu, SectionOptions } from './section.ts';
import { ENDLESS } from './training-time.ts';

const FULL = [16, 64, 256].flatMap((width) => [1, 16].map((runs) => ({ width, runs })));
const QUICK = [{ width: 32, runs: 1 }];
/** Times that steps are submitted; a GPU's engine needs some until it has found out how many steps to take together. */
const SUBMISSIONS = { gpu: 60, software: 6 };
/** Cohorts that a CPU adapter would take minutes for; launches are the same with fewer runs. */
const MOST_RUNS_TIMES_WIDTH = 1024;

export async function launches(gpu: BenchGpu, { quick, tell }: SectionOptions): Promise<LaunchFigures> {
  const submissions = SUBMISSIONS[gpu.adapter.software ? 'software' : 'gpu'];
  const rows: LaunchRow[] = [];
  for (const { width, runs } of quick ? QUICK : FULL) {
    if (gpu.adapter.software && runs * width > MOST_RUNS_TIMES_WIDTH) continue;
    tell(`launches: width ${width}, ${runs === 1 ? 'one run' : `${runs} runs`}`);
    rows.push({ width, runs, ...(await countsOfStep(gpu, width, runs, submissions)) });
  }
  return { rows };
}

/** Counts from the moment at which everything is ready for the first step, until `submissions` times steps were submitted. */
async function countsOfStep(
  { engine, device }: BenchGpu,
  width: number,
  runs: number,
  submissions: number,
): Promise<Omit<LaunchRow, 'width' | 'runs'>> {
  const log = new DeviceLog(device);
  const { checkpointMilliseconds } = engine;
  // A checkpoint is a matter of seconds, not of steps.
  engine.checkpointMilliseconds = Infinity;
  const stop = new AbortController();
  let counts: DeviceCounts | null = null;
  let asked = 0;
  let steps = 0;
  try {
    await engine.train(gptCohort(gptOfWidth(width), { steps: ENDLESS, runs }), {
      signal: stop.signal,
      onReport: (report) => {
        if (report.kind === 'losses') steps += report.losses.length / report.runs.length;
      },
      // An engine asks before each submission, and tells of all that was submitted before it ends.
      untilResumed: async () => {
        if (asked === 0) log.take();
        if (asked === submissions) {
          counts = log.take();
          stop.abort();
        }
        asked++;
      },
    });
  } finally {
    engine.checkpointMilliseconds = checkpointMilliseconds;
    log.stop();
  }
  if (!counts) throw new Error(`training ended after ${steps} steps, before they could be counted`);
  return perStep(counts, steps);
}

function perStep(counts: DeviceCounts, steps: number): Omit<LaunchRow, 'width' | 'runs'> {
  const byKernel = [...counts.launches]
    .map(([kernel, count]) => ({ kernel, launches: count / steps }))
    .sort((a, b) => b.launches - a.launches || (a.kernel < b.kernel ? -1 : 1));
  return {
    launches: byKernel.reduce((sum, { launches }) => sum + launches, 0),
    byKernel,
    submitsPerStep: counts.submits / steps,
    buffersPerStep: counts.buffers / steps,
    bindGroupsPerStep: counts.bindGroups / steps,
  };
}
