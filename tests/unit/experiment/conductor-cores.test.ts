/** Where each run trains on a core of its own: cohorts side by side, and nothing else than what one after another would give. */
import { expect, test, vi } from 'vitest';
import type { ConductorEvent, ConductorOptions } from '../../../src/experiment/protocol.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import type { Experiment } from '../../../src/model/experiment.ts';
import { ask, experimentWith, FakeTrainer, quickAsk, wordsOf } from './fakes.ts';

/** Cohorts that stand in the middle until the test lets them go on. */
function held(cores: number, experiment: Experiment, options: Partial<ConductorOptions> = {}) {
  const trainer = new FakeTrainer();
  trainer.cores = cores;
  const goOn = new Map<number, () => void>();
  trainer.midway = ({ width }) => new Promise<void>((resolve) => goOn.set(width, resolve));
  const events: ConductorEvent[] = [];
  const conductor = new Conductor(trainer, quickAsk, { experiment, texts: {}, ...options }, (event) =>
    events.push(event),
  );
  const widths = () => trainer.requests.map(({ runs: [run] }) => run!.width);
  const until = (expected: number[]) =>
    vi.waitFor(() => expect(widths()).toEqual(expected), { timeout: 600_000, interval: 1 });
  const end = async (width: number) => {
    await vi.waitFor(() => expect(goOn.has(width)).toBe(true), { timeout: 600_000, interval: 1 });
    goOn.get(width)!();
  };
  return { trainer, conductor, events, widths, until, end };
}

const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve));
};

test('rungs begin largest first, as many as there are cores; the target waits for its seal', async () => {
  const { conductor, events, until, end } = held(2, experimentWith());
  const training = conductor.run();
  await until([32, 24]);
  await settle();
  await until([32, 24]);
  await end(24);
  await until([32, 24, 16]);
  await end(16);
  await until([32, 24, 16, 8]);
  await end(32);
  await settle();
  await until([32, 24, 16, 8]);
  expect(wordsOf(events)).not.toContain('sealed muP 48');
  await end(8);
  await until([32, 24, 16, 8, 48]);
  expect(wordsOf(events)).toContain('sealed muP 48');
  await end(48);
  const { runs } = await training;
  expect(runs.map(({ width, status }) => [width, status])).toEqual([8, 16, 24, 32, 48].map((width) => [width, 'done']));
});

test('a cohort whose runs keep all cores busy trains alone, until one of them has nothing more to do', async () => {
  const { conductor, until, end } = held(3, experimentWith({ seeds: [1, 2, 3, 4] }));
  const training = conductor.run();
  await until([32]);
  await settle();
  await until([32]);
  await end(32);
  await until([32, 24]);
  for (const width of [24, 16, 8, 48]) await end(width);
  expect((await training).runs).toHaveLength(20);
});

test('what comes out is what one after another gives, seals and order included', async () => {
  const experiment = experimentWith({ ladder: { rungs: [8, 16, 24, 32], targets: [48, 64] } }, ['muP', 'SP']);
  const records = [];
  for (const cores of [0, 1, 2, 3, 16]) {
    const trainer = new FakeTrainer();
    trainer.cores = cores;
    // The larger ones end later, but for the largest of all.
    trainer.midway = ({ width }) => new Promise((resolve) => setTimeout(resolve, width === 32 ? 0 : width / 8));
    const { runs, sealed } = await new Conductor(trainer, ask, { experiment, texts: {} }, () => {}).run();
    records.push({ runs, sealed: sealed.map((seal) => ({ ...seal, sealedAt: '', sealHash: '' })) });
  }
  expect(records[0]!.runs).toHaveLength(12);
  for (const record of records) expect(record).toEqual(records[0]);
});

test('while paused no other begins', async () => {
  const { conductor, until, end } = held(2, experimentWith());
  const training = conductor.run();
  await until([32, 24]);
  conductor.pause();
  await end(32);
  await settle();
  await until([32, 24]);
  conductor.resume();
  await until([32, 24, 16]);
  for (const width of [24, 16, 8, 48]) await end(width);
  await training;
});

test('cancelled, all end, and what was finished is kept', async () => {
  const { conductor, events, until, end } = held(2, experimentWith());
  const training = conductor.run();
  await until([32, 24]);
  await end(32);
  await until([32, 24, 16]);
  conductor.cancel();
  for (const width of [24, 16]) await end(width);
  const { runs, unfinished } = await training;
  expect(runs.map(({ width, status }) => [width, status])).toEqual([
    [16, 'cancelled'],
    [24, 'cancelled'],
    [32, 'done'],
  ]);
  expect([unfinished, wordsOf(events).at(-1)]).toEqual([true, 'cancelled']);
});

test('where one cohort fails the others end with it, and what they measured is kept', async () => {
  const { conductor, events, trainer, until, end } = held(2, experimentWith());
  trainer.broken = 16;
  const training = conductor.run();
  await until([32, 24]);
  await end(24);
  await until([32, 24, 16]);
  await vi.waitFor(() => expect(trainer.calls).toContain('cancel'), { timeout: 600_000, interval: 1 });
  await end(32);
  const { runs } = await training;
  expect(runs.map(({ width, status }) => [width, status])).toEqual([
    [16, 'failed'],
    [24, 'done'],
    [32, 'cancelled'],
  ]);
  expect(runs[2]!.trainLoss).toHaveLength(2);
  expect(wordsOf(events).slice(-2)).toEqual(['error null', 'failed']);
});

test('progress tells of all that train, grows from nothing to all, and a width that trains cannot become a target', async () => {
  const { conductor, events, until, end } = held(2, experimentWith());
  const training = conductor.run();
  await until([32, 24]);
  await expect(conductor.setLadder({ rungs: [8, 16, 32], targets: [24] })).rejects.toThrow(
    'width 24 was trained already',
  );
  for (const width of [24, 16, 32, 8, 48]) await end(width);
  await training;
  const told = events.flatMap((event) => (event.kind === 'progress' ? [event.progress] : []));
  expect(told.some(({ current }) => String(current.map(({ width }) => width)) === '32,24')).toBe(true);
  const shares = told.map(({ share }) => share);
  expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  expect(shares).toEqual(shares.toSorted((one, other) => one - other));
});
