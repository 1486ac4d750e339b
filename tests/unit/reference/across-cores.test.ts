/** Runs spread over cores: the same bits as one after another, in whatever order and however the cores fare. */
import { describe, expect, test, vi } from 'vitest';
import { MissingPart } from '../../../src/model/missing-part.ts';
import { InputError } from '../../../src/model/parse.ts';
import type { Cohort, RunOutcome, TrainingOptions, TrainingReport } from '../../../src/model/training.ts';
import * as capacity from '../../../src/reference/capacity.ts';
import { createCpuEngine, type Core } from '../../../src/reference/across-cores.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';
import { cohortOf, recipeOf, train as trainInTurns } from './cohorts.ts';

const recipe = recipeOf({ evaluation: { every: 5, sequences: 10 } });
const wild = recipeOf({ optimizer: { learningRate: 10, weightDecay: 10, clip: 0 }, schedule: { kind: 'constant' } });
const short = cohortOf([recipe, recipe, recipe, wild, recipe], 8, [1, 2, 3, 4, 5], 5);
/** The same batches in each segment. */
const cohort = { ...short, steps: 60, stream: { ...short.stream, segment: () => short.stream.segment(0) } };

const options = (change: Partial<TrainingOptions> = {}): TrainingOptions => ({
  signal: new AbortController().signal,
  untilResumed: () => Promise.resolve(),
  onReport: () => {},
  ...change,
});

/** Losses and evaluations by run, however they came. */
function heardOf(reports: readonly TrainingReport[]): Map<string, (number | string)[]> {
  const heard = new Map<string, (number | string)[]>();
  for (const report of reports) {
    for (const [column, id] of report.runs.entries()) {
      const series = heard.get(id) ?? heard.set(id, []).get(id)!;
      if (report.kind === 'evaluation') series.push(`${report.step}: ${report.losses[column]}`);
      else series.push(...[...report.losses].filter((_, i) => i % report.runs.length === column));
    }
  }
  return heard;
}

const withoutTime = (outcomes: readonly RunOutcome[]) => outcomes.map((outcome) => ({ ...outcome, seconds: 0 }));

async function train(cores: Core[], asked: Cohort = cohort, change: Partial<TrainingOptions> = {}) {
  const reports: TrainingReport[] = [];
  const outcomes = await createCpuEngine(cores).train(
    asked,
    options({
      ...change,
      onReport: (report) => {
        reports.push(report);
        change.onReport?.(report);
      },
    }),
  );
  return { outcomes: withoutTime(outcomes), heard: heardOf(reports) };
}

const local = (): Core => createReferenceEngine();

/** Cores whose runs end when the test says, in the order in which they were begun. */
function heldCores(count: number) {
  const begun: {
    cohort: Cohort;
    options: TrainingOptions;
    end: (status?: RunOutcome['status']) => void;
    fail: (error: Error) => void;
  }[] = [];
  const core: Core = {
    train: (cohort, options) =>
      new Promise((resolve, reject) => {
        const [{ id }] = cohort.runs;
        const rest = { divergedAt: null, finalEvalLoss: 1, finalEvalStandardError: 0, seconds: 1 };
        const end = (status: RunOutcome['status'] = 'done') => resolve([{ id: id!, status, ...rest }]);
        options.signal.addEventListener('abort', () => end('cancelled'));
        begun.push({ cohort, options, end, fail: reject });
      }),
  };
  return {
    cores: Array.from({ length: count }, () => core),
    begun,
    ids: () => begun.map((one) => one.cohort.runs[0]!.id),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('runs over cores', () => {
  test.each([2, 3, 8])('end with the bits of one after another on %i cores', async (count) => {
    const { outcomes, reports } = await trainInTurns(cohort, { keepParameters: 'all' });
    const spread = await train(Array.from({ length: count }, local), cohort, { keepParameters: 'all' });
    expect(outcomes[3]!.status).toBe('diverged');
    expect(spread.outcomes).toEqual(withoutTime(outcomes));
    expect(spread.heard).toEqual(heardOf(reports));
  });

  test('take their turns in this thread where there is but one', () => {
    expect(createCpuEngine([local()]).cores).toBeUndefined();
    expect(createCpuEngine([local(), local()]).cores).toBe(2);
  });

  test('begin as cores become free, the largest first, and end in any order as they were asked for', async () => {
    const { cores, begun, ids } = heldCores(2);
    const engine = createCpuEngine(cores);
    const small = engine.train({ ...cohort, runs: cohort.runs.slice(0, 3) }, options());
    const wider = { ...cohortOf([recipe, recipe], 16, [1, 2]), steps: 60 };
    const large = engine.train(
      { ...wider, runs: wider.runs.map((run) => ({ ...run, id: `large ${run.id}` })) },
      options(),
    );
    expect(ids()).toEqual(['run 0', 'run 1']);
    begun[1]!.end();
    await turn();
    begun[0]!.end();
    await turn();
    expect(ids().slice(2)).toEqual(['large run 0', 'large run 1']);
    begun[3]!.end();
    begun[2]!.end();
    await turn();
    expect(ids()[4]).toBe('run 2');
    begun[4]!.end();
    expect((await large).map(({ id }) => id)).toEqual(['large run 0', 'large run 1']);
    expect((await small).map(({ id }) => id)).toEqual(['run 0', 'run 1', 'run 2']);
  });

  test('hold no more memory at once than one run may', async () => {
    const { cores, begun, ids } = heldCores(3);
    const bound = vi
      .spyOn(capacity, 'mostNumbers')
      .mockReturnValue(2.5 * (capacity.numbersHeld(cohort) + capacity.numbersSent(cohort)));
    const training = createCpuEngine(cores).train({ ...cohort, runs: cohort.runs.slice(0, 3) }, options());
    await turn();
    expect(ids()).toEqual(['run 0', 'run 1']);
    begun[0]!.end();
    await turn();
    expect(ids()).toHaveLength(3);
    begun.forEach(({ end }) => end());
    await training;
    bound.mockRestore();
  });

  test('count what is sent to them as held: what they are evaluated on, and two segments of tokens', async () => {
    const { cores, begun } = heldCores(3);
    const bound = vi.spyOn(capacity, 'mostNumbers').mockReturnValue(2 * capacity.numbersHeld(cohort));
    const training = createCpuEngine(cores).train({ ...cohort, runs: cohort.runs.slice(0, 3) }, options());
    await turn();
    // Two would fit without their tokens.
    expect(begun).toHaveLength(1);
    const { evaluation, segmentSteps } = cohort.stream;
    expect(segmentSteps).toBe(12);
    expect(2 * capacity.numbersSent(cohort)).toBe(evaluation.length + 2 * 12 * 4 * 9);
    bound.mockRestore();
    begun[0]!.end();
    await turn();
    begun.slice(1).forEach(({ end }) => end());
    await training;
  });

  test('that are cancelled end at once, those that wait without beginning', async () => {
    const { cores, begun, ids } = heldCores(2);
    const abort = new AbortController();
    const training = createCpuEngine(cores).train(cohort, options({ signal: abort.signal }));
    begun[0]!.end();
    await turn();
    abort.abort();
    const outcomes = await training;
    expect(outcomes.map(({ status }) => status)).toEqual(['done', ...Array<string>(4).fill('cancelled')]);
    expect(ids()).toHaveLength(3);
  });
});

describe('a core that is gone', () => {
  test('has its run begun again on another, to the same bits', async () => {
    const expected = await train([local(), local()]);
    let isGone = false;
    const dying: Core = {
      train: async (part, options) => {
        if (isGone) return local().train(part, options);
        isGone = true;
        const gone = new AbortController();
        await local().train(part, {
          ...options,
          signal: gone.signal,
          onReport: (report) => (options.onReport(report), gone.abort()),
        });
        throw new Error('The training worker stopped.');
      },
    };
    const { outcomes } = await train([dying, dying]);
    expect(isGone).toBe(true);
    expect(outcomes).toEqual(expected.outcomes);
  });

  test('again and again ends the cohort with a sentence that names the runs, and stops the others', async () => {
    const { cores, begun } = heldCores(2);
    const three = { ...cohort, runs: cohort.runs.slice(0, 3) };
    const training = createCpuEngine(cores).train(three, options());
    const failed = expect(training).rejects.toThrow(
      'run 1, run 2 could not be trained to the end: The training worker does not answer any more.',
    );
    begun[0]!.end();
    await turn();
    begun[1]!.fail(new Error('The training worker does not answer any more.'));
    await turn();
    begun.at(-1)!.fail(new Error('The training worker does not answer any more.'));
    await failed;
    expect(begun[2]!.options.signal.aborted).toBe(true);
  });

  test('and of which no other can be had leaves its work to those that are left, at last to this thread', async () => {
    const { outcomes } = await trainInTurns(cohort);
    const missing: Core = { train: () => Promise.reject(new MissingPart()) };
    let lives = 2;
    const leaving: Core = {
      train: (part, options) => (lives-- > 0 ? local().train(part, options) : Promise.reject(new MissingPart())),
    };
    for (const cores of [
      [missing, local()],
      [missing, leaving],
      [missing, missing],
    ]) {
      expect((await train(cores)).outcomes).toEqual(withoutTime(outcomes));
    }
  });

  test('is not tried twice with what was refused', async () => {
    const { cores, begun, ids } = heldCores(2);
    const training = createCpuEngine(cores).train(cohort, options());
    begun[0]!.fail(new InputError('width', 'width 8 is refused.'));
    await expect(training).rejects.toBeInstanceOf(InputError);
    expect(ids().filter((id) => id === 'run 0')).toHaveLength(1);
  });
});
