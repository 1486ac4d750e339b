/** What the reference engine promises about training: the contract of src/model/training.ts. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';
import { float64Parameters, tokenLosses } from '../../../src/reference/model.ts';
import { parametrize } from '../../../src/model/parametrization.ts';
import { modelShape } from '../../../src/model/shape.ts';
import { cohortOf, corpusOf, recipeOf, train } from './cohorts.ts';
import { recipes } from './random-recipes.ts';

describe('training', () => {
  test('lets the loss fall from log V towards the entropy, and never below it', async () => {
    const recipe = recipeOf({ steps: 150, batch: 8, evaluation: { sequences: 40 } });
    const { losses, outcomes } = await train(cohortOf([recipe], 8));
    expect(losses[0]).toHaveLength(150);
    expect(losses[0][0]).toBeCloseTo(Math.log(12), 5);
    const { evaluationEntropy } = corpusOf(recipe);
    const { status, divergedAt, finalEvalLoss } = outcomes[0];
    expect({ status, divergedAt }).toEqual({ status: 'done', divergedAt: null });
    expect(finalEvalLoss! - evaluationEntropy!).toBeGreaterThan(0);
    expect(finalEvalLoss! - evaluationEntropy!).toBeLessThan(0.3 * (Math.log(12) - evaluationEntropy!));
  });

  test('is the same, number for number, for SP and muP at the base width, whatever the recipe', async () => {
    await fc.assert(
      fc.asyncProperty(recipes, async ({ recipe }) => {
        const pair = (['mup', 'sp'] as const).map((parametrization) => ({ ...recipe, parametrization, steps: 3 }));
        const { losses, outcomes } = await train(cohortOf(pair, recipe.baseWidth), { keepParameters: 'all' });
        expect(losses[0]).toHaveLength(3);
        expect(losses[1]).toEqual(losses[0]);
        expect(outcomes[1].parameters).toEqual(outcomes[0].parameters);
        expect(outcomes[1].finalEvalLoss).toBe(outcomes[0].finalEvalLoss);
      }),
      { numRuns: 30 },
    );
  });

  test.each(['adamw', 'sgd', 'lion', 'muon'] as const)('differs between SP and muP beyond it: %s', async (kind) => {
    const optimizer = { kind, learningRate: 2 ** -5 };
    const pair = (['mup', 'sp'] as const).map((parametrization) => recipeOf({ parametrization, optimizer }));
    const { losses } = await train(cohortOf(pair, 16));
    expect(losses[1]).not.toEqual(losses[0]);
  });

  test('depth rules and none are the same training at the base depth, bit for bit, and differ beyond it', async () => {
    const at = (layers: number) =>
      (['none', 'depth-mup', 'completep'] as const).map((rule) => recipeOf({ layers, depth: { rule, baseLayers: 2 } }));
    const base = await train(cohortOf(at(2), 8));
    expect(base.losses[1]).toEqual(base.losses[0]);
    expect(base.losses[2]).toEqual(base.losses[0]);
    expect(base.outcomes[2].parameters).toEqual(base.outcomes[0].parameters);
    const deep = await train(cohortOf(at(4), 8));
    expect(deep.losses[2]).not.toEqual(deep.losses[1]);
    expect(deep.losses[1]).not.toEqual(deep.losses[0]);
  });

  test.each([
    ['adamw', 2 ** -5],
    ['sgd', 2 ** -2],
    ['lion', 2 ** -8],
    ['muon', 2 ** -6],
  ] as const)('lets the loss fall with %s', async (kind, learningRate) => {
    const recipe = recipeOf({ steps: 60, batch: 8, optimizer: { kind, learningRate } });
    const { losses } = await train(cohortOf([recipe], 8));
    expect(losses[0].at(-1)).toBeLessThan(losses[0][0] - 0.15);
  });

  test('is the same alone and beside other runs; another seed is another run', async () => {
    const together = await train(cohortOf([recipeOf(), recipeOf()], 8, [1, 2]));
    const alone = await train(cohortOf([recipeOf()], 8, [2]));
    expect(together.losses[1]).toEqual(alone.losses[0]);
    expect(together.losses[1]).not.toEqual(together.losses[0]);
  });

  test('masks a run that diverges, says when, and leaves its neighbours unchanged', async () => {
    // Weight decay of 10 at this rate multiplies the weights by -99 each step: it must overflow.
    const optimizer = { learningRate: 10, weightDecay: 10, clip: 0 };
    const wild = recipeOf({ steps: 60, optimizer, schedule: { kind: 'constant' } });
    const calm = recipeOf({ steps: 60 });
    const beside = await train(cohortOf([calm, wild], 8, [], 50));
    const alone = await train(cohortOf([calm], 8, [], 50));
    expect(beside.losses[0]).toEqual(alone.losses[0]);
    expect(beside.outcomes[0].finalEvalLoss).toBe(alone.outcomes[0].finalEvalLoss);
    const { status, divergedAt, finalEvalLoss, finalEvalStandardError } = beside.outcomes[1];
    expect({ status, finalEvalLoss, finalEvalStandardError }).toEqual({
      status: 'diverged',
      finalEvalLoss: null,
      finalEvalStandardError: null,
    });
    expect(divergedAt).toBeGreaterThan(0);
    expect(beside.losses[1].slice(0, divergedAt!).every(Number.isFinite)).toBe(true);
    expect(beside.losses[1].slice(divergedAt! + 1).every(Number.isNaN)).toBe(true);
    const evaluations = beside.reports.filter((report) => report.kind === 'evaluation');
    expect(evaluations.at(-1)!.losses[1]).toBeNaN();
  });
});

describe('reports', () => {
  test('tell each step once, in order, and each evaluation with its standard error', async () => {
    const cohort = cohortOf([recipeOf({ steps: 10 }), recipeOf({ steps: 10 })], 8, [1, 2], 4);
    const { reports, outcomes } = await train(cohort, { keepParameters: 'all' });
    let next = 0;
    for (const report of reports) {
      expect(report.runs).toEqual(['run 0', 'run 1']);
      if (report.kind === 'losses') {
        expect(report.firstStep).toBe(next);
        next += report.losses.length / 2;
      } else expect(report.step).toBe(next);
    }
    expect(next).toBe(10);
    const evaluations = reports.filter((report) => report.kind === 'evaluation');
    expect(evaluations.map((report) => report.step)).toEqual([4, 8, 10]);
    expect(outcomes.map((outcome) => outcome.finalEvalLoss)).toEqual([...evaluations[2].losses]);

    // 10 sequences in batches of 4: the window must not be cut off or padded.
    const { stream, shape, runs } = cohort;
    const tokens = stream.evaluation;
    const final = float64Parameters(outcomes[1].parameters!);
    const losses = tokenLosses(shape, runs[1].table.forward, final, tokens, 10);
    const means = Array.from({ length: 10 }, (_, s) => losses.slice(s * 8, s * 8 + 8).reduce((a, b) => a + b) / 8);
    const mean = means.reduce((a, b) => a + b) / 10;
    const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 9;
    expect(outcomes[1].finalEvalLoss).toBeCloseTo(mean, 5);
    expect(outcomes[1].finalEvalStandardError).toBeCloseTo(Math.sqrt(variance / 10), 5);
  });

  test('come with the final parameters when asked, and without when not', async () => {
    const cohort = cohortOf([recipeOf({ steps: 3 })], 8);
    const kept = (await train(cohort, { keepParameters: 'all' })).outcomes[0].parameters!;
    expect([...kept.keys()]).toEqual(cohort.runs[0].table.tensors.map(({ name }) => name));
    for (const { name, size } of cohort.runs[0].table.tensors) expect(kept.get(name)).toHaveLength(size);
    expect(kept.get('unembed')!.some((value) => value !== 0)).toBe(true);
    expect((await train(cohort)).outcomes[0].parameters).toBeUndefined();
  });
});

describe('control', () => {
  test('leaves the event loop a turn at every step, where each takes 20 ms or more', async () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 20));
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await train(cohortOf([recipeOf({ steps: 12 })], 8));
    isOver = true;
    clock.mockRestore();
    expect(turns).toBeGreaterThanOrEqual(12);
  });

  test('waits while paused', async () => {
    let resume = () => {};
    let asked = 0;
    const untilResumed = () => (++asked === 5 ? new Promise<void>((resolve) => (resume = resolve)) : Promise.resolve());
    const work = train(cohortOf([recipeOf()], 8), { untilResumed });
    await expect.poll(() => asked).toBe(5);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(asked).toBe(5);
    resume();
    expect((await work).outcomes[0].status).toBe('done');
  });

  test('cancels soon, keeping what was reported', async () => {
    const abort = new AbortController();
    const cohort = cohortOf([recipeOf({ steps: 20_000 })], 8);
    const { outcomes, losses } = await train(cohort, { signal: abort.signal, onReport: () => abort.abort() });
    expect(outcomes[0]).toMatchObject({ status: 'cancelled', finalEvalLoss: null, divergedAt: null });
    expect(losses[0].length).toBeGreaterThan(0);
    expect(losses[0].length).toBeLessThan(20_000);
    expect(losses[0].every(Number.isFinite)).toBe(true);
  });
});

describe('what fits', () => {
  const engine = createReferenceEngine();
  const sized = (changes: object, width: number, vocabulary = 256) => {
    const recipe = recipeOf({ layers: 2, context: 64, batch: 32, steps: 300, ...changes });
    const { batch, steps } = recipe;
    const shape = modelShape(recipe, width, vocabulary);
    const run = { id: 'run', seed: 1, table: parametrize(recipe, shape), ...recipe };
    return { shape, batch, steps, evaluateEvery: 0, runs: [run] };
  };

  test('a small run does', () => {
    expect(() => engine.assertFits(sized({}, 32))).not.toThrow();
  });

  test.each([
    ['the default', {}],
    ['SwiGLU', { architecture: { activation: 'swiglu' } }],
    ['Muon', { optimizer: { kind: 'muon', learningRate: 0.01 } }],
  ])('a run that would take hours is refused, and what is offered instead does fit: %s', (_, changes) => {
    const refusal = messageOf(() => engine.assertFits(sized(changes, 512)));
    expect(refusal).toMatch(/^width 512 is too much for training on the CPU: .*\.$/);
    const offer = /a width of up to (\d+) or (\d+) steps instead of 300 would fit/.exec(refusal)!;
    expect(() => engine.assertFits(sized(changes, Number(offer[1])))).not.toThrow();
    expect(() => engine.assertFits(sized(changes, Number(offer[1]) + 4))).toThrow();
    expect(() => engine.assertFits(sized({ ...changes, steps: Number(offer[2]) }, 512))).not.toThrow();
    expect(() => engine.assertFits(sized({ ...changes, steps: Number(offer[2]) + 1 }, 512))).toThrow();
  });

  test('what Muon takes to orthogonalise counts', () => {
    const steps = (changes: object) =>
      Number(/or (\d+) steps/.exec(messageOf(() => engine.assertFits(sized(changes, 512))))![1]);
    expect(steps({ optimizer: { kind: 'muon', learningRate: 0.01 } })).toBeLessThan(0.7 * steps({}));
  });

  test('what options keep for the backward pass counts', () => {
    const batch = (architecture: object) => {
      const cohort = sized({ batch: 4096, steps: 1, context: 16, init: { query: 'key' }, architecture }, 64);
      return Number(/a batch of (\d+)/.exec(messageOf(() => engine.assertFits(cohort)))![1]);
    };
    expect(batch({ qkNorm: true })).toBeLessThan(batch({}));
    expect(batch({ position: 'rope' })).toBeLessThan(batch({}));
  });

  test('a batch that memory does not hold is refused, and what is offered instead does fit', () => {
    const large = { batch: 4096, steps: 1, context: 512 };
    const offer = /a batch of (\d+) instead of 4096 would fit/.exec(
      messageOf(() => engine.assertFits(sized(large, 16))),
    )!;
    expect(() => engine.assertFits(sized({ ...large, batch: Number(offer[1]) }, 16))).not.toThrow();
  });

  test('training refuses too', async () => {
    const cohort = { ...cohortOf([recipeOf()], 8), steps: 1_000_000_000 };
    await expect(train(cohort)).rejects.toThrow('too much for training on the CPU');
  });
});

function messageOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
