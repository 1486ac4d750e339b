import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commitOf } from '../../../cli/commit.ts';
import { ROOT } from '../../../cli/root.ts';
import { presetExperiment } from '../../../src/model/presets.ts';
import { InputError } from '../../../src/model/parse.ts';
import { parseResult } from '../../../src/model/result.ts';
import { withoutImpossibleLosses } from '../../../src/model/without-impossible-losses.ts';
import { readResult } from '../../../src/experiment/read-result.ts';
import { resultFrom } from '../../../src/ui/state/result-export.ts';
import { resultsOf } from '../../../src/ui/state/results-data.ts';
import { reveal } from '../../../src/experiment/seal.ts';
import { fakeAsk, fakeEngine, fakeRun, fakeSeal } from './fake-stream.ts';

const experiment = presetExperiment('smoke');
const data = {
  id: 'a',
  created: '2026-01-02T12:00:00.000Z',
  experiment,
  adapter: fakeEngine.adapter,
  runs: [8, 12, 16, 24, 32, 48].map((width) => fakeRun(experiment, width, 1)),
  sealed: [reveal(fakeSeal(experiment, 48), [fakeRun(experiment, 48, 1)])],
  facts: [],
};
const written = await resultFrom(data, fakeAsk);

describe('a result.json from the page', () => {
  it('is valid, and opens as what it was', async () => {
    const text = JSON.stringify(written);
    expect(parseResult(JSON.parse(text)).runs).toHaveLength(6);
    expect(resultsOf(readResult(text, 'result.json'))).toEqual({ ...data, app: written.app });
  });

  it('has its verdicts again where somebody took them out, and none before each seed of a target is over', () => {
    const path = new URL('../../../public/recorded/sentences.json', import.meta.url);
    const recorded = parseResult(JSON.parse(readFileSync(path, 'utf8')));
    const unjudged = recorded.sealed.map((one) => ({ ...one, actual: null, verdict: null, curveHeld: null }));
    expect(recorded.sealed.length).toBeGreaterThan(1);
    const opened = (change: Partial<typeof recorded>) =>
      readResult(JSON.stringify({ ...recorded, sealed: unjudged, ...change }), 'result.json').sealed;
    expect(opened({})).toEqual(recorded.sealed);
    const { width } = recorded.sealed[0];
    const runs = recorded.runs.map((run) => (run.width === width ? { ...run, status: 'cancelled' as const } : run));
    expect(opened({ runs })).toEqual([unjudged[0], ...recorded.sealed.slice(1)]);
  });

  it('says which state of the code made it', () => {
    expect(written.app.commit).toMatch(/^([0-9a-f]{40}(-dirty)?|unknown)$/);
    expect(written.app.commit).toBe(commitOf(ROOT));
  });

  it('fits the rungs that are in, and never a target', async () => {
    const { fits } = await resultFrom(data, fakeAsk, { muP: [12] });
    expect(fits[0].points.map((point) => point.x)).toEqual([8, 16, 24, 32]);
    expect(fits[0].points[0].runs).toEqual(['mup-w8-s1']);
  });

  it('has no fit where there are too few points for one', async () => {
    const { fits } = await resultFrom({ ...data, runs: data.runs.slice(0, 2) }, fakeAsk);
    expect(fits).toEqual([]);
  });

  it('can be taken away where no analysis takes its runs, or finds what no result can hold', async () => {
    const twice = { ...data, runs: [...data.runs, { ...data.runs[0]!, id: 'again' }] };
    const refusing: typeof fakeAsk = () => Promise.reject(new InputError('points[0].loss', 'points[0].loss is none.'));
    expect((await resultFrom(twice, refusing)).runs).toHaveLength(7);
    const nowhere: typeof fakeAsk = async (question) => {
      const found = await fakeAsk(question);
      if (question.kind === 'law') Object.assign(found, { leastSquares: { a: NaN, b: 1, c: 1, sse: 0 } });
      return found;
    };
    const { runs, fits } = await resultFrom(data, nowhere);
    expect([runs.length, fits]).toEqual([6, []]);
    // A finding that might come the next time is waited for.
    await expect(resultFrom(data, () => Promise.reject(new Error('The worker is gone.')))).rejects.toThrow('gone');
  });

  it('with a loss beyond all measure is opened without it', () => {
    for (const loss of [5e-324, 1e308]) {
      const runs = written.runs.map((run) => (run.width === 12 ? { ...run, finalEvalLoss: loss } : run));
      const { data: opened, doubt } = withoutImpossibleLosses({ runs, sealed: [] });
      expect(opened.runs.find(({ width }) => width === 12)).toMatchObject({ status: 'failed', finalEvalLoss: null });
      expect(doubt).toMatch(/^1 run holds losses that no model has/);
    }
  });

  it('is refused in a sentence that a person can read, also where it holds a text without end', () => {
    const endless = JSON.stringify({ ...written, created: 'x'.repeat(100_000), runs: 'x'.repeat(100_000) });
    const refusal = new InputError('runs', `runs must be a list, not "${'x'.repeat(100_000)}".`);
    expect(refusal.message).toMatch(/^runs must be a list, not "x+…x+"\.$/);
    expect(refusal.message.length).toBeLessThan(1000);
    expect(() => readResult(endless, 'notes.json')).toThrow(/^notes\.json cannot be used: runs/);
  });

  it.each([
    ['no json at all', /^notes\.json is not JSON/],
    ['{"schema":"other"}', /^notes\.json cannot be used: schema/],
    [
      JSON.stringify({ ...written, sealed: [{ ...written.sealed[0], points: [] }] }),
      /sealed\[0\]\.inputsHash: the seal of muP/,
    ],
    ['[]', /^notes\.json cannot be used: /],
  ])('is refused in one sentence when it is %s', async (text, sentence) => {
    expect(() => readResult(text, 'notes.json')).toThrow(sentence);
  });
});
