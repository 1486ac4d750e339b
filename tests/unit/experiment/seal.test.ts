import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/model/canonical-json.ts';
import { parseExperiment } from '../../../src/model/experiment.ts';
import type { Recipe } from '../../../src/model/recipe.ts';
import { parseResult } from '../../../src/model/result.ts';
import type { FitPoint, PredictedLoss } from '../../../src/scaling/width/report.ts';
import { resultOf } from '../../../src/analysis/assemble.ts';
import { plainPoints } from '../../../src/analysis/rung-points.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import { checkSeals, hashInputs, hashSeal, reveal, sealPrediction } from '../../../src/experiment/seal.ts';
import type { ConductorEvent } from '../../../src/experiment/protocol.ts';
import { sealedRecipe } from '../../../src/experiment/sealed-recipe.ts';
import { experimentWith, FakeTrainer, quickAsk } from './fakes.ts';

test('a seal can be checked from the written result alone, and not once anything in it was changed', async () => {
  const trainer = new FakeTrainer();
  trainer.textHash = 'ab12';
  const corpus = { kind: 'text' as const, file: 'a.txt' };
  const recipes = experimentWith().recipes.map((recipe) => ({ ...recipe, corpus }));
  const experiment = experimentWith({ recipes, seeds: [1, 2] });
  const conductor = new Conductor(trainer, quickAsk, { experiment, texts: { 'a.txt': '' } }, () => {});
  const written = () => parseResult(JSON.parse(text));
  const text = JSON.stringify((await resultOf(await conductor.run(), quickAsk)).result);
  checkSeals(written());
  expect(written().sealed[0].points!.map((point) => point.runs)).toEqual(
    [8, 16, 24, 32].map((width) => [`mup-w${width}-s1`, `mup-w${width}-s2`]),
  );
  const changes: ((result: ReturnType<typeof written>) => void)[] = [
    ({ sealed }) => (sealed[0].points![0].loss += 1e-12),
    ({ sealed }) => (sealed[0].points![1].standardError = undefined),
    ({ sealed }) => sealed[0].points!.pop(),
    ({ sealed }) => (sealed[0].width = 52),
    ({ sealed }) => (sealed[0].level = 0.9),
    ({ sealed }) => (sealed[0].textHash = null),
    ({ sealed }) => (sealed[0].curve!.hi[0] += 1e-12),
    ({ sealed }) => delete sealed[0].curve,
    ({ experiment }) => (experiment.recipes[0].optimizer.learningRate *= 2),
    ({ experiment }) => (experiment.recipes[0].architecture.qkNorm = true),
    ({ sealed }) => (sealed[0].recipe = 'SP'),
  ];
  const predictions: ((result: ReturnType<typeof written>) => void)[] = [
    ({ sealed }) => (sealed[0].loss += 1e-12),
    ({ sealed }) => (sealed[0].lo -= 1e-12),
    ({ sealed }) => (sealed[0].hi += 1e-12),
    ({ sealed }) => (sealed[0].sealedAt = '2001-01-01T00:00:00.000Z'),
    ({ sealed }) => (sealed[0].points![0].runs = ['mup-w8-s1']),
    ({ sealed }) => delete sealed[0].points,
  ];
  for (const change of [...changes, ...predictions]) {
    const changed = written();
    change(changed);
    expect(() => checkSeals(changed)).toThrow(
      /^sealed\[0\](\.inputsHash)?: the seal of .* (is not what its hash says|is not that of|has another training curve)/,
    );
  }
  // Whoever makes the hash of the whole anew still has that of the inputs, the recipe and the runs against them.
  for (const change of changes) {
    const changed = written();
    change(changed);
    changed.sealed[0].sealHash = hashSeal(changed.sealed[0]);
    expect(() => checkSeals(changed)).toThrow(
      /^sealed\[0\](\.inputsHash)?: the seal of .* (is not that of|than its runs|has another training curve)/,
    );
  }
  const claims: ((result: ReturnType<typeof written>) => void)[] = [
    ({ sealed }) => (sealed[0].verdict = sealed[0].verdict === 'inside' ? 'below' : 'inside'),
    ({ sealed }) => (sealed[0].actual! += 1e-9),
    ({ sealed }) => (sealed[0].curveHeld = sealed[0].curveHeld === 1 ? 0 : 1),
  ];
  for (const claim of claims) {
    const changed = written();
    claim(changed);
    expect(() => checkSeals(changed)).toThrow(/^sealed\[0\]\.verdict: .* do not follow from its runs/);
  }
  const unmeasured = written();
  unmeasured.sealed[0].actual = null;
  expect(() => checkSeals(unmeasured)).toThrow(/^sealed\[0\]: the seal of .* has a verdict and nothing measured/);
  const earlier = written();
  earlier.sealed.forEach((one) => {
    delete one.points;
    delete one.sealHash;
  });
  checkSeals(earlier);
  earlier.sealed[0].lo = earlier.sealed[0].loss + 1;
  earlier.sealed[0].verdict = 'below';
  expect(() => checkSeals(earlier)).toThrow(/has an interval that does not hold its own prediction/);
});

test('what an earlier version made of the seeds that survived opens, and is still held to its runs', async () => {
  const experiment = experimentWith({ seeds: [1, 2] });
  const conductor = new Conductor(new FakeTrainer(), quickAsk, { experiment, texts: {} }, () => {});
  const result = await conductor.run();
  // As it was written when a rung and the target had lost their second seed.
  const lost = ['mup-w16-s2', 'mup-w48-s2'];
  const runs = result.runs.map((run) =>
    lost.includes(run.id) ? { ...run, status: 'diverged' as const, finalEvalLoss: null } : run,
  );
  const lossOf = (id: string) => runs.find((run) => run.id === id)!.finalEvalLoss!;
  const [seal] = result.sealed;
  const points = seal.points!.map((point) =>
    point.x === 16 ? { x: 16, loss: lossOf('mup-w16-s1'), runs: ['mup-w16-s1'] } : point,
  );
  const { recipes } = experiment;
  const plain = points.map(({ x, loss, standardError }) => ({ x, loss, standardError }));
  const survivors = {
    ...seal,
    ...{ curve: undefined, curveHash: undefined, curveHeld: undefined },
    points,
    inputsHash: hashInputs({ recipe: recipes[0], points: plain as FitPoint[], level: seal.level, width: 48 }),
    actual: lossOf('mup-w48-s1'),
    verdict: 'inside' as const,
  };
  const written = { ...survivors, sealHash: hashSeal(survivors) };
  checkSeals({ experiment, runs, sealed: [written] });
  expect(() => checkSeals({ experiment, runs, sealed: [{ ...written, actual: written.actual + 1e-6 }] })).toThrow(
    /do not follow from its runs/,
  );
  // Revealed anew, as when it is gone on from, it is not judged.
  expect(
    reveal(
      written,
      runs.filter((run) => run.width === 48),
    ),
  ).toMatchObject({ actual: null, verdict: null });
});

test('without a text the hash is that of recipe, points, level and width only', () => {
  const recipe = experimentWith().recipes[0];
  expect(canonicalJson({ recipe, points: [], level: 0.8, width: 8 })).not.toContain('textHash');
});

const inputs = (recipe: Recipe) => ({ recipe, points: [], level: 0.8, width: 8 });

test('a recipe that leaves every later option at its default is sealed as it was before there were any', () => {
  const recipe = { ...experimentWith().recipes[0], evaluation: { every: 0, sequences: 256 } };
  expect(Object.keys(sealedRecipe(recipe)).sort()).toEqual(
    [
      ...['baseWidth', 'batch', 'context', 'corpus', 'evaluation', 'headSize', 'init', 'layers', 'multipliers'],
      ...['name', 'optimizer', 'parametrization', 'schedule', 'steps'],
    ].sort(),
  );
  // Written by the first version that sealed anything, for this recipe without points.
  expect(hashInputs(inputs(recipe))).toBe('ae8e30e3a0b7e789a9d27efb3ed8a4c9ff0614af90b6ed63db6474cee1e4014c');
});

test('of a later option only what left its default is sealed, and its neighbours in the group are not', () => {
  const plain = experimentWith().recipes[0];
  const added = (change: Partial<Recipe>) => {
    const before = sealedRecipe(plain);
    const after = Object.entries(sealedRecipe({ ...plain, ...change }));
    return Object.fromEntries(after.filter(([key]) => !(key in before)));
  };
  expect(added({})).toEqual({});
  expect(added({ architecture: { ...plain.architecture, qkNorm: true } })).toEqual({ architecture: { qkNorm: true } });
  expect(added({ depth: { rule: 'none', baseLayers: 4 } })).toEqual({ depth: { baseLayers: 4 } });
  const rules: Recipe['rules'] = [{ tensor: 'up', multiplier: 'learningRate', exponent: 0 }];
  expect(added({ seedDraws: 'batches-too' })).toEqual({ seedDraws: 'batches-too' });
  expect(added({ rules, growth: 'head-size' })).toEqual({ rules, growth: 'head-size' });
});

test('a field that is null is sealed as null, in a group of later options too', () => {
  const plain = experimentWith().recipes[0] as unknown as { [key: string]: unknown };
  const nothing = { ...plain, architecture: null, depth: [] } as unknown as Recipe;
  expect(sealedRecipe(nothing)).toMatchObject({ architecture: null, depth: [] });
});

test('every later option changes the hash as soon as it leaves its default, and each in its own way', () => {
  const plain = experimentWith().recipes[0];
  const changes: Partial<Recipe>[] = [
    { growth: 'head-size' },
    ...[
      { norm: 'rmsnorm' },
      { activation: 'relu2' },
      { activation: 'swiglu' },
      { tied: true },
      { precision: 'float16' },
    ].map((one) => ({
      architecture: { ...plain.architecture, ...one } as Recipe['architecture'],
    })),
    ...[{ position: 'rope' }, { position: 'none' }].map((one) => ({
      architecture: { ...plain.architecture, ...one } as Recipe['architecture'],
    })),
    { architecture: { ...plain.architecture, qkNorm: true } },
    { depth: { rule: 'completep', baseLayers: 2 } },
    { depth: { rule: 'none', baseLayers: 4 } },
    { rules: [{ tensor: 'up', multiplier: 'learningRate', exponent: 0 }] },
  ];
  const hashes = [{}, ...changes].map((change) => hashInputs(inputs({ ...plain, ...change })));
  expect(new Set(hashes).size).toBe(changes.length + 1);
});

test('the later options that a hash leaves out are the schema’s own defaults', () => {
  const { name, parametrization, baseWidth, layers, headSize, context, corpus, batch, steps } =
    experimentWith().recipes[0];
  const short = { name, parametrization, baseWidth, layers, headSize, context, corpus, batch, steps };
  const [recipe] = parseExperiment({
    recipes: [{ ...short, optimizer: { learningRate: 1 } }],
    ladder: { rungs: [8] },
  }).recipes;
  for (const option of ['growth', 'architecture', 'depth', 'rules']) {
    expect(recipe).toHaveProperty(option);
    expect(sealedRecipe(recipe)).not.toHaveProperty(option);
  }
});

test('a text by characters is sealed as it was when there was no other tokenizer, and any other tokenizer is sealed', () => {
  const [plain] = experimentWith().recipes;
  const sealedWith = (tokenizer?: unknown) => {
    const { name, parametrization, optimizer } = plain;
    const corpus = { kind: 'text', file: 'own.txt', ...(tokenizer ? { tokenizer } : {}) };
    const settings = { baseWidth: 8, layers: 1, headSize: 4, context: 8, batch: 4, steps: 5 };
    const recipe = { name, parametrization, ...settings, corpus, optimizer: { ...optimizer, learningRate: 0.125 } };
    return parseExperiment({ recipes: [recipe], ladder: { rungs: [8] } }).recipes[0];
  };
  // Written by the version before there were tokenizers.
  const before = '5c0a7e5d58894cb7b6da9ffbc221a00968c6f5285ff7f3ae10390e098d114d0a';
  expect(hashInputs(inputs(sealedWith()))).toBe(before);
  expect(hashInputs(inputs(sealedWith('characters')))).toBe(before);
  const others = ['bytes', { kind: 'bpe' }, { kind: 'bpe', vocabulary: 512 }];
  const hashes = others.map((tokenizer) => hashInputs(inputs(sealedWith(tokenizer))));
  expect(new Set([before, ...hashes]).size).toBe(4);
  expect(sealedRecipe(sealedWith({ kind: 'bpe' }))).toMatchObject({
    corpus: { tokenizer: { kind: 'bpe', vocabulary: 1024 } },
  });
});

describe('a name with half a character in it, which the canonical JSON of RFC 8785 refuses', () => {
  const recipe = { ...experimentWith().recipes[0], name: 'half \ud83d' };
  const points = [8, 16, 32].map((x) => ({ x, loss: 3 + 1 / x, runs: [`half-w${x}-s1`] }));

  test('is not sealed', () => {
    const prediction = { x: 48, loss: 3, intervals: { '50': [3, 3], '80': [3, 3], '95': [3, 3] } } as PredictedLoss;
    expect(() => sealPrediction(recipe, points, null, prediction)).toThrow(
      'recipe.name: "half \\ud83d" cannot be sealed, for it holds half a character.',
    );
    expect(() => sealPrediction({ ...recipe, name: 'whole \ud83d\ude00' }, points, null, prediction)).not.toThrow();
  });

  test('is told where its targets were to be sealed, and ends no training', async () => {
    const experiment = { ...experimentWith(), recipes: [recipe] };
    const events: ConductorEvent[] = [];
    const conductor = new Conductor(new FakeTrainer(), quickAsk, { experiment, texts: {} }, (event) =>
      events.push(event),
    );
    const { sealed, runs } = await conductor.run();
    expect([sealed.length, runs.length]).toEqual([0, 4]);
    expect(events.flatMap((event) => (event.kind === 'error' ? [event.message] : []))).toEqual([
      'Nothing was sealed: recipe.name: "half \\ud83d" cannot be sealed, for it holds half a character.',
    ]);
  });

  test('was sealed by earlier versions, whose seals are checked as they were made', () => {
    const seal = {
      ...{ recipe: recipe.name, width: 48, sealedAt: '2026-11-29T00:00:00.000Z', points, textHash: null },
      inputsHash: hashInputs({ recipe, points: plainPoints(points), level: 0.8, width: 48 }),
      ...{ loss: 3, lo: 2.9, hi: 3.1, level: 0.8, actual: null, verdict: null },
    };
    // The form of 2026-11-29, with the half as an escape.
    expect([seal.inputsHash, hashSeal(seal)]).toEqual([
      'bb2c633f5a02f80444bd4c5032181559036fd44cf6f05bf96fcd1901910d0452',
      'a09caae6a36d25aed4556785e1ea5cf84a4b19617613001437c6b6e68098aa69',
    ]);
    checkSeals({
      experiment: { ...experimentWith(), recipes: [recipe] },
      runs: [],
      sealed: [{ ...seal, sealHash: hashSeal(seal) }],
    });
  });
});
