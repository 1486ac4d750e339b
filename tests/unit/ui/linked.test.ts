/** A result from a link: looked at, trained here beside it, and never taken for one's own. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import { parseResult } from '../../../src/model/result.ts';
import { apartWords, measuredTwice } from '../../../src/ui/frame/side-by-side.ts';
import { linkHash } from '../../../src/ui/link/experiment-link.ts';
import { resultHash } from '../../../src/ui/link/result-link.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { Visit } from '../../../src/ui/state/visit.svelte.ts';
import { fakeBrowser, settled, watch } from './fake-browser.svelte.ts';
import { fakeEngine, fakeServices } from './fake-stream.ts';

const text = readFileSync(new URL('../../../public/recorded/sentences.json', import.meta.url), 'utf8');
const result = parseResult(JSON.parse(text));
const hash = `#${await resultHash(result, true)}`;

let leave = () => {};
afterEach(() => {
  leave();
  vi.unstubAllGlobals();
});

/** A page that is opened with an address. */
async function visited(at: string) {
  vi.stubGlobal('location', new URL('http://localhost:9/'));
  const browser = fakeBrowser(at);
  const playground = new Playground(fakeServices(fakeEngine, Infinity, () => 1));
  const kept = { list: async () => [], open: async () => null };
  const visit = new Visit(playground, { bar: browser.bar, kept, recorded: async () => result });
  browser.onhashchange = () => void visit.follow();
  const begun = visit.begin();
  leave = watch(
    () => visit.followView(),
    () => visit.followWork(),
  );
  await begun;
  await settled();
  return { browser, playground, visit, prediction: playground.studies.prediction };
}

describe('a result from a link', () => {
  it('is on show in its view, with its experiment entered, and nothing of it is one’s own', async () => {
    const { playground, prediction, visit } = await visited(hash);
    expect([playground.view, visit.refusal, prediction.isLinkedShown]).toEqual(['prediction', '', true]);
    expect(prediction.shown).toBe(prediction.linked);
    expect(prediction.draft.checked.experiment).toEqual(result.experiment);
    expect(prediction.own.isEmpty).toBe(true);
    expect(prediction.shown.sealed.map(({ verdict }) => verdict)).toEqual(['inside', 'inside']);
    expect(prediction.linked.data()).toMatchObject({ app: result.app, created: result.created });
    // Its curves are there, thinned.
    expect(prediction.linked.curves.of('mup-w8-s1').steps.length).toBeLessThanOrEqual(20);
    // Taken away, it says where it is from.
    expect((await prediction.result(false)).source).toBe('link');
  });

  it('stays in the address until something else is entered', async () => {
    const { browser, prediction } = await visited(hash);
    await vi.waitFor(() => expect(browser.bar.location.hash).toBe(hash));
    prediction.draft.set([0], 'steps', 123);
    await settled();
    await vi.waitFor(() =>
      expect(browser.bar.location.hash).toBe(`#${linkHash(prediction.draft.checked.experiment!)}`),
    );
    expect(prediction.shownExperiment).toEqual(result.experiment);
  });

  it('gives way to what is trained here, and can be looked at beside it', async () => {
    const { prediction } = await visited(hash);
    void prediction.train();
    await settled();
    expect([prediction.isLinkedShown, prediction.isTraining]).toEqual([false, true]);
    expect(prediction.shown).toBe(prediction.own);
    prediction.isLinkedShown = true;
    expect(prediction.shown.runs).toHaveLength(result.runs.length);
  });

  it('that was followed within the page goes with a step back, and comes again with one forward', async () => {
    const { browser, prediction } = await visited('');
    const before = prediction.draft.checked.experiment;
    // The address is told what stands there a little later.
    await vi.waitFor(() => expect(browser.bar.location.hash).not.toBe(''));
    browser.go(hash);
    await vi.waitFor(() => expect(prediction.isLinkedShown).toBe(true));
    await vi.waitFor(() => expect(browser.bar.history.state).not.toBeNull());
    browser.back();
    await settled();
    expect(prediction.draft.checked.experiment).toEqual(before);
    expect(prediction.isLinkedShown).toBe(false);
    browser.forward();
    await vi.waitFor(() => expect(prediction.isLinkedShown).toBe(true));
    expect(prediction.draft.checked.experiment).toEqual(result.experiment);
  });

  it('that was forged is refused, and what is shown stays', async () => {
    const forged = structuredClone(result);
    forged.sealed[0]!.lo -= 0.01;
    const { visit, prediction } = await visited(`#${await resultHash(forged, false)}`);
    expect(visit.refusal).toMatch(
      /^The link holds a result that cannot be used: sealed\[0\]: .* is not what its hash says/,
    );
    expect(prediction.isLinkedShown).toBe(false);
    expect(prediction.linked.isEmpty).toBe(true);
  });
});

describe('a result whose address is in the link', () => {
  async function served(body: string, status = 200): Promise<string> {
    const asked = vi.fn();
    const server = createServer((request, answer) => {
      asked(request.url);
      answer.statusCode = status;
      answer.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void (server.closeAllConnections(), server.close()));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('on another server is asked for once a person says so', async () => {
    const origin = await served(text);
    const at = `#result=${encodeURIComponent(`${origin}/result.json`)}`;
    const { browser, visit, prediction } = await visited(at);
    expect(visit.asks!.host).toBe(new URL(origin).host);
    expect(prediction.linked.isEmpty).toBe(true);
    // By the time somebody answers, the address says what is entered.
    await vi.waitFor(() => expect(browser.bar.location.hash).not.toBe(at));
    visit.asks!.open();
    await vi.waitFor(() => expect(prediction.isLinkedShown).toBe(true));
    expect(visit.asks).toBeNull();
    expect(prediction.linked.runs).toEqual(result.runs);
  });

  it('on the page’s own server is opened at once', async () => {
    const origin = await served(text);
    vi.stubGlobal('location', new URL(`${origin}/page/`));
    const stub = vi.stubGlobal;
    const spy = vi
      .spyOn(vi, 'stubGlobal')
      .mockImplementation((name, value) => (name === 'location' ? vi : stub.call(vi, name, value)));
    onTestFinished(() => spy.mockRestore());
    const { visit, prediction } = await visited('#result=../result.json');
    await vi.waitFor(() => expect(prediction.isLinkedShown).toBe(true));
    expect([visit.asks, visit.refusal]).toEqual([null, '']);
  });

  it.each([
    ['#result=', /must be asked over https|is no address/],
    ['#result=ftp://example.org/a', /must be asked over https/],
    ['#result=https://a:b@example.org/', /leave them out/],
  ])('%s is refused in one sentence', async (at, sentence) => {
    const { visit, prediction } = await visited(at);
    expect(visit.refusal).toMatch(sentence);
    expect(prediction.isLinkedShown).toBe(false);
  });

  it('that is none, or not there, is told', async () => {
    for (const [body, status, sentence] of [
      ['{}', 200, /^The file result\.json cannot be used: schema is missing/],
      ['<html>', 200, /is not JSON/],
      ['', 404, /answered 404: there is no such result/],
    ] as const) {
      const origin = await served(body, status);
      const { visit } = await visited(`#result=${encodeURIComponent(`${origin}/result.json`)}`);
      visit.asks!.open();
      await vi.waitFor(() => expect(visit.refusal).toMatch(sentence));
      leave();
    }
  });
});

describe('side by side', () => {
  const { experiment } = result;

  it('runs of the same recipes are set beside each other, with how far they are apart', () => {
    const here = {
      experiment,
      runs: result.runs
        .slice(1)
        .map((run, i) => ({ ...run, finalEvalLoss: run.finalEvalLoss! + (i === 2 ? 0.01 : 0) })),
    };
    const pairs = measuredTwice({ experiment, runs: result.runs }, here);
    expect(pairs.map(({ run }) => run.id)).toEqual(result.runs.slice(1).map(({ id }) => id));
    expect(apartWords(pairs)).toBe('13 runs measured here, too: at most 0.010 nats apart.');
    expect(apartWords(measuredTwice({ experiment, runs: result.runs }, { experiment, runs: result.runs }))).toBe(
      '14 runs measured here, too: the same losses, digit for digit.',
    );
  });

  it('one that diverged in one of the two only is told', () => {
    const runs = result.runs.map((run, i) => (i === 0 ? { ...run, status: 'diverged' as const } : run));
    const words = apartWords(measuredTwice({ experiment, runs: result.runs }, { experiment, runs }));
    expect(words).toBe('14 runs measured here, too: at most 0e+0 nats apart; 1 diverged in one of the two only.');
  });

  it('runs of another recipe by the same name are not the same', () => {
    const other = structuredClone(experiment);
    other.recipes[0]!.batch *= 2;
    expect(measuredTwice({ experiment, runs: result.runs }, { experiment: other, runs: result.runs })).toEqual([]);
    expect(
      measuredTwice({ experiment, runs: result.runs }, { experiment: presetExperiment('smoke'), runs: [] }),
    ).toEqual([]);
  });
});
