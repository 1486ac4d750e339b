/**
 * Files and links as they were written on 2026-11-29 (at 4a19307), and links that hold results a day later: each opens the way the page opens it, its seals check, and what follows from
 * its measurements is what it said then, to the last digit. Trained by the reference, in Node: a browser’s powers and logarithms differ in
 * their last digit. The curves of the basin are thinned.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Experiment } from '../../../src/model/experiment.ts';
import type { ExperimentResult } from '../../../src/model/result.ts';
import { readResult } from '../../../src/experiment/read-result.ts';
import { fitReport } from '../../../src/scaling/width/fit.ts';
import { fileFitOf, type FitFile } from '../../../src/scaling/fit-file.ts';
import { openFitFile } from '../../../src/ui/law/fit-export.ts';
import { experimentFromHash } from '../../../src/ui/link/experiment-link.ts';
import { lossesFromHash } from '../../../src/ui/link/losses-link.ts';
import { resultFromHash } from '../../../src/ui/link/result-link.ts';
import type { LossDocument } from '../../../src/ui/state/loss-document.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { resultFrom } from '../../../src/ui/state/result-export.ts';
import { openResultFile } from '../../../src/ui/state/result-file.ts';
import { asking } from '../experiment/fakes.ts';
import { storage } from '../ui/fake-idb.ts';
import { fakeEngine, fakeServices } from '../ui/fake-stream.ts';

beforeEach(async () => {
  await storage.clear();
  storage.isBlocked = false;
});
afterAll(() => {
  storage.isBlocked = true;
});

const written = (name: string): string =>
  gunzipSync(readFileSync(new URL(`${name}.json.gz`, import.meta.url))).toString();

describe('a result of an earlier version', () => {
  test.each(['smoke', 'compare-smoke', 'transfer-smoke', 'coordinates-smoke', 'basin-smoke'])(
    '%s opens, and says what it said',
    async (name) => {
      const text = written(name);
      const before = JSON.parse(text) as ExperimentResult;
      const playground = new Playground(fakeServices(fakeEngine, Infinity));
      const file = new File([text], `${name}.json`);
      expect(await openResultFile(file, playground)).toBe(`${name}.json is open.`);
      expect([playground.view, playground.notice]).toEqual([before.experiment.study.kind, '']);
      const opened = playground.study!.own.data()!;
      expect(opened).toMatchObject({ runs: before.runs, sealed: before.sealed, adapter: before.adapter });
      // Options that recipes were given since stand there with their defaults.
      expect(opened.experiment).toMatchObject(before.experiment);
      expect(await resultFrom(opened, asking({}))).toEqual({ ...before, experiment: opened.experiment });
    },
  );

  test.each(['smoke', 'compare-smoke'])('%s: a seal that was touched since is refused', (name) => {
    const before = JSON.parse(written(name)) as ExperimentResult;
    expect(before.sealed.length).toBeGreaterThan(0);
    for (const [i, seal] of before.sealed.entries()) {
      expect(seal.verdict).not.toBeNull();
      const sealed = before.sealed.with(i, { ...seal, lo: seal.lo - 1e-12 });
      expect(() => readResult(JSON.stringify({ ...before, sealed }), 'it')).toThrow(/is not what its hash says/);
    }
  });
});

test('a fit.json with its seals opens as a table again, and the law through it is the one that was written', () => {
  const text = written('fit');
  const { fits, sealed = [] } = JSON.parse(text) as FitFile;
  expect(sealed).toHaveLength(4);
  expect(openFitFile(text, 'fit.json').sealed).toEqual(sealed);
  const [fit] = fits;
  const report = fitReport({ points: fit!.points, targets: fit!.predictions.map(({ x }) => x), grid: [] });
  const { series, x, y } = fit!;
  expect(fileFitOf(report, { series, x, y })).toEqual(fit);
  const touched = text.replace(sealed[0]!.inputsHash, '0'.repeat(64));
  expect(() => openFitFile(touched, 'fit.json')).toThrow(/seal of x = /);
});

describe('a link of an earlier version', () => {
  type Links = Record<string, { hash: string; experiment: Experiment }> & {
    losses: { hash: string; document: LossDocument };
  };
  const { losses, ...experiments } = JSON.parse(written('links')) as Links;

  test.each(Object.entries(experiments))('%s leads to its experiment', (_, { hash, experiment }) => {
    expect(experimentFromHash(hash)).toMatchObject(experiment);
  });

  /** Of 2026-11-30, the first that held results. */
  const results = JSON.parse(written('result-links')) as Record<string, { hash: string; result: ExperimentResult }>;

  test.each(Object.entries(results))('%s holds its result, losses and seals to the last digit', async (_, one) => {
    expect(await resultFromHash(`#${one.hash}`)).toMatchObject(one.result);
  });

  test('leads to its table, with what was sealed', () => {
    // What can be chosen since stands there with its default.
    expect(lossesFromHash(losses.hash)).toMatchObject(losses.document);
  });
});
