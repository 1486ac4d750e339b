/** The table against the rules of docs/science.md, number by number, and what SP and muP share at the base width. */
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../../src/model/experiment.ts';
import type { Recipe } from '../../../src/model/recipe.ts';
import { initialParameters } from '../../../src/model/initialise.ts';
import { parametrize, type TensorRule } from '../../../src/model/parametrization.ts';
import { modelShape } from '../../../src/model/shape.ts';

/** Base width 8, heads of 4, two layers; every hyperparameter has a value of its own. */
function recipeOf(parametrization: 'mup' | 'sp', changes: object = {}): Recipe {
  const recipe = {
    name: 'test',
    parametrization,
    baseWidth: 8,
    layers: 2,
    headSize: 4,
    context: 6,
    corpus: { kind: 'spectral' as const },
    batch: 2,
    steps: 3,
    optimizer: { learningRate: 0.01 },
    init: { embedding: 0.9, hidden: 1.5, unembedding: 0.6, query: 'key' as const },
    multipliers: { embedding: 3, attention: 5, unembedding: 7 },
    ...changes,
  };
  return parseExperiment({ recipes: [recipe], ladder: { rungs: [8] } }).recipes[0];
}

const tableOf = (recipe: Recipe, width: number) => parametrize(recipe, modelShape(recipe, width, 10));

/** [init std (or constant), lrMult, wdMult, epsMult] */
function rowOf({ init, learningRateMultiplier, weightDecayMultiplier, epsilonMultiplier }: TensorRule) {
  const start = init.kind === 'constant' ? init.value : init.std;
  return [start, learningRateMultiplier, weightDecayMultiplier, epsilonMultiplier];
}

const EXPECTED_SHAPES = {
  'embed.token': [10, 32],
  'embed.position': [6, 32],
  'layers.1.attn.norm': [32],
  'layers.1.attn.query': [32, 32],
  'layers.1.attn.key': [32, 32],
  'layers.1.attn.value': [32, 32],
  'layers.1.attn.out': [32, 32],
  'layers.1.mlp.norm': [32],
  'layers.1.mlp.up': [32, 128],
  'layers.1.mlp.down': [128, 32],
  'final.norm': [32],
  unembed: [32, 10],
};

describe('at four times the base width', () => {
  const inner = 1.5 / Math.sqrt(32);
  const cases = {
    mup: {
      'embed.token': [0.9, 1, 1, 1 / 4],
      'embed.position': [0.9, 1, 1, 1 / 4],
      'layers.1.attn.norm': [1, 1, 0, 1 / 4],
      'layers.1.attn.query': [inner, 1 / 4, 4, 1 / 4],
      'layers.1.attn.key': [inner, 1 / 4, 4, 1 / 4],
      'layers.1.attn.value': [inner, 1 / 4, 4, 1 / 4],
      'layers.1.attn.out': [inner / 2, 1 / 4, 4, 1 / 4],
      'layers.1.mlp.norm': [1, 1, 0, 1 / 4],
      'layers.1.mlp.up': [inner, 1 / 4, 4, 1 / 4],
      'layers.1.mlp.down': [1.5 / Math.sqrt(128) / 2, 1 / 4, 4, 1 / 4],
      'final.norm': [1, 1, 0, 1 / 4],
      unembed: [0.6 / Math.sqrt(8), 1, 1, 1 / 4],
    },
    sp: {
      'embed.token': [0.9, 1, 1, 1],
      'embed.position': [0.9, 1, 1, 1],
      'layers.1.attn.norm': [1, 1, 0, 1],
      'layers.1.attn.query': [inner, 1, 1, 1],
      'layers.1.attn.key': [inner, 1, 1, 1],
      'layers.1.attn.value': [inner, 1, 1, 1],
      'layers.1.attn.out': [inner / 2, 1, 1, 1],
      'layers.1.mlp.norm': [1, 1, 0, 1],
      'layers.1.mlp.up': [inner, 1, 1, 1],
      'layers.1.mlp.down': [1.5 / Math.sqrt(128) / 2, 1, 1, 1],
      'final.norm': [1, 1, 0, 1],
      unembed: [0.6 / Math.sqrt(32), 1, 1, 1],
    },
  };

  for (const kind of ['mup', 'sp'] as const) {
    test(`the ${kind} table`, () => {
      const { tensors, forward } = tableOf(recipeOf(kind), 32);
      for (const [name, row] of Object.entries(cases[kind])) {
        const tensor = tensors.find((candidate) => candidate.name === name)!;
        rowOf(tensor).forEach((value, column) => expect(value, `${name} ${column}`).toBeCloseTo(row[column], 14));
      }
      expect(forward).toEqual({ embedding: 3, attention: 5 / 2, branch: 1, unembedding: kind === 'mup' ? 7 / 4 : 7 });
    });
  }

  test('tensors have the shapes and the order of every dump', () => {
    const { tensors } = tableOf(recipeOf('mup'), 32);
    const names = Object.keys(EXPECTED_SHAPES);
    const layer = names.filter((name) => name.startsWith('layers.1.'));
    const layerBefore = layer.map((name) => name.replace('layers.1', 'layers.0'));
    const order = [...names.slice(0, 2), ...layerBefore, ...layer, ...names.slice(-2)];
    expect(tensors.map(({ name }) => name)).toEqual(order);
    for (const [name, shape] of Object.entries(EXPECTED_SHAPES)) {
      const tensor = tensors.find((candidate) => candidate.name === name)!;
      expect([name, tensor.shape, tensor.size]).toEqual([name, shape, shape.reduce((a, b) => a * b, 1)]);
    }
  });
});

test('by default query and unembedding start at zero', () => {
  const { tensors } = tableOf(recipeOf('mup', { init: {} }), 32);
  for (const { name, init } of tensors) {
    if (name.endsWith('query') || name === 'unembed') expect(init).toEqual({ kind: 'constant', value: 0 });
    else expect(init).not.toEqual({ kind: 'constant', value: 0 });
  }
});

describe('at the base width', () => {
  test('SP and muP are the same table', () => {
    expect(tableOf(recipeOf('mup'), 8)).toEqual(tableOf(recipeOf('sp'), 8));
    expect(tableOf(recipeOf('mup'), 16)).not.toEqual(tableOf(recipeOf('sp'), 16));
  });

  test('SP and muP start from the same bits', () => {
    const [mup, sp] = (['mup', 'sp'] as const).map((kind) => initialParameters(tableOf(recipeOf(kind), 8), 4));
    expect(mup).toEqual(sp);
  });
});

describe('initial parameters', () => {
  const { tensors } = tableOf(recipeOf('mup'), 64);
  const parameters = initialParameters(
    { tensors, forward: { embedding: 1, attention: 1, branch: 1, unembedding: 1 } },
    11,
  );

  test('have the standard deviations of the table', () => {
    for (const { name, init, size } of tensors) {
      const values = parameters.get(name)!;
      expect(values).toHaveLength(size);
      if (init.kind === 'constant') expect(values.every((value) => value === Math.fround(init.value))).toBe(true);
      else {
        const std = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / size);
        // Four standard errors of a standard deviation; the seed is fixed.
        expect(Math.abs(std / init.std - 1), name).toBeLessThan(4 / Math.sqrt(2 * size));
      }
    }
  });

  test('differ from tensor to tensor and from seed to seed, and are the same for the same seed', () => {
    const again = initialParameters(tableOf(recipeOf('mup'), 64), 11);
    const other = initialParameters(tableOf(recipeOf('mup'), 64), 12);
    expect(again).toEqual(parameters);
    expect(other.get('embed.token')).not.toEqual(parameters.get('embed.token'));
    expect(parameters.get('layers.0.attn.key')).not.toEqual(parameters.get('layers.0.attn.value'));
    expect(parameters.get('layers.0.attn.key')).not.toEqual(parameters.get('layers.1.attn.key'));
  });
});
