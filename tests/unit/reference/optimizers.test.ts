/** Every update against its formula, written out as sums or worked by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TensorRule, Update } from '../../../src/model/parametrization.ts';
import type { Optimizer } from '../../../src/model/recipe.ts';
import { clipFactor, globalNorm } from '../../../src/reference/gradient-clip.ts';
import { orthogonalise } from '../../../src/reference/orthogonalise.ts';
import { updateParameters, zeroMoments } from '../../../src/reference/optimizer.ts';

const COMMON = { learningRate: 0.5, weightDecay: 0.2, clip: 1 };
const ADAM = { beta1: 0.9, beta2: 0.95, epsilon: 1e-3 };
const [ADAMW, SGD, LION, MUON]: Optimizer[] = [
  { kind: 'adamw', ...COMMON, ...ADAM },
  { kind: 'sgd', ...COMMON, momentum: 0.7 },
  { kind: 'lion', ...COMMON, beta1: 0.8, beta2: 0.6 },
  { kind: 'muon', ...COMMON, ...ADAM, momentum: 0.7, adamMultiplier: 0.3 },
];

function ruleOf(update: Update, shape: number[] = [1, 1], name = 'w'): TensorRule {
  return {
    name,
    role: 'up',
    shape,
    size: shape.reduce((product, n) => product * n, 1),
    init: { kind: 'constant', value: 1 },
    update,
    learningRateMultiplier: 0.25,
    weightDecayMultiplier: 4,
    epsilonMultiplier: 0.25,
  };
}

/** Values of one tensor after each update; the learning rate is 0.5/(step+1), the clip factor 0.8. */
function trajectory(optimizer: Optimizer, rule: TensorRule, start: number[], gradients: number[][]): number[][] {
  const parameters = new Map([[rule.name, Float64Array.from(start)]]);
  const moments = zeroMoments([rule]);
  return gradients.map((gradient, step) => {
    const settings = { step, learningRate: 0.5 / (step + 1), gradientScale: 0.8 };
    const g = new Map([[rule.name, Float64Array.from(gradient)]]);
    updateParameters([rule], parameters, g, moments, optimizer, settings);
    return [...parameters.get(rule.name)!];
  });
}

/** What p −= η·lrMult·(direction + λ·wdMult·p) makes of directions. */
function moved(start: number, directions: number[]): number[] {
  let p = start;
  return directions.map((direction, step) => (p -= (0.5 / (step + 1)) * 0.25 * (direction + 0.2 * 4 * p)));
}

/** Zero or of ordinary size: squares of the tiniest doubles are zero, and Muon's norm with them. */
const gradient = fc.double({ min: -3, max: 3, noNaN: true }).map((value) => (Math.abs(value) < 1e-6 ? 0 : value));
const series = fc.array(gradient, { minLength: 1, maxLength: 8 });

/** Of a single number: directions are a function of all gradients so far, clipped and in order. */
function expectFormula(optimizer: Optimizer, update: Update, direction: (seen: number[]) => number): void {
  fc.assert(
    fc.property(series, (gradients) => {
      const clipped = gradients.map((gradient) => 0.8 * gradient);
      const directions = clipped.map((_, step) => direction(clipped.slice(0, step + 1)));
      const actual = trajectory(optimizer, ruleOf(update), [1.5], gradients.map((gradient) => [gradient])); // prettier-ignore
      moved(1.5, directions).forEach((value, step) => expect(actual[step][0]).toBeCloseTo(value, 12));
    }),
    { numRuns: 50 },
  );
}

/** Σ β^age · value */
const faded = (beta: number, values: number[]) =>
  values.reduce((sum, value, i) => sum + beta ** (values.length - 1 - i) * value, 0);

describe('a single number', () => {
  // m̂ and v̂ as the weighted means of all gradients so far that they are.
  const weightedMean = (beta: number, values: number[]) => faded(beta, values) / faded(beta, values.map(() => 1)); // prettier-ignore
  const adamw = (seen: number[]) =>
    weightedMean(0.9, seen) / (Math.sqrt(weightedMean(0.95, seen.map((value) => value ** 2))) + 1e-3 * 0.25); // prettier-ignore

  test('AdamW: m̂/(√v̂ + ε·epsMult), bias corrections counted from one', () => {
    expectFormula(ADAMW, 'adamw', adamw);
  });

  test('AdamW beside Muon: the same, with the settings that Muon carries for it', () => {
    expectFormula(MUON, 'adamw', adamw);
  });

  test('SGD: the gradients so far, each faded by its age', () => {
    expectFormula(SGD, 'sgd', (seen) => faded(0.7, seen));
  });

  test('Lion: the sign of β1·m + (1 − β1)·g, where m fades by β2', () => {
    expectFormula(LION, 'lion', (seen) => {
      const momentum = (1 - 0.6) * faded(0.6, seen.slice(0, -1));
      return Math.sign(0.8 * momentum + (1 - 0.8) * seen.at(-1)!);
    });
  });

  test('Muon: the sign of g + μ·buffer, as large as five iterations of its polynomial make it', () => {
    expectFormula(MUON, 'muon', (seen) => {
      let x = Math.sign(seen.at(-1)! + 0.7 * faded(0.7, seen));
      for (let i = 0; i < 5; i++) x = 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
      return x;
    });
  });

  test('Lion by hand: what it remembers outweighs a gradient of the other sign', () => {
    // Step 0: sign(0.2·0.8) = 1, m = 0.4·0.8. Step 1: 0.8·0.32 − 0.2·0.8 = 0.096 > 0, although the gradient is negative.
    const values = trajectory({ ...LION, weightDecay: 0 }, ruleOf('lion'), [0], [[1], [-1]]).flat();
    expect(values[0]).toBeCloseTo(-0.125, 14);
    expect(values[1]).toBeCloseTo(-0.125 - 0.0625, 14);
  });
});

test('Muon moves a matrix along the orthogonalised Nesterov momentum', () => {
  const [rows, columns] = [3, 5];
  const matrix = (salt: number) => Array.from({ length: rows * columns }, (_, i) => Math.sin(salt * (i + 1)));
  const [start, first, second] = [matrix(1), matrix(2), matrix(5)];
  const actual = trajectory(MUON, ruleOf('muon', [rows, columns]), start, [first, second]);
  const buffer = first.map((g, i) => 0.7 * 0.8 * g + 0.8 * second[i]);
  const directions = [
    orthogonalise(Float64Array.from(first, (g) => 1.7 * 0.8 * g), rows, columns), // prettier-ignore
    orthogonalise(Float64Array.from(second, (g, i) => 0.8 * g + 0.7 * buffer[i]), rows, columns), // prettier-ignore
  ];
  start.forEach((value, i) => {
    const expected = moved(value, [directions[0][i], directions[1][i]]);
    expect(actual[0][i]).toBeCloseTo(expected[0], 12);
    expect(actual[1][i]).toBeCloseTo(expected[1], 12);
  });
});

test('without a gradient only weight decay moves a tensor, whatever the optimizer', () => {
  for (const [optimizer, update] of [
    [ADAMW, 'adamw'],
    [SGD, 'sgd'],
    [LION, 'lion'],
    [MUON, 'muon'],
    [MUON, 'adamw'],
  ] as const) {
    const zeros = [
      [0, 0],
      [0, 0],
    ];
    const values = trajectory(optimizer, ruleOf(update, [1, 2]), [1.5, -2], zeros);
    const expected = [moved(1.5, [0, 0]), moved(-2, [0, 0])];
    expect(values, optimizer.kind).toEqual([
      [expected[0][0], expected[1][0]],
      [expected[0][1], expected[1][1]],
    ]);
  }
});

test('each tensor keeps its own memory', () => {
  const rules = [ruleOf('sgd', [1, 1], 'a'), ruleOf('sgd', [1, 1], 'b')];
  const parameters = new Map([
    ['a', Float64Array.of(0)],
    ['b', Float64Array.of(0)],
  ]);
  const moments = zeroMoments(rules);
  const gradients = new Map([
    ['a', Float64Array.of(1)],
    ['b', Float64Array.of(0)],
  ]);
  const settings = { step: 0, learningRate: 1, gradientScale: 1 };
  updateParameters(rules, parameters, gradients, moments, SGD, settings);
  updateParameters(rules, parameters, gradients, moments, SGD, settings);
  expect(parameters.get('a')![0]).toBeLessThan(0);
  expect(parameters.get('b')![0]).toBeCloseTo(0, 15);
});

describe('clipping', () => {
  test('the global norm is that of all tensors together', () => {
    const gradients = new Map([
      ['a', Float64Array.of(3, 0)],
      ['b', Float64Array.of(4)],
    ]);
    expect(globalNorm(gradients)).toBe(5);
  });

  test('shrinks only what is larger than the clip, and is off at zero', () => {
    expect([clipFactor(4, 1), clipFactor(0.5, 1), clipFactor(0, 1), clipFactor(100, 0)]).toEqual([0.25, 1, 1, 1]);
  });
});
