/** What optimizers, depth rules, growth by head size, tied embeddings and rule changes make of the table, number by number. */
import { describe, expect, test } from 'vitest';
import { initialParameters } from '../../../src/model/initialise.ts';
import { parametrize, tableVersion, type TensorRule } from '../../../src/model/parametrization.ts';
import type { Recipe } from '../../../src/model/recipe.ts';
import { modelShape } from '../../../src/model/shape.ts';
import { parsedRecipe } from './experiment-inputs.ts';

type Changes = NonNullable<Parameters<typeof parsedRecipe>[0]>;

const recipeOf = (changes: Changes = {}): Recipe =>
  parsedRecipe({
    baseWidth: 8,
    headSize: 4,
    layers: 2,
    context: 6,
    init: { hidden: 1.5, unembedding: 0.6, query: 'key' },
    multipliers: { embedding: 3, attention: 5, unembedding: 7 },
    ...changes,
  });

const tableOf = (recipe: Recipe, width: number) => parametrize(recipe, modelShape(recipe, width, 10));

const ruleOf = (recipe: Recipe, width: number, name: string): TensorRule =>
  tableOf(recipe, width).tensors.find((tensor) => tensor.name === name)!;

const multipliersOf = (rule: TensorRule) => [
  rule.learningRateMultiplier,
  rule.weightDecayMultiplier,
  rule.epsilonMultiplier,
];

function expectRow(rule: TensorRule, expected: number[]) {
  multipliersOf(rule).forEach((value, i) => expect(value, `${rule.name} ${i}`).toBeCloseTo(expected[i], 14));
}

const OPTIMIZERS = {
  adamw: { kind: 'adamw', learningRate: 0.01 },
  sgd: { kind: 'sgd', learningRate: 0.01 },
  lion: { kind: 'lion', learningRate: 0.01 },
  muon: { kind: 'muon', learningRate: 0.01, adamMultiplier: 0.25 },
} as const;

/** At four times the base width: [update, lrMult, wdMult, epsMult] of each kind of tensor. */
const AT_FOUR_TIMES = {
  adamw: {
    'embed.token': ['adamw', 1, 1, 1 / 4],
    'final.norm': ['adamw', 1, 0, 1 / 4],
    'layers.0.attn.norm': ['adamw', 1, 0, 1 / 4],
    'layers.0.attn.out': ['adamw', 1 / 4, 4, 1 / 4],
    'layers.1.mlp.up': ['adamw', 1 / 4, 4, 1 / 4],
    unembed: ['adamw', 1, 1, 1 / 4],
  },
  // A gradient entry shrinks as 1/m; a hidden matrix has m times as many, each of which must change by 1/m: nothing to mend.
  sgd: {
    'embed.token': ['sgd', 4, 1 / 4, 1 / 4],
    'final.norm': ['sgd', 4, 0, 1 / 4],
    'layers.0.attn.norm': ['sgd', 4, 0, 1 / 4],
    'layers.0.attn.out': ['sgd', 1, 1, 1 / 4],
    'layers.1.mlp.up': ['sgd', 1, 1, 1 / 4],
    unembed: ['sgd', 4, 1 / 4, 1 / 4],
  },
  // A sign is as large at any width, as Adam's update is.
  lion: {
    'embed.token': ['lion', 1, 1, 1 / 4],
    'final.norm': ['lion', 1, 0, 1 / 4],
    'layers.0.attn.norm': ['lion', 1, 0, 1 / 4],
    'layers.0.attn.out': ['lion', 1 / 4, 4, 1 / 4],
    'layers.1.mlp.up': ['lion', 1 / 4, 4, 1 / 4],
    unembed: ['lion', 1, 1, 1 / 4],
  },
  // √(fan-out/fan-in) is 1 for a square matrix, 2 for up and ½ for down; AdamW has a quarter of the rate by its own multiplier.
  muon: {
    'embed.token': ['adamw', 1 / 4, 1, 1 / 4],
    'final.norm': ['adamw', 1 / 4, 0, 1 / 4],
    'layers.0.attn.norm': ['adamw', 1 / 4, 0, 1 / 4],
    'layers.0.attn.out': ['muon', 1, 1, 1 / 4],
    'layers.1.mlp.up': ['muon', 2, 1 / 2, 1 / 4],
    'layers.1.mlp.down': ['muon', 1 / 2, 2, 1 / 4],
    unembed: ['adamw', 1 / 4, 1, 1 / 4],
  },
} as const;

describe('optimizers', () => {
  for (const [kind, rows] of Object.entries(AT_FOUR_TIMES)) {
    const optimizer = OPTIMIZERS[kind as keyof typeof OPTIMIZERS];

    test(`the muP table of ${kind}`, () => {
      const recipe = recipeOf({ optimizer });
      for (const [name, [update, ...expected]] of Object.entries(rows)) {
        const rule = ruleOf(recipe, 32, name);
        expect([name, rule.update]).toEqual([name, update]);
        expectRow(rule, expected);
      }
    });

    test(`the SP table of ${kind} is that of the base width at every width`, () => {
      const [small, large] = [8, 32].map((width) => tableOf(recipeOf({ optimizer, parametrization: 'sp' }), width));
      const base = tableOf(recipeOf({ optimizer }), 8);
      expect(large.tensors.map(multipliersOf)).toEqual(small.tensors.map(multipliersOf));
      expect(small.tensors.map(multipliersOf)).toEqual(base.tensors.map(multipliersOf));
    });
  }

  test('query, key, value, gate, up and down share the rule of hidden matrices', () => {
    const recipe = recipeOf({ architecture: { activation: 'swiglu' } });
    const { tensors } = tableOf(recipe, 32);
    for (const role of ['query', 'key', 'value', 'attentionOut', 'gate', 'up', 'down']) {
      for (const rule of tensors.filter((tensor) => tensor.role === role)) expectRow(rule, [1 / 4, 4, 1 / 4]);
    }
    expect(tensors.filter(({ role }) => role === 'gate')).toHaveLength(2);
  });

  test('the pull of weight decay, learning rate times decay, is the same at every width, depth and optimizer', () => {
    for (const optimizer of Object.values(OPTIMIZERS)) {
      for (const rule of ['none', 'depth-mup', 'completep'] as const) {
        const recipe = recipeOf({ optimizer, layers: 8, depth: { rule, baseLayers: 2 } });
        for (const { role, name, update, learningRateMultiplier, weightDecayMultiplier } of tableOf(recipe, 32)
          .tensors) {
          const share = optimizer.kind === 'muon' && update === 'adamw' ? 0.25 : 1;
          const expected = role === 'norm' ? 0 : share;
          expect(learningRateMultiplier * weightDecayMultiplier, name).toBeCloseTo(expected, 14);
        }
      }
    }
  });
});

describe('depth rules', () => {
  const [layers, baseLayers] = [8, 2];
  /** At four times the base depth and the base width: β, then lrMult and epsMult inside the blocks. */
  const cases = [
    ['none', 'adamw', 1, 1, 1],
    ['none', 'sgd', 1, 1, 1],
    ['depth-mup', 'adamw', 1 / 2, 1 / 2, 1 / 2],
    ['depth-mup', 'lion', 1 / 2, 1 / 2, 1 / 2],
    ['depth-mup', 'sgd', 1 / 2, 1, 1 / 2],
    ['depth-mup', 'muon', 1 / 2, 1 / 2, 1 / 2],
    ['completep', 'adamw', 1 / 4, 1, 1 / 4],
    ['completep', 'lion', 1 / 4, 1, 1 / 4],
    ['completep', 'sgd', 1 / 4, 4, 1 / 4],
    ['completep', 'muon', 1 / 4, 1, 1 / 4],
  ] as const;

  test.each(cases)('%s with %s', (rule, kind, branch, learningRate, epsilon) => {
    const recipe = recipeOf({ layers, optimizer: OPTIMIZERS[kind], depth: { rule, baseLayers } });
    const { forward } = tableOf(recipe, 8);
    expect(forward.branch).toBeCloseTo(branch, 14);
    const atBase = tableOf(recipeOf({ optimizer: OPTIMIZERS[kind] }), 8).tensors;
    for (const tensor of tableOf(recipe, 8).tensors) {
      // Each tensor beside the same of the first layer of the shallow model: what is outside the blocks has no depth rule.
      const isInBlock = tensor.name.startsWith('layers.');
      const shallow = atBase.find(({ name }) => name === tensor.name.replace(/^layers\.\d+/, 'layers.0'))!;
      const [rate, decay, smallest] = multipliersOf(shallow);
      expectRow(tensor, isInBlock ? [rate * learningRate, decay / learningRate, smallest * epsilon] : [rate, decay, smallest]); // prettier-ignore
    }
  });

  test('width and depth multiply', () => {
    const recipe = recipeOf({ layers, depth: { rule: 'depth-mup', baseLayers } });
    expectRow(ruleOf(recipe, 32, 'layers.5.mlp.down'), [1 / 4 / 2, 4 * 2, 1 / 4 / 2]);
  });

  test('branches start at 1/√(2 L0) under a rule, and at 1/√(2L) under none', () => {
    const stdOf = (rule: 'none' | 'completep', name: string) => {
      const { init } = ruleOf(recipeOf({ layers, depth: { rule, baseLayers } }), 8, name);
      return init.kind === 'normal' ? init.std : NaN;
    };
    for (const name of ['layers.3.attn.out', 'layers.3.mlp.down']) {
      expect(stdOf('none', name) * Math.sqrt(layers)).toBeCloseTo(stdOf('completep', name) * Math.sqrt(baseLayers), 14);
    }
    expect(stdOf('completep', 'layers.3.attn.out')).toBeCloseTo(1.5 / Math.sqrt(8) / 2, 14);
    expect(stdOf('none', 'layers.3.mlp.up')).toBe(stdOf('completep', 'layers.3.mlp.up'));
  });

  test('a table that an earlier version made otherwise bears its version', () => {
    const versionOf = (rule: 'none' | 'depth-mup' | 'completep') =>
      tableVersion(recipeOf({ depth: { rule, baseLayers: 2 } }));
    expect([versionOf('none'), versionOf('depth-mup'), versionOf('completep')]).toEqual([undefined, 2, 2]);
  });

  test('SP has depth rules too', () => {
    const recipe = recipeOf({ parametrization: 'sp', layers, depth: { rule: 'completep', baseLayers } });
    expect(tableOf(recipe, 32).forward.branch).toBe(1 / 4);
  });
});

describe('growth by head size', () => {
  test('attention is scaled by √d_h0/d_h under muP and 1/√d_h under SP', () => {
    const at = (parametrization: 'mup' | 'sp', width: number) =>
      tableOf(recipeOf({ parametrization, growth: 'head-size' }), width).forward.attention;
    // Two heads of 16 at width 32; α_attn is 5.
    expect(at('mup', 32)).toBeCloseTo((5 * 2) / 16, 14);
    expect(at('sp', 32)).toBeCloseTo(5 / 4, 14);
    expect(at('mup', 8)).toBe(at('sp', 8));
  });

  test('nothing else of the table changes', () => {
    const byHeads = tableOf(recipeOf(), 32);
    const bySize = tableOf(recipeOf({ growth: 'head-size' }), 32);
    expect(bySize.tensors).toEqual(byHeads.tensors);
  });
});

describe('tied embeddings', () => {
  test('logits are divided by √d0 once and by m, and the embedding keeps its own rule', () => {
    const at = (parametrization: 'mup' | 'sp', width: number) =>
      tableOf(recipeOf({ parametrization, architecture: { tied: true } }), width).forward.unembedding;
    expect(at('mup', 32)).toBeCloseTo(7 / Math.sqrt(8) / 4, 14);
    expect(at('sp', 32)).toBeCloseTo(7 / Math.sqrt(32), 14);
    expect(at('mup', 8)).toBe(at('sp', 8));
    expectRow(ruleOf(recipeOf({ architecture: { tied: true } }), 32, 'embed.token'), [1, 1, 1 / 4]);
  });
});

describe('rule changes', () => {
  const broken = recipeOf({ rules: [{ tensor: 'up', exponent: 0 }] });

  test('replace the power of m of one multiplier of one role; weight decay still undoes the learning rate', () => {
    expectRow(ruleOf(broken, 32, 'layers.1.mlp.up'), [1, 1, 1 / 4]);
    const others = (recipe: Recipe) => tableOf(recipe, 32).tensors.filter(({ role }) => role !== 'up');
    expect(others(broken)).toEqual(others(recipeOf()));
    expect(tableOf(broken, 32).forward).toEqual(tableOf(recipeOf(), 32).forward);
  });

  test('reach every multiplier', () => {
    const rules = [
      { tensor: 'unembedding', multiplier: 'learningRate', exponent: -0.5 },
      { tensor: 'unembedding', multiplier: 'weightDecay', exponent: 1 },
      { tensor: 'unembedding', multiplier: 'epsilon', exponent: -2 },
    ] as const;
    const optimizer = { learningRate: 0.01, weightDecay: 0.1 };
    expectRow(ruleOf(recipeOf({ optimizer, rules: [...rules] }), 32, 'unembed'), [1 / 2, 4, 1 / 16]);
  });

  test('change nothing at the base width or under SP', () => {
    expect(tableOf(broken, 8)).toEqual(tableOf(recipeOf(), 8));
    expect(tableOf({ ...broken, parametrization: 'sp' }, 32)).toEqual(tableOf(recipeOf({ parametrization: 'sp' }), 32));
  });

  test('keep what depth and the shape of an orthogonal update ask for', () => {
    const depth = { rule: 'depth-mup', baseLayers: 2 } as const;
    const recipe = recipeOf({ layers: 8, depth, optimizer: OPTIMIZERS.muon, rules: [{ tensor: 'up', exponent: 1 }] });
    expectRow(ruleOf(recipe, 32, 'layers.0.mlp.up'), [4 * 2 * (1 / 2), 1 / 4, 1 / 4 / 2]);
  });
});

test('gains that heads share have gradients that are sums over heads: nothing of theirs goes with the width', () => {
  const architecture = { qkNorm: true };
  const gain = 'layers.0.attn.query_norm';
  expectRow(ruleOf(recipeOf({ architecture, optimizer: OPTIMIZERS.sgd }), 32, gain), [1, 0, 1]);
  expectRow(ruleOf(recipeOf({ architecture }), 32, gain), [1, 0, 1]);
  const larger = { architecture, growth: 'head-size' } as const;
  expectRow(ruleOf(recipeOf({ ...larger, optimizer: OPTIMIZERS.sgd }), 32, gain), [4, 0, 1 / 4]);
});

describe('at the base', () => {
  const architectures = (['gelu', 'swiglu'] as const).flatMap((activation) =>
    (['learned', 'rope'] as const).flatMap((position) =>
      [true, false].map((flag) => ({ activation, position, qkNorm: flag, tied: !flag })),
    ),
  );

  test.each(Object.keys(OPTIMIZERS))('a depth rule and none are the same table: %s', (kind) => {
    const optimizer = OPTIMIZERS[kind as keyof typeof OPTIMIZERS];
    for (const architecture of architectures) {
      for (const parametrization of ['mup', 'sp'] as const) {
        const [none, ...others] = (['none', 'depth-mup', 'completep'] as const).map((rule) =>
          tableOf(
            recipeOf({ parametrization, optimizer, architecture, depth: { rule, baseLayers: 3 }, layers: 3 }),
            16,
          ),
        );
        for (const table of others) expect(table).toEqual(none);
      }
    }
  });

  test('a depth rule and none start from the same bits', () => {
    const [none, ...others] = (['none', 'depth-mup', 'completep'] as const).map((rule) =>
      initialParameters(tableOf(recipeOf({ depth: { rule, baseLayers: 2 } }), 8), 4),
    );
    for (const parameters of others) expect(parameters).toEqual(none);
  });

  test.each(Object.keys(OPTIMIZERS))('SP and muP are the same table and start from the same bits: %s', (kind) => {
    for (const architecture of architectures) {
      for (const rule of ['none', 'depth-mup', 'completep'] as const) {
        const [mup, sp] = (['mup', 'sp'] as const).map((parametrization) => {
          const optimizer = OPTIMIZERS[kind as keyof typeof OPTIMIZERS];
          const depth = { rule, baseLayers: 3 };
          return tableOf(recipeOf({ parametrization, optimizer, architecture, depth, growth: 'head-size' }), 8);
        });
        expect(mup).toEqual(sp);
        expect(initialParameters(mup, 4)).toEqual(initialParameters(sp, 4));
      }
    }
  });
});
