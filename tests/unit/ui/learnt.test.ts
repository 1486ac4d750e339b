/** What the view Learnt says of what it heard, and how it asks. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EngineTrainer } from '../../../src/experiment/trainer-service.ts';
import { listenToReports } from '../../../src/experiment/report-port.ts';
import type { ByPosition } from '../../../src/experiment/learnt.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';
import { parseResult } from '../../../src/model/result.ts';
import { runOf } from '../../../src/model/run.ts';
import { attentionTable, headWords, lookWords } from '../../../src/ui/learnt/attention.ts';
import { learntHeadline } from '../../../src/ui/learnt/headline.ts';
import { LearntState } from '../../../src/ui/learnt/learnt.svelte.ts';
import { passageRows, passageTable } from '../../../src/ui/learnt/passage.ts';
import { gainOfPast, positionLines, positionsTable, positionWords } from '../../../src/ui/learnt/positions.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { resultsOf } from '../../../src/ui/state/results-data.ts';
import { experimentWith } from '../experiment/fakes.ts';
import { settled, watch } from './fake-browser.svelte.ts';
import { fakeEngine, fakeRun, fakeServices } from './fake-stream.ts';

const byPosition = (losses: number[], recalled: number[] | null = null): ByPosition => ({
  windows: 64,
  byWindow: Float64Array.from({ length: 64 }, (_, w) => (w % 2 === 0 ? 1 : -1) * losses.at(-1)!),
  chance: recalled && 0.1,
  losses: Float64Array.from(losses),
  standardErrors: Float64Array.from(losses, () => 0.1),
  recalled: recalled && Float64Array.from(recalled),
});

describe('in words', () => {
  const models = [
    { width: 8, positions: byPosition([3, 3, 3, 3]) },
    { width: 32, positions: byPosition([3, 2, 2, 2]) },
  ];

  it('the headline says what width is worth, and what the source would pay', () => {
    const { title, sub } = learntHeadline(models, byPosition([1, 1, 1, 1]));
    expect(title).toBe('Width 32 pays 0.750 nats a token less than width 8 for what neither has seen');
    expect(sub).toBe(
      '2.250 beside 3.000 nats a token, a difference known to ± 0.252, over 64 windows of the held-out part; someone who knows the source would pay 1.000.',
    );
    const alike = [models[0]!, { width: 32, positions: byPosition([3, 3, 2.99, 3]) }];
    alike[1]!.positions!.byWindow[0]! += 3;
    expect(learntHeadline(alike, null).title).toBe(
      'Widths 8 and 32 pay the same for what neither has seen, as far as can be told',
    );
    expect(learntHeadline([], null).title).toBe('What have the models learnt?');
    expect(learntHeadline([{ width: 8, positions: null }], null).title).toBe('What has width 8 learnt?');
    expect(learntHeadline(models.toReversed(), null).title).toContain('more than width 32');
  });

  it('a longer past is worth what the second half of the window costs less, with its error', () => {
    const named = models.map(({ width, positions }) => ({ name: `width ${width}`, positions }));
    const { gain, error } = gainOfPast(models[1]!.positions);
    expect(gain).toBeCloseTo(0.5, 12);
    // Each half is a mean of two, each with an error of 0.1.
    expect(error).toBeCloseTo(0.1, 12);
    expect(positionWords(named, null, 'losses')).toBe(
      'To width 32 the second half of the window is 0.500 nats a token cheaper than the first, ± 0.200.',
    );
    const recalling = [{ name: 'width 8', positions: byPosition([1, 1, 1, 1], [NaN, 0.2, 0.4, 0.6]) }];
    expect(positionWords(recalling, null, 'recalled')).toBe(
      'In the second half of the window the width 8 model gives 50 % to what could be recalled, where chance gives 10 %.',
    );
    const lines = positionLines(recalling, byPosition([1, 1, 1, 1], [NaN, 1, 1, 1]), 'recalled');
    expect(lines.map(({ name, points }) => [name, points.length])).toEqual([
      ['width 8', 3],
      ['true source', 3],
      ['chance', 4],
    ]);
    expect(positionsTable(lines, 'recalled').rows.slice(0, 2)).toEqual([
      [1, null, null, 0.1],
      [2, 0.2, 1, 0.1],
    ]);
    const [excess, ...others] = positionLines(named.slice(1), byPosition([1, 1, 1, 1]), 'excess');
    expect(others).toEqual([]);
    expect(excess!.points.map(([, value]) => value)).toEqual([2, 1, 1, 1]);
  });

  it('a passage is coloured by its losses, or by what is above the source, never below nothing', () => {
    const told = [{ name: 'width 8', losses: [2, 0.5] }];
    expect(passageRows(told, [1, 1], 'excess')).toEqual([{ name: 'width 8', values: [1, 0], total: [1, -0.5] }]);
    expect(passageRows(told, [1, 1], 'loss').map(({ name }) => name)).toEqual(['width 8', 'true source']);
    expect(passageTable([' cat', ' '], told, [1, 1]).rows).toEqual([
      [1, 'cat', 2, 1],
      [2, '" "', 0.5, 1],
    ]);
  });

  it('a head is told by where it looks, most first', () => {
    // Rows of the third and fourth token: all on the one before.
    const weights = [1, 0, 0, 0, 0.5, 0.5, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
    const pieces = ['a', ' b', ' c', ' d'];
    expect(headWords(weights, 4)).toBe(
      'On average 0 % on the token itself, 100 % on the one before it, 0 % on the first.',
    );
    expect(lookWords(weights, pieces, 3)).toBe('“d” at 4 looks at “c” at 3 (100 %), “a” at 1 (0 %), “b” at 2 (0 %)');
    const { columns, rows } = attentionTable(weights, pieces);
    expect(rows[0]).toEqual([1, 'a', 1, 'a', 1, null, null, null, null, null, null]);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
  });
});

describe('asking', () => {
  const playgroundWith = (trainer: EngineTrainer) =>
    new Playground({
      ...fakeServices(fakeEngine, Infinity),
      prepare: trainer.prepare.bind(trainer),
      learnt: trainer.learnt.bind(trainer),
    });

  /** A page whose trainer has trained these widths. */
  async function page(widths: number[]) {
    const experiment = experimentWith({ ladder: { rungs: widths } });
    const [recipe] = experiment.recipes;
    const trainer = new EngineTrainer(async () => ({ engine: createReferenceEngine(), reason: null }));
    const playground = playgroundWith(trainer);
    const { own } = playground.studies.prediction;
    own.begin(experiment, [], []);
    await trainer.prepare(recipe!, {});
    const train = async (width: number) => {
      const reports = listenToReports(() => {});
      await trainer.train({ runs: [runOf(recipe!, width, 1)] }, reports.port);
      reports.close();
      own.addRun(fakeRun(experiment, width, 1));
    };
    for (const width of widths) await train(width);
    const learnt = new LearntState(playground);
    return { learnt, own, train, experiment };
  }
  const heard = async (isIt: () => boolean) => {
    for (let i = 0; i < 500 && !isIt(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isIt()).toBe(true);
  };

  it('is of every finished run that is kept, and of those that end meanwhile', async () => {
    const { learnt, own, train, experiment } = await page([8, 16]);
    const stop = watch(() => learnt.look());
    await heard(() => learnt.here.length === 2 && learnt.here.every((run) => learnt.positionsOf(run)));
    expect(learnt.passage!.pieces).toHaveLength(9);
    expect(learnt.lossesOf(learnt.here[1]!)).toHaveLength(8);
    expect(learnt.canType).toBe(false);
    await train(24);
    await heard(() => learnt.here.length === 3);
    // Of another visit, whose parameters nobody kept.
    own.addRun(fakeRun(experiment, 32, 1));
    await heard(() => learnt.runs.length === 4 && learnt.standingOf(learnt.runs[3]!)?.status === 'absent');
    expect(learnt.here.map(({ width }) => width)).toEqual([8, 16, 24]);
    expect(learnt.problem).toBe('');
    stop();
  });

  it('is of the recorded models as long as nothing was trained, whose parameters come with the page', async () => {
    const trainer = new EngineTrainer(async () => ({ engine: createReferenceEngine(), reason: null }));
    const playground = playgroundWith(trainer);
    const { prediction } = playground.studies;
    const learnt = new LearntState(playground);
    const recorded = parseResult(JSON.parse(readFileSync('public/recorded/sentences.json', 'utf8')));
    const asked: string[] = [];
    let isServed = false;
    onTestFinished(() => void vi.unstubAllGlobals());
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address.split('/').at(-1)!);
      return isServed ? new Response(readFileSync(`public${address}`)) : new Response('', { status: 404 });
    });
    prediction.example.load(resultsOf(recorded), 'recorded');
    const stop = watch(() => learnt.look());
    await heard(() => learnt.problem !== '');
    expect(learnt.problem).toBe('The recorded models could not be loaded; train in Predict to ask your own.');
    expect(learnt.isExample).toBe(true);
    isServed = true;
    learnt.window = 1;
    await heard(() => learnt.problem === '');
    expect(learnt.here.every((run) => learnt.lossesOf(run) && learnt.positionsOf(run))).toBe(true);
    expect(learnt.here.map(({ width }) => width)).toEqual([8, 16, 32, 64]);
    expect(asked.slice(1)).toEqual([8, 16, 32, 64].map((width) => `mup-w${width}-s1.safetensors`));
    await heard(() => !learnt.isWriting && Object.keys(learnt.texts).length === 4);
    expect(learnt.isOld).toBe(false);
    learnt.seed = 2;
    expect(learnt.isOld).toBe(true);
    // What is trained takes their place.
    prediction.own.begin(experimentWith(), [], []);
    prediction.own.addRun(fakeRun(experimentWith(), 8, 1));
    expect(learnt.isExample).toBe(false);
    expect(learnt.runs.map(({ width }) => width)).toEqual([8]);
    stop();
  });

  it('has all widths go on from the same tokens, to the same texts again', async () => {
    const { learnt } = await page([8, 16]);
    const stop = watch(() => learnt.look());
    await heard(() => learnt.here.length === 2 && learnt.passage !== null);
    learnt.length = 20;
    learnt.given = 3;
    await learnt.write();
    const texts = learnt.here.map((run) => learnt.textOf(run)!);
    expect(texts.map(({ written }) => written.length)).toEqual([20, 20]);
    expect(learnt.prompted).toBe(learnt.passage!.pieces.slice(0, 3).join(''));
    await learnt.write();
    expect(learnt.here.map((run) => learnt.textOf(run)!)).toEqual(texts);
    const writing = learnt.write();
    learnt.stop();
    await writing;
    expect(learnt.isWriting).toBe(false);
    stop();
    await settled();
  });
});
