/** What finished runs are asked by way of the trainer, on the reference. */
import { describe, expect, test } from 'vitest';
import { buildCorpus } from '../../../src/data/corpus.ts';
import { parseExperiment, type ExperimentInput } from '../../../src/model/experiment.ts';
import { EngineTrainer } from '../../../src/experiment/trainer-service.ts';
import { KeptModels, modelKey } from '../../../src/experiment/kept-models.ts';
import { meansByPosition, sourceOn, textBehind, type Writing } from '../../../src/experiment/learnt.ts';
import { listenToReports } from '../../../src/experiment/report-port.ts';
import type { Recipe } from '../../../src/model/recipe.ts';
import { runOf, type Run } from '../../../src/model/run.ts';
import { readSafetensors } from '../../../src/model/safetensors.ts';
import { modelShape, tensorsOf } from '../../../src/model/shape.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';
import { experimentWith } from './fakes.ts';

const recipe: Recipe = { ...experimentWith().recipes[0], steps: 12 };
const trainer = () => new EngineTrainer(async () => ({ engine: createReferenceEngine(), reason: null }));

async function trained(runs: Run[], by = trainer(), keepParameters = false, probe = false) {
  const reports = listenToReports(() => {});
  await by.prepare(runs[0].recipe, {});
  const outcomes = await by.train({ runs, keepParameters, probe }, reports.port);
  reports.close();
  return { by, outcomes };
}

const writing = (run: Run, change: Partial<Writing> = {}): Writing => ({
  ...{ run, prompt: new Uint32Array([3, 1]), written: new Uint32Array(), seed: 5, temperature: 1, count: 12 },
  ...change,
});

test('a finished run can be asked, and its parameters go no further than they are wanted', async () => {
  const run = runOf(recipe, 8, 1);
  const { by, outcomes } = await trained([run]);
  expect(outcomes[0].parameters).toBeUndefined();
  const { recipe: other } = run;
  const [standing, absent] = await by.learnt({ kind: 'standing', inputs: [run, runOf(other, 16, 1)] });
  expect(standing).toMatchObject({ id: 'mup-w8-s1', status: 'here' });
  expect(absent.status).toBe('absent');
  const dumped = await trained([run], by, true);
  expect(dumped.outcomes[0].parameters).toBeDefined();
});

test('the losses of all windows have the mean that its training ended with', async () => {
  const run = runOf(recipe, 8, 1);
  const { by, outcomes } = await trained([run]);
  const { windows, losses, recalled } = await by.learnt({ kind: 'positions', inputs: run });
  expect(windows).toBe(8);
  expect(recalled).toBeNull();
  expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeCloseTo(outcomes[0].finalEvalLoss!, 5);
});

test('a passage comes with its text and with what the source itself gave each token', async () => {
  const { by } = await trained([runOf(recipe, 8, 1)]);
  const { evaluationEntropy } = await by.prepare(recipe, {});
  const passage = await by.learnt({ kind: 'passage', inputs: { recipe, window: 2 } });
  expect(passage.windows).toBe(8);
  expect(passage.tokens).toHaveLength(9);
  expect(passage.pieces.join('')).toBe(Array.from(passage.tokens).join(' '));
  const truth = await by.learnt({ kind: 'truth', inputs: recipe });
  expect(truth!.losses.reduce((sum, loss) => sum + loss, 0) / 8).toBeCloseTo(evaluationEntropy!, 10);
  expect(passage.truth).toHaveLength(8);
});

test('a text is the same however it is asked for, by each seed and temperature', async () => {
  const run = runOf(recipe, 8, 1);
  const { by } = await trained([run]);
  const whole = await by.learnt({ kind: 'write', inputs: writing(run) });
  expect(whole.written).toHaveLength(12);
  const begun = await by.learnt({ kind: 'write', inputs: writing(run, { count: 5 }) });
  const ended = await by.learnt({ kind: 'write', inputs: writing(run, { written: begun.written, count: 7 }) });
  expect(ended).toEqual(whole);
  expect(whole.text.trim()).toBe([...whole.written].join(' '));
  const other = await by.learnt({ kind: 'write', inputs: writing(run, { seed: 6 }) });
  expect(other.written).not.toEqual(whole.written);
  const likeliest = await Promise.all(
    [6, 7].map((seed) => by.learnt({ kind: 'write', inputs: writing(run, { seed, temperature: 0 }) })),
  );
  expect(likeliest[1]).toEqual(likeliest[0]);
});

test('a head of the model spreads its attention over what came before', async () => {
  const run = runOf(recipe, 8, 1);
  const { by } = await trained([run]);
  const tokens = new Uint32Array([3, 1, 4, 1, 5]);
  const weights = await by.learnt({ kind: 'attention', inputs: { run, tokens, layer: 0, head: 1 } });
  for (let i = 0; i < 5; i++) {
    const row = weights.subarray(i * 5, (i + 1) * 5);
    expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    expect([...row.subarray(i + 1)].every((value) => value === 0)).toBe(true);
  }
});

test('parameters go out as safetensors by the names of a dump, and come back in another visit', async () => {
  const run = runOf(recipe, 8, 1);
  const { by } = await trained([run]);
  const bytes = await by.learnt({ kind: 'parameters', inputs: run });
  const names = tensorsOf(modelShape(recipe, 8, 16)).map(({ name }) => name);
  expect([...readSafetensors(bytes).keys()]).toEqual(names);

  const later = trainer();
  await later.prepare(recipe, {});
  const asked = writing(run);
  await expect(later.learnt({ kind: 'write', inputs: asked })).rejects.toThrow('mup-w8-s1 are not here');
  await later.learnt({ kind: 'give', inputs: { run, bytes } });
  expect(await later.learnt({ kind: 'write', inputs: asked })).toEqual(
    await by.learnt({ kind: 'write', inputs: asked }),
  );
  const wider = runOf(recipe, 16, 1);
  await expect(later.learnt({ kind: 'give', inputs: { run: wider, bytes } })).rejects.toThrow(
    'embed.token is missing or of another size',
  );
});

test('of a probed cohort and of a sweep nothing is kept', async () => {
  const probed = runOf(recipe, 8, 1);
  const swept = runOf(recipe, 8, 1, { 'optimizer.learningRate': 0.02 });
  const { by } = await trained([swept]);
  await trained([probed], by, false, true);
  const standing = await by.learnt({ kind: 'standing', inputs: [probed, swept] });
  expect(standing.map(({ status }) => status)).toEqual(['absent', 'absent']);
});

test('questions are answered while a cohort trains', async () => {
  const run = runOf(recipe, 8, 1);
  const { by } = await trained([run]);
  const long = runOf({ ...recipe, steps: 400 }, 16, 1);
  let over = false;
  const training = trained([long], by).then(() => (over = true));
  await by.learnt({ kind: 'write', inputs: writing(run) });
  expect(over).toBe(false);
  await training;
});

test('the oldest models go when there is no more room, and it is known which', () => {
  const shape = modelShape(recipe, 8, 16);
  const model = { shape, table: { tensors: [], forward: {} } as never, parameters: new Map() };
  const each = tensorsOf(shape).reduce((sum, one) => sum + 4 * one.shape.reduce((a, b) => a * b), 0);
  const kept = new KeptModels(2.5 * each);
  const keys = [1, 2, 3].map((seed) => modelKey(runOf(recipe, 8, seed), null));
  for (const key of keys) kept.put(key, model);
  expect(keys.map((key) => kept.get(key) !== null)).toEqual([false, true, true]);
  expect(keys.map((key) => kept.wasDropped(key))).toEqual([true, false, false]);
  kept.put(keys[0], model);
  expect(kept.wasDropped(keys[0])).toBe(false);
  const seeds = [1, 2, 3, 4].map((seed) => runOf(recipe, 8, seed));
  expect(kept.worthKeeping(seeds, shape)).toEqual(['mup-w8-s1', 'mup-w8-s2']);
  expect(modelKey(runOf({ ...recipe, name: 'other' }, 8, 1), null)).toBe(keys[0]);
  expect(modelKey(runOf(recipe, 8, 1), 'text')).not.toBe(keys[0]);
});

test('what can be recalled is told by position, as the mean probability that it was given', () => {
  const losses = [0, Math.log(2), Math.log(4), Math.log(4)];
  const recallable = { known: [new Uint8Array([0, 1]), new Uint8Array([0, 1])], chance: 0.25 };
  const { recalled, chance, losses: means, byWindow } = meansByPosition(losses, 2, recallable);
  expect(chance).toBe(0.25);
  expect(byWindow[0]).toBeCloseTo(Math.log(2) / 2, 12);
  expect(byWindow[1]).toBeCloseTo(Math.log(4), 12);
  expect(recalled![0]).toBeNaN();
  expect(recalled![1]).toBeCloseTo((1 / 2 + 1 / 4) / 2, 12);
  expect(means[0]).toBeCloseTo(Math.log(4) / 2, 12);
});

describe('on corpora with a past', () => {
  const on = (corpus: ExperimentInput['recipes'][number]['corpus']): Recipe => {
    const { recipes, ladder } = experimentWith();
    const changed = { ...recipes[0]!, corpus, context: 16, evaluation: { sequences: 8 } };
    return parseExperiment({ recipes: [changed], ladder }).recipes[0]!;
  };

  test('what could be recalled is the values of keys that stood there, and the source recalls them all', async () => {
    const recipe = on({ kind: 'recall', keys: 4, values: 8, noise: 0 });
    const run = runOf(recipe, 8, 1);
    const { by } = await trained([run]);
    const { recalled } = (await by.learnt({ kind: 'truth', inputs: recipe }))!;
    // At keys, and at the first value, there is nothing to recall.
    expect([...recalled!].map(Number.isNaN)).toEqual(Array.from({ length: 16 }, (_, i) => i % 2 === 1 || i === 0));
    for (const rate of recalled!.filter(Number.isFinite)) expect(rate).toBe(1);
    const { recalled: byModel } = await by.learnt({ kind: 'positions', inputs: run });
    expect(byModel!.filter(Number.isFinite).every((rate) => rate > 0 && rate < 1)).toBe(true);
  });

  test.each(['recall', 'grammar'] as const)(
    'a text in %s is worth something up to where it is possible',
    async (kind) => {
      const { corpus } = on({ kind });
      const { source, evaluation } = buildCorpus(
        corpus,
        { context: 16, batch: 2, steps: 4, evaluationSequences: 8 },
        {},
      );
      const text = evaluation.slice(0, 16);
      const losses = source!.lossesOf(text);
      const whole = sourceOn({ source }, text, 4)!;
      expect(whole.possible).toBe(12);
      expect(whole.nats).toBeCloseTo(losses.subarray(3).reduce((sum, loss) => sum + loss, 0) / 12, 10);
      // No token can stand where all others do.
      const impossible = source!.next(text.subarray(0, 10)).indexOf(0);
      const broken = Uint32Array.from([...text.subarray(0, 10), impossible, ...text.subarray(11)]);
      expect(sourceOn({ source }, broken, 4)!.possible).toBe(6);
      expect(sourceOn({ source }, broken, 12)!.possible).toBe(0);
    },
  );

  test('in words', async () => {
    const recipe = on({ kind: 'grammar' });
    const run = runOf(recipe, 8, 1);
    const { by } = await trained([run]);
    const { tokens, pieces } = await by.learnt({ kind: 'passage', inputs: { recipe, window: 0 } });
    expect(pieces.join('')).toMatch(/^[A-Z][a-z]+ /);
    const { text, written, source } = await by.learnt({
      kind: 'write',
      inputs: { ...writing(run), prompt: tokens.slice(0, 4) },
    });
    expect(written).toHaveLength(12);
    expect(text).toMatch(/[a-z]/);
    expect(source!.possible).toBeLessThanOrEqual(12);
  });
});

test('a text is told whole where a token ends in the middle of a character', () => {
  const decode = (tokens: ArrayLike<number>) => new TextDecoder().decode(Uint8Array.from(tokens));
  const tokens = Uint32Array.from(new TextEncoder().encode('aé'));
  expect(textBehind(decode, tokens, 1)).toBe('é');
  expect(textBehind(decode, tokens, 2)).toBe('\uFFFD');
});
