/** What outlives the command line's trainings: the file after every cohort, the end without whoever trained, and going on from it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../cli/command.ts';
import { ProgressDisplay } from '../../../cli/progress.ts';
import { goingOn, readEarlier } from '../../../cli/resume.ts';
import { startTraining, type TrainingRequest } from '../../../cli/training.ts';
import { assembleResult, type ExperimentRecord } from '../../../src/analysis/assemble.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import { checkSeals } from '../../../src/experiment/seal.ts';
import type { Experiment } from '../../../src/model/experiment.ts';
import { InputError } from '../../../src/model/parse.ts';
import { parseResult, type ExperimentResult } from '../../../src/model/result.ts';
import { experimentWith, FakeTrainer, quickAsk } from '../experiment/fakes.ts';

const folder = mkdtempSync(join(tmpdir(), 'mup-resume-'));
afterAll(() => rmSync(folder, { recursive: true }));

const experiment = experimentWith({ ladder: { rungs: [4, 8, 12], targets: [16, 20] }, seeds: [1, 2] });

function fileOf(result: unknown): string {
  const path = join(folder, 'result.json');
  writeFileSync(path, JSON.stringify(result));
  return path;
}

const displayOf = (output: { write(text: string): unknown }) =>
  new ProgressDisplay(output, true, experiment.study, output);

async function train(change: Partial<TrainingRequest> = {}) {
  let said = '';
  const kept: ExperimentRecord[] = [];
  const request = { experiment, texts: {}, engine: 'reference' as const, browser: undefined, dump: undefined };
  const keep = (record: ExperimentRecord) => void kept.push(record);
  const training = await startTraining({ ...request, keep, ...change }, displayOf({ write: (text) => (said += text) }));
  const { result, failure } = await training.ended;
  expect(failure).toBeNull();
  return { result, kept: kept.map((record) => assembleResult(record, { fits: [] })), said };
}

const resumed = (result: ExperimentResult) => train(goingOn(readEarlier(fileOf(result)), experiment));

/** What another training of the same experiment on the same adapter tells bit for bit. */
function bitsOf({ runs, sealed, fits, experiment }: ExperimentResult) {
  const timeless = runs.map((run) => ({ ...run, seconds: 0 }));
  const seals = sealed.map((seal) => ({ ...seal, sealedAt: '', sealHash: '' }));
  return { runs: timeless, sealed: seals, fits, experiment };
}

let whole: Awaited<ReturnType<typeof train>>;
beforeAll(async () => void (whole = await train()));

test('after every cohort there is a valid result that says it is unfinished, and every seal before its target trains', () => {
  const standing = whole.kept.map(({ runs, sealed, unfinished }) => [runs.length, sealed.length, unfinished]);
  expect(standing).toEqual([
    [2, 0, true],
    [4, 0, true],
    [6, 0, true],
    [6, 2, true],
    [8, 2, true],
    [10, 2, true],
  ]);
  for (const result of whole.kept) checkSeals(parseResult(result));
  expect(whole.result.unfinished).toBeUndefined();
});

test('going on from any of them trains what is missing and ends with the bits of a training that nothing disturbed', async () => {
  for (const begun of whole.kept) {
    const { result, kept } = await resumed(begun);
    expect(bitsOf(result)).toEqual(bitsOf(whole.result));
    expect(kept).toHaveLength(whole.kept.length - 1 - whole.kept.indexOf(begun));
    // Seals that were made are kept, not made again.
    for (const seal of begun.sealed) expect(result.sealed.map(({ sealHash }) => sealHash)).toContain(seal.sealHash);
  }
  const { said } = await resumed(whole.result);
  expect(said).toBe('');
});

test('a run that diverged in a cohort that was ended is trained again, and so is what was ended', async () => {
  const runs = whole.result.runs.map((run) => {
    if (run.width !== 12) return run;
    const cut = { steps: run.steps.slice(0, 3), trainLoss: run.trainLoss.slice(0, 3), finalEvalLoss: null };
    if (run.seed === 2) return { ...run, ...cut, status: 'cancelled' as const };
    return { ...run, ...cut, status: 'diverged' as const, divergedAt: 1 };
  });
  const begun = { ...whole.result, runs: runs.filter(({ width }) => width <= 12), sealed: [], fits: [] };
  expect(bitsOf((await resumed(begun)).result)).toEqual(bitsOf(whole.result));
});

test('another adapter is told of', async () => {
  const adapter = { ...whole.result.adapter, vendor: 'another', description: 'GPU' };
  const { said } = await resumed({ ...whole.kept[3], adapter });
  expect(said).toMatch(
    /^The finished runs were trained on another cpu GPU, what is missing is trained on none cpu float64/,
  );
});

describe('a browser that is gone', () => {
  /** Trains as a driven page does, until a run of this id was told; then the page is gone. */
  const goneAfter = async (id: string) => {
    const training = await startTraining(
      { experiment, texts: {}, engine: 'gpu', browser: undefined, dump: undefined },
      displayOf({ write: () => true }),
      async (_request, listener) => ({
        run: (request) =>
          new Promise((_resolve, reject) => {
            let isGone = false;
            const conductor = new Conductor(new FakeTrainer(), quickAsk, request, (event) => {
              if (isGone) return;
              listener.event(event);
              isGone = event.kind === 'run' && event.result.id === id;
              if (isGone) reject(new Failure('The browser is gone.'));
            });
            conductor.run().catch(reject);
          }),
        cancel: () => Promise.reject(new Error('Nobody is there to be asked.')),
        close: async () => undefined,
      }),
    );
    training.cancel();
    return training.ended;
  };

  test('takes nothing away of what it told: cohorts, seals, and what follows from them', async () => {
    const { result, failure } = await goneAfter('mup-w16-s1');
    expect(failure).toBe('The browser is gone.');
    expect(result).toMatchObject({ unfinished: true, runs: { length: 7 }, sealed: { length: 2 }, fits: { length: 1 } });
    checkSeals(parseResult(result));
  });
});

describe('a file of another experiment is refused in one sentence that names the field', () => {
  const withRecipe = (change: object) => ({ ...experiment, recipes: [{ ...experiment.recipes[0], ...change }] });
  const withRun = (change: object) => (result: ExperimentResult) => ({
    ...result,
    runs: result.runs.map((run, i) => (i === 1 ? { ...run, ...change } : run)),
  });
  const same = (result: ExperimentResult): unknown => result;
  const cases: [what: string, experiment: Experiment, file: (result: ExperimentResult) => unknown, sentence: RegExp][] =
    [
      ['another recipe', withRecipe({ steps: 5 }), same, /: recipes\[0\]\.steps is 4 there and 5 here\.$/],
      [
        'another option',
        withRecipe({ optimizer: { ...experiment.recipes[0].optimizer, learningRate: 0.02 } }),
        same,
        /: recipes\[0\]\.optimizer\.learningRate is 0\.01 there and 0\.02 here\.$/,
      ],
      [
        'another ladder',
        { ...experiment, ladder: { ...experiment.ladder, targets: [16, 20, 24] } },
        same,
        /: ladder\.targets\[2\] is left out there and 24 here\.$/,
      ],
      ['other seeds', { ...experiment, seeds: [1, 3] }, same, /: seeds\[1\] is 2 there and 3 here\.$/],
      [
        'another study',
        { ...experiment, study: { kind: 'compare' } },
        same,
        /: study\.kind is "prediction" there and "com/,
      ],
      [
        'a run of another width',
        experiment,
        withRun({ width: 5 }),
        /: runs\[1\]\.width is not that of the run mup-w4-s2\.$/,
      ],
      ['an earlier table', experiment, withRun({ table: 99 }), /: runs\[1\]\.table is not today's/],
      [
        'a seal that was touched',
        experiment,
        (result) => ({ ...result, sealed: result.sealed.map((seal) => ({ ...seal, loss: seal.loss * 1.001 })) }),
        /"[^"]+" cannot be used: sealed\[0\]: the seal of muP, width 16, is not what its hash says/,
      ],
      [
        'a recorded example',
        experiment,
        (result) => ({ ...result, source: 'recorded example' }),
        /source: a recorded example/,
      ],
      ['no result', experiment, () => experiment, /cannot be used: schema is missing\.$/],
    ];
  test.each(cases)('%s', (_what, wanted, file, sentence) => {
    let refusal: unknown;
    try {
      goingOn(readEarlier(fileOf(file(whole.result))), wanted);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(InputError);
    expect((refusal as InputError).message).toMatch(/^--resume: [^\n]*$/);
    expect((refusal as InputError).message).toMatch(sentence);
  });

  test('what the experiment is called decides nothing', () => {
    expect(goingOn(readEarlier(fileOf(whole.result)), { ...experiment, name: 'Another' }).finished).toHaveLength(10);
  });
});
