import { describe, expect, it } from 'vitest';
import { corpusSchema } from '../../../src/model/corpora.ts';
import { optionsOf, unusualOptions } from '../../../src/model/options.ts';
import { optimizerSchema, scheduleSchema, type Optimizer } from '../../../src/model/recipe.ts';
import { SETTING_WORDS } from '../../../src/model/recipe-words.ts';
import { Draft } from '../../../src/ui/state/draft.svelte.ts';
import { fieldGroups } from '../../../src/ui/recipe/fields.ts';

function smokeDraft(): Draft {
  const draft = new Draft();
  draft.choosePreset('smoke');
  return draft;
}

describe('the experiment as it is entered', () => {
  it('knows which preset it still is', () => {
    const draft = smokeDraft();
    expect(draft.presetId).toBe('smoke');
    draft.set([0], 'steps', 30);
    expect(draft.presetId).toBeNull();
    draft.set([0], 'steps', 200);
    expect(draft.presetId).toBe('smoke');
  });

  it('is told by the preset that it was made from, and by its own name where there is none', () => {
    const draft = new Draft('coordinates');
    draft.choosePreset('coordinates-smoke');
    draft.set([0], 'steps', 9);
    expect(draft.changedTitle).toBe('Small and quick (changed)');
    draft.replace({ ...draft.snapshot(), name: 'Mine' } as never);
    expect(draft.changedTitle).toBe('Mine (changed)');
  });

  it('says at the control at fault what is allowed, in the page’s words, and loses nothing', () => {
    const draft = smokeDraft();
    draft.set([0], 'steps', 0);
    expect(draft.faultAt('recipes[0].steps', 'Steps')).toBe('Steps must be a whole number from 1 to 1000000, not 0.');
    expect(draft.faultAt('recipes[0].batch', 'Batch')).toBeNull();
    draft.set([0], 'steps', NaN);
    expect(draft.faultAt('recipes[0].steps', 'Steps')).toMatch(/^Steps must be a whole number/);
    expect(draft.values.recipes[0].batch).toBe(16);
  });

  it('adds, sorts, moves and removes widths', () => {
    const draft = smokeDraft();
    draft.addWidth('rungs', 20);
    expect(draft.values.ladder.rungs).toEqual([8, 12, 16, 20, 24, 32]);
    draft.moveWidth('rungs', 24);
    expect(draft.values.ladder).toEqual({ rungs: [8, 12, 16, 20, 32], targets: [24, 48] });
    draft.removeWidth('targets', 48);
    expect(draft.values.ladder.targets).toEqual([24]);
  });

  it.each([
    [10, /heads of size 4.*such as (8|12)/],
    [48, /one or the other/],
    [0, /whole number from 1/],
    [NaN, /whole number/],
  ])('refuses width %s as a rung and stays as it was', (width, sentence) => {
    const draft = smokeDraft();
    expect(() => draft.addWidth('rungs', width)).toThrow(sentence);
    expect(draft.values.ladder).toEqual({ rungs: [8, 12, 16, 24, 32], targets: [48] });
  });

  /** Recipes of every kind of optimizer, schedule and corpus, with every option that brings settings along. */
  function everyKind(): Draft[] {
    const changed = (path: string, value: unknown) => {
      const draft = smokeDraft();
      draft.set([0], path, value);
      return draft;
    };
    return [
      ...Object.keys(optimizerSchema.words).map((kind) => changed('optimizer.kind', kind)),
      ...Object.keys(scheduleSchema.words).map((kind) => changed('schedule.kind', kind)),
      ...Object.keys(corpusSchema.words).map((kind) => changed('corpus.kind', kind)),
      changed('depth.rule', 'completep'),
    ];
  }
  const fieldsOf = (draft: Draft) => fieldGroups(draft.values.recipes[0]).flatMap(({ fields }) => fields);

  it('every setting of every kind of recipe exists on the page, and each on the page in a recipe', () => {
    const elsewhere = new Set(['name', 'parametrization', 'rules', 'seedDraws']);
    for (const key of ['kind', 'file', 'tokenizer']) elsewhere.add(`corpus.${key}`);
    const drafts = everyKind();
    const shown = new Set(drafts.flatMap(fieldsOf).map(({ path }) => path));
    const there = new Set(drafts.flatMap(({ values }) => optionsOf(values.recipes[0])).map(({ path }) => path));
    expect([...there].filter((path) => !shown.has(path) && !elsewhere.has(path))).toEqual([]);
    expect(Object.keys(SETTING_WORDS).filter((path) => !there.has(path))).toEqual([]);
  });

  it('settings that are whole numbers are read as such', () => {
    for (const draft of everyKind()) {
      for (const { path, value, isWhole = false } of fieldsOf(draft)) {
        if (typeof value !== 'number') continue;
        draft.set([0], path, NaN);
        expect(draft.checked.problem?.message.includes('must be a whole number'), path).toBe(isWhole);
        draft.set([0], path, value);
      }
    }
  });

  it('what is not as in the first version is told in words', () => {
    const draft = smokeDraft();
    expect(unusualOptions(draft.values.recipes[0])).toEqual([]);
    draft.set([0], 'architecture.activation', 'relu2');
    draft.set([0], 'architecture.position', 'none');
    draft.set([0], 'architecture.tied', true);
    draft.set([0], 'depth.baseLayers', 1);
    expect(unusualOptions(draft.values.recipes[0]).map(({ text }) => text)).toEqual(['ReLU²', 'no position', 'tied']);
  });
});

describe('settings that drag others along', () => {
  it.each(['adamw', 'sgd', 'lion', 'muon'] as const)(
    '%s gets the defaults of its kind, SGD no clip, and keeps its rate and decay',
    (kind) => {
      const draft = smokeDraft();
      draft.set([0], 'optimizer.learningRate', 0.01);
      draft.set([0], 'optimizer.weightDecay', 0.2);
      draft.set([0], 'optimizer.kind', kind);
      const { optimizer } = draft.checked.experiment!.recipes[0];
      expect(optimizer).toMatchObject({ kind, learningRate: 0.01, weightDecay: 0.2, clip: kind === 'sgd' ? 0 : 1 });
      draft.set([0], 'optimizer.kind', 'adamw' satisfies Optimizer['kind']);
      expect(draft.checked.problem).toBeNull();
    },
  );

  it('QK-norm needs queries that do not start at zero', () => {
    const draft = smokeDraft();
    draft.set([0], 'architecture.qkNorm', true);
    expect(draft.values.recipes[0].init.query).toBe('key');
    expect(draft.checked.problem).toBeNull();
  });

  it('SP has no rule to change, so changed ones go', () => {
    const draft = smokeDraft();
    draft.set([0], 'rules', [{ tensor: 'key', multiplier: 'learningRate', exponent: 0 }]);
    draft.set([0], 'parametrization', 'sp');
    expect(draft.values.recipes[0].rules).toEqual([]);
    expect(draft.checked.problem).toBeNull();
  });

  it('a name that says the parametrization goes on saying it', () => {
    const draft = smokeDraft();
    draft.set([0], 'parametrization', 'sp');
    expect(draft.values.recipes[0].name).toBe('SP');
  });

  it('a setting changes in every recipe that has it', () => {
    const draft = new Draft('transfer');
    draft.set([1], 'optimizer.kind', 'sgd');
    draft.set([0, 1], 'optimizer.beta1', 0.8);
    draft.set([0, 1], 'steps', 30);
    expect(draft.read('recipes[0].optimizer.beta1')).toBe(0.8);
    expect(draft.read('recipes[1].optimizer.beta1')).toBeUndefined();
    expect(draft.checked.experiment!.recipes.map(({ steps }) => steps)).toEqual([30, 30]);
  });
});

describe('presets', () => {
  it.each(['prediction', 'transfer', 'coordinates', 'basin'] as const)('a %s starts from its own', (kind) => {
    const draft = new Draft(kind);
    expect(draft.checked.experiment!.study.kind).toBe(kind);
    expect(draft.presetId).toBe(draft.presets[0].id);
  });
});
