/** Options of a recipe: what may be asked for, and every refusal in one sentence that names the field. */
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../../src/model/experiment.ts';
import { expectRefusal, inputOf, parsedRecipe, type Refusal } from './experiment-inputs.ts';

const REFUSALS: Refusal[] = [
  [
    'another norm',
    'recipes[0].architecture.norm',
    /must be "layernorm" or "rmsnorm"/,
    (e) => (e.recipes[0].architecture = { norm: 'batchnorm' }),
  ],
  [
    'another activation',
    'recipes[0].architecture.activation',
    /must be "gelu", "relu2" or "swiglu"/,
    (e) => (e.recipes[0].architecture = { activation: 'relu' }),
  ],
  [
    'another position',
    'recipes[0].architecture.position',
    /must be "learned", "rope" or "none"/,
    (e) => (e.recipes[0].architecture = { position: 'alibi' }),
  ],
  [
    'a QK-norm that is a word',
    'recipes[0].architecture.qkNorm',
    /must be true or false/,
    (e) => (e.recipes[0].architecture = { qkNorm: 'yes' }),
  ],
  [
    'tied that is a number',
    'recipes[0].architecture.tied',
    /must be true or false/,
    (e) => (e.recipes[0].architecture = { tied: 1 }),
  ],
  [
    'another precision',
    'recipes[0].architecture.precision',
    /must be "float32" or "float16"/,
    (e) => (e.recipes[0].architecture = { precision: 'bfloat16' }),
  ],
  [
    'an unknown key of the architecture',
    'recipes[0].architecture.bias',
    /allowed here: norm, activation, position, qkNorm, tied, precision\./,
    (e) => (e.recipes[0].architecture = { bias: true }),
  ],
  [
    'QK-norm of queries that start at zero',
    'recipes[0].init.query',
    /with qkNorm it must be "key"/,
    (e) => (e.recipes[0].architecture = { qkNorm: true }),
  ],
  [
    'RoPE with heads of odd size',
    'recipes[0].headSize',
    /head size must be even, not 1/,
    (e) => Object.assign(e.recipes[0], { headSize: 1, architecture: { position: 'rope' } }),
  ],
  [
    'another way to grow',
    'recipes[0].growth',
    /must be "heads" or "head-size"/,
    (e) => (e.recipes[0].growth = 'layers'),
  ],
  [
    'seeds that draw something else',
    'recipes[0].seedDraws',
    /must be "weights" or "batches-too"/,
    (e) => (e.recipes[0].seedDraws = 'batches'),
  ],
  [
    'a width that the fixed number of heads does not divide',
    'ladder.rungs[1]',
    /width 13 does not divide into the 2 heads of base width 8; use a multiple of 2, such as 14/,
    (e) => {
      e.recipes[0].growth = 'head-size';
      e.ladder.rungs[1] = 13;
    },
  ],
  [
    'RoPE with heads that grow to an odd size',
    'ladder.rungs[1]',
    /width 10 .* 2 heads of base width 8 of even size, as RoPE needs them; use a multiple of 4, such as 12/,
    (e) => {
      Object.assign(e.recipes[0], { growth: 'head-size', architecture: { position: 'rope' } });
      e.ladder.rungs[1] = 10;
    },
  ],
  [
    'heads that grow beyond what a kernel holds',
    'ladder.targets[0]',
    /width 260 in 2 heads makes heads of 130, and 128 is the most; use at most width 256/,
    (e) => {
      e.recipes[0].growth = 'head-size';
      e.ladder.targets[0] = 260;
    },
  ],
  ['a head larger than that', 'recipes[0].headSize', /1 to 128, not 129/, (e) => (e.recipes[0].headSize = 129)],
  [
    'a momentum of one',
    'recipes[0].optimizer.momentum',
    /from 0 to 0\.9999, not 1/,
    (e) => (e.recipes[0].optimizer = { kind: 'sgd', learningRate: 0.1, momentum: 1 }),
  ],
  [
    'a momentum for AdamW, which is not even named',
    'recipes[0].optimizer.momentum',
    /allowed here: kind, learningRate, weightDecay, clip, beta1, beta2, epsilon\./,
    (e) => (e.recipes[0].optimizer.momentum = 0.9),
  ],
  [
    'an ε for Lion',
    'recipes[0].optimizer.epsilon',
    /allowed here: kind, learningRate, weightDecay, clip, beta1, beta2\./,
    (e) => (e.recipes[0].optimizer = { kind: 'lion', learningRate: 0.1, epsilon: 1e-8 }),
  ],
  [
    "a negative share of Muon's learning rate",
    'recipes[0].optimizer.adamMultiplier',
    /from 0 to 1000, not -1/,
    (e) => (e.recipes[0].optimizer = { kind: 'muon', learningRate: 0.1, adamMultiplier: -1 }),
  ],
  [
    'SGD without a learning rate',
    'recipes[0].optimizer.learningRate',
    /is missing/,
    (e) => (e.recipes[0].optimizer = { kind: 'sgd' }),
  ],
  [
    'another depth rule',
    'recipes[0].depth.rule',
    /must be "none", "depth-mup" or "completep"/,
    (e) => (e.recipes[0].depth = { rule: 'deepnorm' }),
  ],
  [
    'a base of no layers',
    'recipes[0].depth.baseLayers',
    /1 to 64, not 0/,
    (e) => (e.recipes[0].depth = { baseLayers: 0 }),
  ],
  ['rules that are no list', 'recipes[0].rules', /must be a list of rules/, (e) => (e.recipes[0].rules = 'none')],
  [
    'a rule for no tensor',
    'recipes[0].rules[0].tensor',
    /must be "embedding", .* or "unembedding"/,
    (e) => (e.recipes[0].rules = [{ tensor: 'bias', exponent: 0 }]),
  ],
  [
    'a rule for a tensor that the recipe lacks',
    'recipes[0].rules[0].tensor',
    /no tensor of role "gate"; its roles are embedding, norm, /,
    (e) => (e.recipes[0].rules = [{ tensor: 'gate', exponent: 0 }]),
  ],
  [
    'a rule for an ε that the optimizer lacks',
    'recipes[0].rules[0].multiplier',
    /updated by sgd, which has no ε/,
    (e) => {
      e.recipes[0].optimizer.kind = 'sgd';
      e.recipes[0].rules = [{ tensor: 'up', multiplier: 'epsilon', exponent: 0 }];
    },
  ],
  [
    'a rule for the weight decay of gains',
    'recipes[0].rules[0].multiplier',
    /gains have no weight decay/,
    (e) => (e.recipes[0].rules = [{ tensor: 'norm', multiplier: 'weightDecay', exponent: 0 }]),
  ],
  [
    'the same rule twice',
    'recipes[0].rules[1].multiplier',
    /changed twice/,
    (e) => (e.recipes[0].rules = [1, 2].map((exponent) => ({ tensor: 'up', exponent }))),
  ],
  [
    'a rule under SP',
    'recipes[0].rules[0]',
    /SP scales nothing with the width.* remove it, or choose "mup"/,
    (e) => Object.assign(e.recipes[0], { parametrization: 'sp', rules: [{ tensor: 'up', exponent: 0 }] }),
  ],
  [
    'a power that AdamW has already',
    'recipes[0].rules[0].exponent',
    /learningRate of "up" goes with m to the power -1 already/,
    (e) => (e.recipes[0].rules = [{ tensor: 'up', exponent: -1 }]),
  ],
  [
    'a power that SGD has already',
    'recipes[0].rules[1].exponent',
    /learningRate of "embedding" goes with m to the power 1 already/,
    (e) => {
      e.recipes[0].optimizer.kind = 'sgd';
      e.recipes[0].rules = [
        { tensor: 'up', exponent: 1 },
        { tensor: 'embedding', exponent: 1 },
      ];
    },
  ],
  [
    'a power of ε that the table has already',
    'recipes[0].rules[0].exponent',
    /epsilon of "norm" goes with m to the power -1 already/,
    (e) => (e.recipes[0].rules = [{ tensor: 'norm', multiplier: 'epsilon', exponent: -1 }]),
  ],
  [
    'a power of the decay that follows from a changed learning rate',
    'recipes[0].rules[1].exponent',
    /weightDecay of "up" goes with m to the power 0.5 already/,
    (e) => {
      e.recipes[0].optimizer.weightDecay = 0.1;
      e.recipes[0].rules = [
        { tensor: 'up', exponent: -0.5 },
        { tensor: 'up', multiplier: 'weightDecay', exponent: 0.5 },
      ];
    },
  ],
  [
    'a rule of the decay where there is none',
    'recipes[0].rules[0].multiplier',
    /without weight decay a rule of it changes nothing; set optimizer.weightDecay above 0/,
    (e) => (e.recipes[0].rules = [{ tensor: 'up', multiplier: 'weightDecay', exponent: 0 }]),
  ],
  [
    'a rule over depths at the base width',
    'recipes[0].rules[0]',
    /nothing at the base width, 8, and this study has no other/,
    (e) => {
      e.ladder = { rungs: [8] };
      e.study = {
        kind: 'transfer',
        depths: [1, 2],
        sweep: { parameter: 'optimizer.learningRate', values: [0.1, 0.2, 0.4] },
      };
      e.recipes[0].rules = [{ tensor: 'up', exponent: 0 }];
    },
  ],
  [
    'LayerNorm of heads of one number',
    'recipes[0].headSize',
    /use at least 2, or the norm "rmsnorm"/,
    (e) => Object.assign(e.recipes[0], { headSize: 1, architecture: { qkNorm: true }, init: { query: 'key' } }),
  ],
  [
    'a rule for no multiplier',
    'recipes[0].rules[0].multiplier',
    /must be "learningRate", "weightDecay" or "epsilon"/,
    (e) => (e.recipes[0].rules = [{ tensor: 'up', multiplier: 'init', exponent: 0 }]),
  ],
  [
    'a rule without an exponent',
    'recipes[0].rules[0].exponent',
    /is missing/,
    (e) => (e.recipes[0].rules = [{ tensor: 'up' }]),
  ],
  [
    'a rule with a steep exponent',
    'recipes[0].rules[0].exponent',
    /from -4 to 4, not 5/,
    (e) => (e.recipes[0].rules = [{ tensor: 'up', exponent: 5 }]),
  ],
  [
    'too many rules',
    'recipes[0].rules',
    /at most 30 rules/,
    (e) => (e.recipes[0].rules = Array.from({ length: 31 }, () => ({ tensor: 'up', exponent: 0 }))),
  ],
];

test.each(REFUSALS)('refuses %s', (_, field, says, change) => expectRefusal(inputOf(change), field, says));

describe('what is accepted', () => {
  test('is every optimizer with defaults of its own', () => {
    const optimizerOf = (kind: 'adamw' | 'sgd' | 'lion' | 'muon') =>
      parsedRecipe({ optimizer: { kind, learningRate: 0.1 } }).optimizer;
    const every = { learningRate: 0.1, weightDecay: 0, clip: 1 };
    const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8 };
    expect(optimizerOf('adamw')).toEqual({ kind: 'adamw', ...every, ...adam });
    expect(optimizerOf('sgd')).toEqual({ kind: 'sgd', ...every, clip: 0, momentum: 0.9 });
    expect(optimizerOf('lion')).toEqual({ kind: 'lion', ...every, beta1: 0.9, beta2: 0.99 });
    expect(optimizerOf('muon')).toEqual({ kind: 'muon', ...every, ...adam, momentum: 0.95, adamMultiplier: 1 });
  });

  test('is a rule that changes something: of gains some of which have the power already, of a decay that is swept', () => {
    const gains = { architecture: { qkNorm: true }, init: { query: 'key' as const } };
    expect(parsedRecipe({ ...gains, rules: [{ tensor: 'norm', multiplier: 'epsilon', exponent: 0 }] })).toBeDefined();
    const swept = inputOf((e) => {
      e.ladder = { rungs: [8, 16] };
      e.study = { kind: 'transfer', sweep: { parameter: 'optimizer.weightDecay', values: [0.01, 0.1, 1] } };
      e.recipes[0].rules = [{ tensor: 'up', multiplier: 'weightDecay', exponent: 0 }];
    });
    expect(parseExperiment(swept).recipes[0].rules).toHaveLength(1);
  });

  test('is every mixture of options whose queries have a direction and whose pairs are whole', () => {
    for (const norm of ['layernorm', 'rmsnorm'] as const) {
      for (const activation of ['gelu', 'relu2', 'swiglu'] as const) {
        for (const position of ['learned', 'rope', 'none'] as const) {
          for (const qkNorm of [false, true]) {
            const precision = qkNorm ? 'float16' : 'float32';
            const architecture = { norm, activation, position, qkNorm, tied: !qkNorm, precision } as const;
            expect(parsedRecipe({ architecture, init: { query: 'key' } }).architecture).toEqual(architecture);
          }
        }
      }
    }
  });

  test('is a head that grows to the largest size, and stays as it is when read again', () => {
    const once = parseExperiment(
      inputOf((e) => {
        Object.assign(e.recipes[0], {
          growth: 'head-size',
          depth: { rule: 'completep' },
          rules: [{ tensor: 'up', exponent: 0.5 }],
        });
        e.ladder.targets = [256];
      }),
    );
    expect(once.recipes[0].rules).toEqual([{ tensor: 'up', multiplier: 'learningRate', exponent: 0.5 }]);
    expect(parseExperiment(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });
});
