/** The recorded examples of the page are what the engine trains today, to the last digit, where the adapter adds up as theirs did. */
import { beforeAll, expect, test } from 'vitest';
import { RECORDED } from '../../src/model/presets.ts';
import type { ExperimentResult, RunResult } from '../../src/model/result.ts';
import type { Run } from '../../src/model/run.ts';
import { cohortsOf, isProbed } from '../../src/experiment/cohorts.ts';
import { CohortRecorder } from '../../src/experiment/recorder.ts';
import { listenToReports } from '../../src/experiment/report-port.ts';
import { EngineTrainer } from '../../src/experiment/trainer-service.ts';
import { ARITHMETIC, arithmeticOf } from './arithmetic.ts';
import { newEngine } from './shared-device.ts';

const engine = newEngine();
/** Why the recordings' digits cannot be asked of this adapter; empty where they can. */
let reason = '';
beforeAll(async () => {
  const here = await arithmeticOf(engine.device);
  const { vendor, architecture } = engine.adapter;
  if (typeof document === 'undefined' || here !== ARITHMETIC) {
    reason = `${vendor} ${architecture} rounds otherwise (${here}) than the software adapter of the recordings (${ARITHMETIC})`;
  }
});

/** Small enough for seconds; the first and the last run of each cohort, which train alone as they train together. */
const WIDTHS: Record<string, number[]> = {
  sentences: [8],
  'qk-norm': [16],
  'transfer-sentences': [8],
  'coordinates-smoke': [32],
  'basin-smoke': [8],
};

/** Steps after which recordings that would train for a minute are left. Their decay and their final losses are then not held; those of the others are. */
const ENOUGH: Partial<Record<string, number>> = { sentences: 60, 'qk-norm': 100 };

test.for(RECORDED)('%s', async (name, { skip }) => {
  skip(reason !== '', reason);
  const recorded = (await (await fetch(`/recorded/${name}.json`)).json()) as ExperimentResult;
  const trainer = new EngineTrainer(async () => ({ engine, reason: null }));
  const cohorts = cohortsOf(recorded.experiment).rungs.filter(([{ width }]) => WIDTHS[name].includes(width));
  expect(cohorts.length).toBeGreaterThan(0);
  for (const cohort of cohorts) {
    const runs = [...new Set([cohort[0], cohort.at(-1)!])];
    const enough = ENOUGH[name] ?? Infinity;
    const results = await trained(trainer, runs, isProbed(recorded.experiment), enough);
    for (const result of results) {
      const before = recorded.runs.find(({ id }) => id === result.id)!;
      if (enough === Infinity) {
        expect(measuredOf(result), result.id).toEqual(measuredOf(before));
        continue;
      }
      const taken = result.trainLoss.length;
      expect(taken).toBeGreaterThanOrEqual(enough);
      expect(result.trainLoss, result.id).toEqual(before.trainLoss.slice(0, taken));
    }
  }
});

async function trained(trainer: EngineTrainer, runs: Run[], probe: boolean, enough: number): Promise<RunResult[]> {
  const facts = await trainer.prepare(runs[0].recipe, {});
  const recorder = new CohortRecorder(runs, facts);
  const reports = listenToReports((report) => {
    recorder.add(report);
    if (report.kind === 'losses' && report.firstStep + report.losses.length / runs.length >= enough) {
      void trainer.cancel();
    }
  });
  const outcomes = await trainer.train({ runs, probe }, reports.port);
  await reports.ended;
  reports.close();
  return recorder.results(outcomes);
}

const measuredOf = ({ status, trainLoss, evalLoss, finalEvalLoss, activations }: RunResult) => ({
  ...{ status, trainLoss, evalLoss, finalEvalLoss, activations },
});
