import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { checkCoordinates } from '../../../src/checks/coordinates.ts';
import { coordinatesSchema } from '../../../src/model/check-results.ts';
import { modulesOf } from '../../../src/model/modules.ts';
import { randomStream } from '../../../src/model/random.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { experimentOf, runsOf, type ExperimentParts } from './experiments.ts';

/** Slope of a module's log size on log width after some updates; null for an output of zero. */
type Plan = (module: string, step: number) => number | null;

const STEPS = 6;

/** A coordinate check of runs whose activations follow the plan, up to a factor that differs from run to run. */
function planned(plan: Plan, { noise = 0, ...parts }: Partial<ExperimentParts> & { noise?: number } = {}) {
  const experiment = experimentOf({ study: { kind: 'coordinates' }, seeds: [1, 2, 3], ...parts });
  const runs = runsOf(experiment, ({ recipe, width, seed }) => {
    const modules = modulesOf(recipe).map(({ name }) => name);
    const random = randomStream(seed, `width ${width}`);
    const factors = modules.map(() => Math.exp(noise * random.normal()));
    const values = Array.from({ length: STEPS }, (_, step) =>
      modules.map((module, i) => {
        const slope = plan(module, step);
        return slope === null ? 0 : 0.3 * width ** slope * factors[i];
      }),
    );
    return { finalEvalLoss: 1, activations: { modules, values } };
  });
  return { experiment, runs, check: checkCoordinates(experiment, experiment.recipes[0], runs) };
}

const named = (check: ReturnType<typeof planned>['check'], name: string) =>
  check.modules.find((module) => module.name === name)!;

describe('slopes', () => {
  test('are those that were planted, module by module and step by step', () => {
    const modules = modulesOf({
      layers: 2,
      architecture: experimentOf({ study: { kind: 'coordinates' } }).recipes[0].architecture,
    });
    const planted = (module: string, step: number) => modules.findIndex(({ name }) => name === module) / 20 - step / 10;
    const { check } = planned(planted, { rungs: [32, 8, 16, 64] });
    expect(check.widths).toEqual([8, 16, 32, 64]);
    expect(check.steps).toEqual([0, 1, 2, 3, 4, 5]);
    expect(check.modules.map(({ name }) => name)).toEqual(modules.map(({ name }) => name));
    for (const { name, slopes, slopeErrors } of check.modules) {
      slopes.forEach((slope, step) => expect(slope).toBeCloseTo(planted(name, step), 9));
      slopeErrors.forEach((error) => expect(error).toBeCloseTo(0, 9));
    }
  });

  test('scatter as their standard errors say', () => {
    const { check } = planned(() => 0, { noise: 0.1, seeds: Array.from({ length: 12 }, (_, i) => i + 1) });
    const errors = check.modules.flatMap(({ slopeErrors }) => slopeErrors.slice(0, 1));
    const spread = Math.sqrt(2) * Math.log(2);
    expect(errors.reduce<number>((sum, one) => sum + one!, 0) / errors.length).toBeCloseTo(
      0.1 / spread / Math.sqrt(12),
      2,
    );
    const within = check.modules.filter(({ slopes, slopeErrors }) => Math.abs(slopes[0]!) < 2 * slopeErrors[0]!);
    expect(within.length / check.modules.length).toBeGreaterThan(0.75);
  });

  test('of one seed have no error', () => {
    const { check } = planned(() => 0.02, { seeds: [1] });
    expect(named(check, 'logits').slopeErrors).toEqual(new Array(STEPS).fill(null));
    expect(check.sentence).toContain('with one seed');
  });
});

describe('a recipe holds', () => {
  test('when every module is flat from the third update on, whatever came before', () => {
    const { check } = planned((module, step) => {
      if (module.endsWith('query') && step < 2) return null;
      if (module === 'logits' && step < 3) return step === 0 ? null : -0.4;
      return module === 'layers.1.mlp' ? -0.05 : 0.03;
    });
    expect(check).toMatchObject({ verdict: 'holds', culprit: null, tolerance: 0.1 });
    expect(check.modules.every(({ verdict }) => verdict === 'flat')).toBe(true);
    expect(named(check, 'logits').slopes[0]).toBeNull();
    expect(check.sentence).toBe(
      'muP holds: from width 8 to 32 every module stays flat (largest |slope| 0.05, mlp of layer 1).',
    );
  });

  test('but not when slopes are out of tolerance by less than their noise: that is unclear', () => {
    const plan: Plan = () => 0.105;
    expect(planned(plan).check.modules.every(({ verdict }) => verdict === 'grows')).toBe(true);
    const noisy = planned(plan, { noise: 0.1, seeds: [1, 2, 3, 4] }).check;
    expect(noisy.modules.filter(({ verdict }) => verdict === 'unclear').length).toBeGreaterThan(0);
    for (const { slopes, verdict } of noisy.modules.filter(({ verdict }) => verdict === 'flat')) {
      expect(Math.sqrt(slopes.slice(3).reduce((sum: number, s) => sum + s! ** 2, 0) / 3)).toBeLessThanOrEqual(0.1);
      expect(verdict).toBe('flat');
    }
    expect(noisy.verdict).not.toBe('holds');
  });

  test('nor when they swing from one side to the other', () => {
    const { check } = planned((module, step) => (module === 'logits' ? (step % 2 ? 0.3 : -0.3) : 0));
    expect(named(check, 'logits').verdict).toBe('unclear');
    expect(check).toMatchObject({ verdict: 'unclear', culprit: null });
    expect(check.sentence).toBe('muP is unclear: logits cannot be judged within this noise; add seeds or widths.');
  });

  test('nor when one is silent and another swings: both are named, and no part', () => {
    const { check } = planned((module, step) => {
      if (module === 'logits') return null;
      return module === 'layers.1.attn' ? (step % 2 ? 0.3 : -0.3) : module.endsWith('query') ? 0.15 : 0;
    });
    expect(check.sentence).toBe(
      'muP is unclear: attn of layer 1 and logits cannot be judged within this noise; add seeds or widths.',
    );
  });

  test('nor is a random start forgotten where something else is open: logits that fall are then no fault', () => {
    const { check } = planned((module, step) => {
      if (module === 'logits') return -0.5 + step / 20;
      return module === 'layers.1.attn' ? (step % 2 ? 0.3 : -0.3) : 0;
    });
    expect(check).toMatchObject({ verdict: 'unclear', culprit: null });
    expect(check.sentence).toBe(
      'muP is unclear: attn of layer 1 cannot be judged within this noise; add seeds or widths; the logits still shrink with width as their random start does.',
    );
  });

  test('with tied embeddings, whose logits start random, and what grows beside them is named by its own step', () => {
    const shrinking =
      (grown: number): Plan =>
      (module, step) =>
        module === 'logits' ? -0.45 : step > 0 ? (module === 'final.norm' ? 2 * grown : grown) : 0;
    const tied = { recipes: [{ architecture: { tied: true } }] };
    const held = planned(shrinking(0.01), tied).check;
    expect(held).toMatchObject({ verdict: 'holds', culprit: null });
    expect(held.sentence).toBe(
      'muP holds: from width 8 to 32 every module stays flat (largest |slope| 0.02, final norm); the logits still shrink with width as their random start does.',
    );
    expect(planned(shrinking(0.2), tied).check).toMatchObject({ verdict: 'broken', culprit: { step: 1 } });
  });

  test('never on what was measured before the third update, or up to where a run diverged', () => {
    const { experiment, runs } = planned(() => 0);
    const [recipe] = experiment.recipes;
    const cut = (run: RunResult, length: number): RunResult => {
      const { modules, values } = run.activations!;
      return { ...run, activations: { modules, values: values.slice(0, length) } };
    };
    const short = checkCoordinates(
      experiment,
      recipe,
      runs.map((run) => cut(run, 3)),
    );
    expect(short.verdict).toBe('unclear');
    expect(short.sentence).toBe('muP is unclear: slopes are judged from step 3 on, and there are 3 steps.');
    const ends: Record<string, number> = { '1 32': 5, '2 32': 5, '2 16': 4 };
    const lost = runs.map((run) => {
      const divergedAt = ends[`${run.seed} ${run.width}`];
      return divergedAt ? { ...run, status: 'diverged' as const, divergedAt } : run;
    });
    const check = checkCoordinates(experiment, recipe, lost);
    expect(check.verdict).toBe('unclear');
    expect(check.sentence).toBe(
      'muP is unclear: every module that was measured stays flat, but not every run came to its end, judged up to step 4, where width 16 and 32 diverged.',
    );
  });

  test('nor is a random start forgotten where a run did not come to its end', () => {
    const { experiment, runs } = planned((module) => (module === 'logits' ? -0.5 : 0));
    const lost = runs.map((run) => (run.width === 32 ? { ...run, status: 'diverged' as const, divergedAt: 5 } : run));
    expect(checkCoordinates(experiment, experiment.recipes[0], lost).sentence).toMatch(
      /stays flat, but not every run came to its end; the logits still shrink with width as their random start does/,
    );
  });

  test('with parts that are not quite flat: they are there to trace, and small widths move them', () => {
    const { check } = planned((module) => (/query|key/.test(module) ? 0.15 : module.endsWith('up') ? -0.3 : 0));
    expect(check.verdict).toBe('holds');
    expect(named(check, 'layers.0.attn.key').verdict).toBe('grows');
    expect(check.sentence).toContain('(largest |slope| 0.00, embedding)');
  });

  test('but not with a part that grows fast: attention can lose its footing unseen by the outputs', () => {
    const { check } = planned((module, step) => (module.endsWith('key') && step >= 3 ? 0.4 : 0));
    expect(check).toMatchObject({ verdict: 'broken', culprit: { module: 'layers.0.attn.key', role: 'key', step: 3 } });
  });

  test('outputs that stay zero are silent, and so is everything before two widths are measured', () => {
    const { experiment, runs, check } = planned((module) => (module === 'logits' ? null : 0));
    expect(named(check, 'logits')).toMatchObject({ verdict: 'silent', slopes: new Array(STEPS).fill(null) });
    expect(check.verdict).toBe('unclear');
    expect(check.sentence).toContain('nothing to judge at logits');
    const one = checkCoordinates(
      experiment,
      experiment.recipes[0],
      runs.filter(({ width }) => width === 8),
    );
    expect(one.modules.every(({ verdict }) => verdict === 'silent')).toBe(true);
    expect(one.sentence).toBe('muP: slopes need two widths, and 1 was measured.');
  });
});

describe('a broken rule is named by the output that went wrong first', () => {
  /** Updates of one output too large by width^1 from a step on; what follows it grows with it, what stands before it a step later. */
  const spreading = (first: string, from: number): Plan => {
    const order = modulesOf(experimentOf({ study: { kind: 'coordinates' } }).recipes[0]).map(({ name }) => name);
    return (module, step) => {
      const isAfter = order.indexOf(module) >= order.indexOf(first);
      const since = step - from - (isAfter ? 0 : 1);
      return since < 0 ? 0.01 : Math.min(0.9, (module === first ? 0.2 : 0.4) + 0.2 * since);
    };
  };

  test.each([
    ['layers.0.mlp.up', 'up', 2],
    ['layers.0.mlp', 'down', 2],
    ['layers.0.attn.value', 'value', 2],
    ['layers.0.attn', 'attentionOut', 1],
    ['layers.0.attn.query', 'query', 2],
    ['logits', 'unembedding', 1],
    ['embedding', 'embedding', 2],
  ])('%s', (module, role, step) => {
    const { check } = planned(spreading(module, step), { noise: 0.02 });
    expect(check).toMatchObject({ verdict: 'broken', culprit: { module, role, step } });
  });

  test('in words', () => {
    expect(planned(spreading('layers.0.mlp.up', 2)).check.sentence).toBe(
      'muP is broken: the output of mlp.up of layer 0 grows as width^0.50 from step 2 on; look at the learning rate of the tensors of role up.',
    );
  });

  test('two widths are enough, and layers are numbered as high as there are', () => {
    const { check } = planned((module, step) => (module === 'layers.10.mlp' && step >= 2 ? 0.5 : 0), {
      ...{ rungs: [8, 16], seeds: [1], recipes: [{ layers: 11 }] },
    });
    expect(check.sentence).toBe(
      'muP is broken: the output of mlp of layer 10 grows as width^0.50 from step 2 on, with one seed; look at the learning rate of the tensors of role down.',
    );
  });

  test('a slope that was there before the first update is no learning rate', () => {
    const plan: Plan = (module, step) => {
      if (module === 'layers.0.attn.key') return 0.15;
      return module === 'layers.1.mlp' && step >= 2 ? 0.6 : 0;
    };
    expect(planned(plan).check.culprit).toMatchObject({ module: 'layers.1.mlp', role: 'down', step: 2 });
  });

  test('where no update changed anything the initial scale is to blame', () => {
    const { check } = planned((module) => (module === 'layers.1.mlp' ? 0.5 : 0));
    expect(check.culprit).toEqual({ module: 'layers.1.mlp', role: 'down', step: 0 });
    expect(check.sentence).toMatch(
      /from before the first update on; look at the initial scale of the tensors of role down\.$/,
    );
  });

  test('updates that are too small make an output shrink, more than small widths do by themselves', () => {
    const { check } = planned((module, step) => {
      if (module === 'logits' && step >= 1) return -0.15;
      return module.endsWith('mlp') && step >= 2 ? -0.6 : 0;
    });
    expect(check.culprit).toMatchObject({ module: 'layers.0.mlp', role: 'down', step: 2 });
    expect(check.sentence).toContain('shrinks as width^-0.60 from step 2 on');
  });

  test('a huge change in one seed only does not hide a sure one', () => {
    const { experiment, runs } = planned((module, step) => (module === 'layers.0.mlp' && step > 0 ? 0.3 : 0));
    const spoilt = runs.map((run) => {
      const { modules, values } = run.activations!;
      const factor = run.seed === 1 && run.width === 32 ? 1e9 : 1;
      const after = values.map((row, step) =>
        row.map((value, i) => (modules[i] === 'logits' && step > 0 ? value! * factor : value)),
      );
      return { ...run, activations: { modules, values: after } };
    });
    const { culprit } = checkCoordinates(experiment, experiment.recipes[0], spoilt);
    expect(culprit).toMatchObject({ module: 'layers.0.mlp', step: 1 });
  });

  test('fewer than four measurements are judged by the last', () => {
    const { experiment, runs } = planned((module, step) => (module === 'logits' ? step / 4 : 0));
    const short = runs.map((run) => ({
      ...run,
      activations: { ...run.activations!, values: run.activations!.values.slice(0, 3) },
    }));
    const check = checkCoordinates(experiment, experiment.recipes[0], short);
    expect(check).toMatchObject({ verdict: 'broken', steps: [0, 1, 2], culprit: { module: 'logits', step: 1 } });
  });
});

test('SP is told by what grows', () => {
  const slopes: Record<string, number> = { attn: 0.6, mlp: 0.8, logits: 0.9 };
  const { check } = planned((module, step) => (step === 0 ? 0 : (slopes[module.split('.').pop()!] ?? 0)), {
    recipes: [{ name: 'SP', parametrization: 'sp' }],
  });
  expect(check.verdict).toBe('broken');
  expect(check.sentence).toBe(
    'SP: attention, mlp and logits grow with width (slopes 0.6, 0.8, 0.9), from width 8 to 32.',
  );
});

test.each([
  ['mlp', 0.8, 'SP: mlp grows with width (slope 0.8), from width 8 to 32.'],
  ['logits', 0.9, 'SP: logits grow with width (slope 0.9), from width 8 to 32.'],
  [
    'logits',
    -0.6,
    'SP is broken: the output of logits shrinks as width^-0.60 from step 1 on; look at the learning rate of the tensors of role unembedding.',
  ],
])('SP of which only the %s change, by %d, is told so', (part, slope, words) => {
  const { check } = planned((module, step) => (module.endsWith(part) && step > 0 ? slope : 0), {
    recipes: [{ name: 'SP', parametrization: 'sp' }],
  });
  expect(check.sentence).toBe(words);
});

test('a run that diverged ends the slopes where it did', () => {
  const { experiment, runs } = planned((module, step) => (module === 'logits' && step > 0 ? 0.5 : 0));
  const lost = runs.map((run): RunResult => {
    if (run.width !== 32) return run;
    const { modules, values } = run.activations!;
    const cut = values.map((row, step) => row.map((value) => (step >= 2 ? null : value)));
    return { ...run, status: 'diverged', divergedAt: 2, finalEvalLoss: null, activations: { modules, values: cut } };
  });
  const check = checkCoordinates(experiment, experiment.recipes[0], lost);
  expect(named(check, 'logits').values[2]).toEqual([expect.any(Number), expect.any(Number), null]);
  expect(named(check, 'logits').slopes.slice(2)).toEqual([null, null, null, null]);
  expect(check.culprit).toMatchObject({ module: 'logits', step: 1 });
  expect(check.sentence).toBe(
    'muP is broken: the output of logits grows as width^0.50 from step 1 on, judged up to step 2, where width 32 diverged; look at the learning rate of the tensors of role unembedding.',
  );
});

describe('what was not measured', () => {
  test('a run that failed, or was cancelled, has no part in any slope, whatever it holds', () => {
    const { experiment, runs, check } = planned(() => 0, { noise: 0.01 });
    const spoilt = (status: 'failed' | 'cancelled') =>
      runs.map((run) => {
        const { modules, values } = run.activations!;
        const huge = values.map((row) => row.map((value) => value! * (run.width === 32 ? 1e6 : 1)));
        return { ...run, id: `${run.id} again`, seed: 9, status, activations: { modules, values: huge } };
      });
    const [recipe] = experiment.recipes;
    for (const status of ['failed', 'cancelled'] as const) {
      expect(checkCoordinates(experiment, recipe, [...runs, ...spoilt(status)])).toEqual(check);
    }
  });

  test('a width has a value only where all of its seeds have one', () => {
    const { experiment, runs } = planned(() => 0);
    const holed = runs.map((run) => {
      const { modules, values } = run.activations!;
      const isHoled = run.width === 16 && run.seed === 2;
      return {
        ...run,
        activations: { modules, values: isHoled ? [[null, ...values[0].slice(1)], ...values.slice(1)] : values },
      };
    });
    const [first] = checkCoordinates(experiment, experiment.recipes[0], holed).modules;
    expect(first.values[0].map((value) => value === null)).toEqual([false, true, false]);
    expect(first.values[1].every((value) => value !== null)).toBe(true);
    expect(first.slopes[0]).toBeNull();
    expect(first.slopes[1]).toBeCloseTo(0, 12);
  });

  test('a run with fewer steps than others ends the slopes with it', () => {
    const { experiment, runs } = planned(() => 0);
    const [first, ...others] = runs;
    const { modules, values } = first.activations!;
    const short = { ...first, activations: { modules, values: values.slice(0, 2) } };
    const check = checkCoordinates(experiment, experiment.recipes[0], [short, ...others]);
    expect(check.modules[0].slopes.map((slope) => slope === null)).toEqual([false, false, true, true, true, true]);
  });

  test('a seed of two widths has a slope, one of a single width has none and spoils none', () => {
    const { experiment, runs } = planned((_, step) => step / 10);
    const kept = runs.filter(({ width, seed }) => (seed === 1 ? width > 8 : seed === 2 && width === 8));
    const check = checkCoordinates(experiment, experiment.recipes[0], kept);
    for (const module of check.modules) {
      module.slopes.forEach((slope, step) => expect(slope).toBeCloseTo(step / 10, 9));
      expect(module.slopeErrors).toEqual(module.slopes.map(() => null));
    }
  });
});

describe('whatever the runs', () => {
  const { experiment, runs, check } = planned((module, step) => (module === 'logits' ? null : step / 20), {
    noise: 0.05,
  });
  const [recipe] = experiment.recipes;

  test('their order, and the unit of activations, change nothing', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(runs, { minLength: runs.length }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (shuffled, unit) => {
          expect(checkCoordinates(experiment, recipe, shuffled)).toEqual(check);
          const scaled = shuffled.map((run) => ({
            ...run,
            activations: {
              ...run.activations!,
              values: run.activations!.values.map((row) => row.map((value) => value! * unit)),
            },
          }));
          const other = checkCoordinates(experiment, recipe, scaled);
          expect(other.verdict).toBe(check.verdict);
          other.modules.forEach(({ slopes }, i) =>
            slopes.forEach((slope, step) => {
              const expected = check.modules[i].slopes[step];
              if (expected === null) expect(slope).toBeNull();
              else expect(slope).toBeCloseTo(expected, 9);
            }),
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  test('a part of them, with holes, gives a result that a file can hold', () => {
    fc.assert(
      fc.property(
        fc.subarray(runs),
        fc.array(fc.integer({ min: 0, max: STEPS }), { minLength: runs.length, maxLength: runs.length }),
        (some, cuts) => {
          const holed = some.map((run, i) => ({
            ...run,
            activations: {
              ...run.activations!,
              values: run.activations!.values.map((row, step) => (step >= cuts[i] ? row.map(() => null) : row)),
            },
          }));
          const found = checkCoordinates(experiment, recipe, holed);
          expect(v.parse(coordinatesSchema, JSON.parse(JSON.stringify(found)))).toEqual(found);
          expect(found.sentence).not.toMatch(/NaN|Infinity|undefined|null/);
        },
      ),
      { numRuns: 60 },
    );
  });
});
