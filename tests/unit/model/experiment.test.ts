/** Every refusal is one sentence that names the field and what is allowed; what is left out is filled in. */
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../../src/model/experiment.ts';
import { presetExperiment, presets } from '../../../src/model/presets.ts';
import { recipeSlug } from '../../../src/model/recipe-slug.ts';
import { expectRefusal, inputOf, refusalOf, type Refusal } from './experiment-inputs.ts';

const REFUSALS: Refusal[] = [
  [
    'a width that heads do not divide',
    'ladder.rungs[1]',
    /width 13 .*heads of size 4.*multiple of 4, such as 12/,
    (e) => (e.ladder.rungs[1] = 13),
  ],
  [
    'a target that heads do not divide',
    'ladder.targets[0]',
    /multiple of 4, such as 24/,
    (e) => (e.ladder.targets[0] = 25),
  ],
  [
    'a base width that heads do not divide',
    'recipes[0].baseWidth',
    /10 .*multiple of 4/,
    (e) => (e.recipes[0].baseWidth = 10),
  ],
  [
    'a width that is rung and target',
    'ladder.targets[0]',
    /width 8 stands among the rungs and among the targets/,
    (e) => (e.ladder.targets = [8]),
  ],
  ['a width twice', 'ladder.rungs', /names width 8 twice/, (e) => (e.ladder.rungs = [8, 8])],
  ['no rungs', 'ladder.rungs', /at least 1 width/, (e) => (e.ladder.rungs = [])],
  ['rungs that are no list', 'ladder.rungs', /list of widths/, (e) => (e.ladder.rungs = '8, 12')],
  ['a width that is no number', 'ladder.rungs[0]', /whole number from 1 to 65536/, (e) => (e.ladder.rungs[0] = NaN)],
  ['zero steps', 'recipes[0].steps', /whole number from 1 to 1000000, not 0/, (e) => (e.recipes[0].steps = 0)],
  ['half a step', 'recipes[0].steps', /whole number/, (e) => (e.recipes[0].steps = 1.5)],
  ['steps in words', 'recipes[0].steps', /whole number/, (e) => (e.recipes[0].steps = '20')],
  ['no steps', 'recipes[0].steps', /is missing/, (e) => delete e.recipes[0].steps],
  [
    'NaN',
    'recipes[0].optimizer.learningRate',
    /number from 0 to 10/,
    (e) => (e.recipes[0].optimizer.learningRate = NaN),
  ],
  [
    'infinity',
    'recipes[0].optimizer.learningRate',
    /not Infinity/,
    (e) => (e.recipes[0].optimizer.learningRate = Infinity),
  ],
  ['a negative rate', 'recipes[0].optimizer.learningRate', /not -1/, (e) => (e.recipes[0].optimizer.learningRate = -1)],
  [
    'an ε of zero',
    'recipes[0].optimizer.epsilon',
    /from 1e-20 to 1, not 0/,
    (e) => (e.recipes[0].optimizer.epsilon = 0),
  ],
  [
    'a rate that is text, as YAML makes of 1e-3',
    'recipes[0].optimizer.learningRate',
    /must be a number from 0 to 10, not the text "1e-3"\.$/,
    (e) => (e.recipes[0].optimizer.learningRate = '1e-3'),
  ],
  [
    'a number of steps that is text',
    'recipes[0].steps',
    /must be a whole number from 1 to 1000000, not the text "20"/,
    (e) => (e.recipes[0].steps = '20'),
  ],
  ['no number at all', 'recipes[0].batch', /from 1 to 4096, not null\./, (e) => (e.recipes[0].batch = null)],
  ['a list for a number', 'recipes[0].batch', /from 1 to 4096, not a list\./, (e) => (e.recipes[0].batch = [8])],
  [
    'a switch that is text',
    'recipes[0].architecture.tied',
    /must be true or false, not the text "yes"/,
    (e) => (e.recipes[0].architecture = { tied: 'yes' }),
  ],
  ['a number for a name', 'recipes[0].name', /must be text, not the number 7\./, (e) => (e.recipes[0].name = 7)],
  ['no optimizer', 'recipes[0].optimizer', /is missing/, (e) => delete e.recipes[0].optimizer],
  [
    'another optimizer',
    'recipes[0].optimizer.kind',
    /"adamw", "sgd", "lion" or "muon"/,
    (e) => (e.recipes[0].optimizer.kind = 'adagrad'),
  ],
  [
    'another parametrization',
    'recipes[0].parametrization',
    /"mup" or "sp"/,
    (e) => (e.recipes[0].parametrization = 'ntk'),
  ],
  [
    'another corpus',
    'recipes[0].corpus.kind',
    /"spectral", "recall", "grammar", "book" or "text"/,
    (e) => (e.recipes[0].corpus.kind = 'books'),
  ],
  [
    'a corpus that is a word',
    'recipes[0].corpus',
    /object.*"spectral", "recall", "grammar", "book" or "text"/,
    (e) => (e.recipes[0].corpus = 'spectral'),
  ],
  ['no corpus', 'recipes[0].corpus', /is missing/, (e) => delete e.recipes[0].corpus],
  ['a text without a file', 'recipes[0].corpus.file', /is missing/, (e) => (e.recipes[0].corpus = { kind: 'text' })],
  [
    'a vocabulary beyond building',
    'recipes[0].corpus.vocabulary',
    /4 to 1024, not 4096/,
    (e) => (e.recipes[0].corpus.vocabulary = 4096),
  ],
  [
    'too long a warm-up',
    'recipes[0].schedule.warmup',
    /30 .*20 steps.*at most 20/,
    (e) => (e.recipes[0].schedule = { kind: 'wsd', warmup: 30 }),
  ],
  [
    'an unknown schedule',
    'recipes[0].schedule.kind',
    /"constant", "cosine" or "wsd"/,
    (e) => (e.recipes[0].schedule = { kind: 'step' }),
  ],
  [
    'an unknown key',
    'foo',
    /unknown key; allowed here: name, recipes, ladder, study, seeds, basin/,
    (e) => (e.foo = 1),
  ],
  [
    'a key in the wrong place',
    'recipes[0].learningRate',
    /unknown key; allowed here: name, .*optimizer/,
    (e) => (e.recipes[0].learningRate = 1),
  ],
  [
    'a key of another corpus',
    'recipes[0].corpus.heldOut',
    /allowed here: kind, vocabulary, alpha/,
    (e) => (e.recipes[0].corpus.heldOut = 0.1),
  ],
  [
    'a key of another schedule',
    'recipes[0].schedule.final',
    /allowed here: kind, warmup, decay\./,
    (e) => (e.recipes[0].schedule = { kind: 'wsd', final: 0 }),
  ],
  ...(
    [
      ['', 'words', /must be "characters", "bytes" or \{"kind": "bpe"\}/],
      ['', 3, /must be "characters", "bytes" or/],
      ['.kind', {}, /kind must be "bpe"|is missing/],
      ['.kind', { kind: 'unigram' }, /kind must be "bpe"/],
      ['.vocabulary', { kind: 'bpe', vocabulary: 255 }, /a whole number from 256 to 4096, not 255/],
      ['.vocabulary', { kind: 'bpe', vocabulary: 4097 }, /from 256 to 4096, not 4097/],
      ['.vocabulary', { kind: 'bpe', vocabulary: 300.5 }, /a whole number/],
      ['.merges', { kind: 'bpe', merges: [] }, /unknown key; allowed here: kind, vocabulary\./],
    ] as const
  ).map(([key, tokenizer, says]): Refusal => [
    `a tokenizer that there is not: ${JSON.stringify(tokenizer)}`,
    `recipes[0].corpus.tokenizer${key}`,
    says,
    (e) => (e.recipes[0].corpus = { kind: 'text', file: 'a.txt', tokenizer }),
  ]),
  ['a key that all objects have', 'recipes[0].constructor', /unknown key/, (e) => (e.recipes[0].constructor = 1)],
  ['no recipes', 'recipes', /1 to 8 recipes/, (e) => (e.recipes = [])],
  ['a recipe that is null', 'recipes[0]', /must be an object/, (e) => (e.recipes[0] = null)],
  ['a name twice', 'recipes', /different names/, (e) => e.recipes.push(e.recipes[0])],
  ...['__proto__', 'constructor', 'toString'].map((name): Refusal => [
    `a name that every object has: ${name}`,
    'recipes[0].name',
    /must not be ".*", which JavaScript keeps for itself/,
    (e) => (e.recipes[0].name = name),
  ]),
  [
    'names alike in file names',
    'recipes[1].name',
    /"Mup!" and "muP" both become "mup"/,
    (e) => e.recipes.push({ ...e.recipes[0], name: 'Mup!' }),
  ],
  [
    'names without letters or digits',
    'recipes[1].name',
    /both become "recipe"/,
    (e) => (e.recipes = ['★', '☆'].map((name) => ({ ...e.recipes[0], name }))),
  ],
  ['an empty name', 'recipes[0].name', /1 to 60 characters/, (e) => (e.recipes[0].name = ' ')],
  ['no seeds', 'seeds', /1 to 32 seeds/, (e) => (e.seeds = [])],
  ['a negative seed', 'seeds[0]', /from 0 to 4294967295, not -1/, (e) => (e.seeds = [-1])],
];

describe('refusals', () => {
  test.each(REFUSALS)('%s', (_, field, says, change) => expectRefusal(inputOf(change), field, says));

  test('"__proto__" in a file, at any depth, and no prototype is touched', () => {
    const json = JSON.stringify(inputOf());
    const top = json.replace('"recipes":', '"__proto__":{"polluted":1},"recipes":');
    const inside = json.replace('"parametrization":', '"__proto__":{"polluted":1},"parametrization":');
    expect(refusalOf(JSON.parse(top)).field).toBe('__proto__');
    expect(refusalOf(JSON.parse(inside)).field).toBe('recipes[0].__proto__');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('what is no experiment at all', () => {
    for (const input of [null, undefined, 3, 'muP', true]) {
      expect(refusalOf(input).message).toMatch(/^experiment (must be an object|is missing)\.$/);
    }
    expect(refusalOf({}).message).toBe('recipes is missing.');
  });

  test('an unknown preset, with the known ones listed', () => {
    for (const id of ['nope', '__proto__', 'constructor', '']) {
      expect(() => presetExperiment(id)).toThrow(
        expect.objectContaining({
          field: 'preset',
          message: expect.stringMatching(/there is no preset ".*"; known presets are .*smoke/),
        }),
      );
    }
  });
});

describe('what is accepted', () => {
  test('is filled in with defaults', () => {
    const { recipes, seeds, name, study } = parseExperiment(inputOf());
    expect({ seeds, name, study }).toEqual({ seeds: [1], name: 'Experiment', study: { kind: 'prediction' } });
    expect(recipes[0].corpus).toEqual({ kind: 'spectral', vocabulary: 256, alpha: 0.6, scale: 2, zipf: 0, seed: 1 });
    expect(recipes[0].optimizer).toMatchObject({ kind: 'adamw', beta1: 0.9, beta2: 0.95, epsilon: 1e-8, clip: 1 });
    expect(recipes[0].schedule).toEqual({ kind: 'wsd', warmup: 0, decay: 0.2 });
    expect(recipes[0].init).toEqual({ embedding: 1, hidden: 1, unembedding: 0, query: 'zero' });
    expect(recipes[0].evaluation).toEqual({ every: 0, sequences: 256 });
    expect(recipes[0].architecture).toEqual({
      norm: 'layernorm',
      activation: 'gelu',
      position: 'learned',
      qkNorm: false,
      tied: false,
      precision: 'float32',
    });
    expect(recipes[0]).toMatchObject({ growth: 'heads', depth: { rule: 'none', baseLayers: 2 }, rules: [] });
  });

  test('stays as it is when read again', () => {
    const once = parseExperiment(inputOf());
    expect(parseExperiment(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  test('includes every preset: predictions with a fit worth the name and a target beyond it, checks over several shapes', () => {
    for (const { id } of presets) {
      const { ladder, study } = presetExperiment(id);
      if (study.kind === 'prediction') {
        expect(ladder.rungs.length, id).toBeGreaterThanOrEqual(5);
        expect(Math.min(...ladder.targets), id).toBeGreaterThan(Math.max(...ladder.rungs));
      } else {
        const depths = study.kind === 'transfer' ? study.depths : undefined;
        expect((depths ?? ladder.rungs).length, id).toBeGreaterThanOrEqual(3);
      }
    }
  });
});

test('names become fit for file names', () => {
  expect(['muP', 'μP', 'µP', ' Wide & deep! ', '漢字'].map(recipeSlug)).toEqual([
    'mup',
    'mup',
    'mup',
    'wide-deep',
    'recipe',
  ]);
});
