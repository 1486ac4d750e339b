/** What fits on a device is told before anything is allocated, in words a person can act on. */
import { describe, expect, test } from 'vitest';
import { assertOneRunFits, needOf, recordCohort, runsThatFit } from '../../src/gpu/capacity.ts';
import { MatmulChoices } from '../../src/gpu/matmul/choices.ts';
import { InputError } from '../../src/model/parse.ts';
import { cohortOf, recipeOf, train } from './cohorts.ts';
import { newEngine } from './shared-device.ts';

const cohort = cohortOf(
  [1, 2, 3, 4, 5].map(() => recipeOf({})),
  { width: 32, vocabulary: 16 },
  1,
  [1, 2, 3, 4, 5],
);
const TARGET = { fill: 1, matmuls: new MatmulChoices({ software: true, subgroups: false }) };
const need = (runs: number) => needOf(recordCohort(cohort, runs, TARGET).program);
const ROOM = { binding: 2 ** 30, total: 2 ** 31 };

describe('capacity', () => {
  test('finds the most runs that fit by the largest buffer and by the total', () => {
    expect(runsThatFit(cohort, ROOM, TARGET)).toBe(5);
    expect(runsThatFit(cohort, { ...ROOM, binding: need(3).largest.bytes }, TARGET)).toBe(3);
    expect(runsThatFit(cohort, { ...ROOM, total: need(3).total - 1 }, TARGET)).toBe(2);
    expect(runsThatFit(cohort, { ...ROOM, total: need(1).total - 1 }, TARGET)).toBe(0);
  });

  test('dispatches no more workgroups along an axis than WebGPU allows, however many runs there are', () => {
    const optimizer = { kind: 'muon', learningRate: 0.1 } as const;
    const deep = cohortOf([recipeOf({ layers: 8, optimizer })], { width: 8, vocabulary: 4 }, 1);
    const many = { ...deep, runs: Array.from({ length: 3000 }, () => deep.runs[0]) };
    const together = runsThatFit(many, { binding: Infinity, total: Infinity }, TARGET);
    // 32 square matrices a run are orthogonalised side by side.
    expect(together).toBe(Math.floor(65_535 / 32));
    expect(needOf(recordCohort(many, together, TARGET).program).workgroups).toBeLessThanOrEqual(65_535);
  });

  test('names the limit, what is needed and a batch that would fit', () => {
    const limits = { ...ROOM, binding: need(1).largest.bytes - 1 };
    const refusal = () => assertOneRunFits(cohort, limits, TARGET);
    expect(refusal).toThrow(InputError);
    expect(refusal).toThrow(
      /^width 32 does not fit on this device: its buffer ".+" needs .+ MiB, more than this adapter's maxStorageBufferBindingSize of .+ MiB; .+\.$/,
    );
    expect(() => assertOneRunFits(cohort, { ...ROOM, total: 1000 }, TARGET)).toThrow(/no batch would fit/);
    const halved = needOf(recordCohort({ ...cohort, batch: 2 }, 1, TARGET).program).total;
    expect(() => assertOneRunFits(cohort, { ...ROOM, total: halved }, TARGET)).toThrow(
      /a batch of 2 instead of 4 would fit/,
    );
  });

  test('tells of a width beyond every device by its size, though its numbers fit into no word', () => {
    const huge = { ...cohort, ...cohortOf([recipeOf({ layers: 12 })], { width: 32_768, vocabulary: 16 }, 1) };
    expect(() => assertOneRunFits(huge, ROOM, TARGET)).toThrow(/^width 32768 does not fit on this device: .* no batch/);
  });
});

describe('a cohort that does not fit together', () => {
  const engine = newEngine();

  test('is trained in parts with the same bits', async () => {
    const whole = await train(engine, cohort);
    engine.memory = need(2).total;
    const parts = await train(engine, cohort);
    expect(parts.losses).toEqual(whole.losses);
    expect(parts.outcomes.map((o) => [o.id, o.finalEvalLoss])).toEqual(
      whole.outcomes.map((o) => [o.id, o.finalEvalLoss]),
    );
  });

  test('is refused before training when one run alone is too large', () => {
    const wide = cohortOf([recipeOf({ headSize: 64, baseWidth: 64 })], { width: 64 * 64, vocabulary: 16 }, 1);
    expect(() => engine.assertFits(wide)).toThrow(/width 4096 does not fit on this device/);
  });
});
