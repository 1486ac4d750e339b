import { expect, test } from 'vitest';
import { basinKey, basinNote } from '../../../src/checks/measured-basin.ts';
import type { Experiment } from '../../../src/model/experiment.ts';
import type { MeasuredBasin } from '../../../src/model/study.ts';
import type { FitRequest } from '../../../src/scaling/width/report.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import type { FitterService } from '../../../src/analysis/fitter-service.ts';
import { experimentWith, FakeTrainer, quickFitter } from '../experiment/fakes.ts';

const [recipe] = experimentWith().recipes;
const sweeps = [
  { parameter: 'optimizer.learningRate' as const, values: [0.01, 0.02, 0.04] },
  { parameter: 'init.hidden' as const, values: [0.5, 1, 2] },
];
/** Good at one cell only. */
const basinAt = (cell: [number, number]): MeasuredBasin => ({
  ...{ sweeps, widths: [8, 16], margin: 0.05, common: [cell] },
  key: basinKey(recipe, sweeps),
});

/** Has a note of its own beside each fit. */
const fitter: FitterService = Object.assign(Object.create(quickFitter) as FitterService, {
  fit: async (request: FitRequest) => ({ ...(await quickFitter.fit(request)), notes: ['The law is wide.'] }),
});

async function notesOf(basin?: MeasuredBasin): Promise<string[]> {
  const experiment: Experiment = { ...experimentWith(), ...(basin ? { basin } : {}) };
  const { fits } = await new Conductor(new FakeTrainer(), fitter, { experiment, texts: {} }, () => {}).run();
  return fits[0].notes;
}

test('a fit made outside the measured basin says so in its notes, one made inside does not', async () => {
  const outside = basinAt([2, 0]);
  const own = await notesOf();
  expect(own).toEqual(['The law is wide.']);
  expect(await notesOf(outside)).toEqual([...own, basinNote(recipe, outside)]);
  expect(await notesOf(basinAt([0, 1]))).toEqual(own);
});
