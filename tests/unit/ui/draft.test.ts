import { describe, expect, it } from 'vitest';
import { Draft } from '../../../src/ui/state/draft.svelte.ts';
import { FIELD_GROUPS } from '../../../src/ui/predict/fields.ts';

function smokeDraft(): Draft {
  const draft = new Draft();
  draft.choosePreset('smoke');
  return draft;
}

describe('the experiment as it is entered', () => {
  it('knows which preset it still is', () => {
    const draft = smokeDraft();
    expect(draft.presetId).toBe('smoke');
    draft.write('recipes[0].steps', 30);
    expect(draft.presetId).toBeNull();
    draft.write('recipes[0].steps', 200);
    expect(draft.presetId).toBe('smoke');
  });

  it('says at the control at fault what is allowed, in the page’s words, and loses nothing', () => {
    const draft = smokeDraft();
    draft.write('recipes[0].steps', 0);
    expect(draft.faultAt('recipes[0].steps', 'Steps')).toBe('Steps must be a whole number from 1 to 1000000, not 0.');
    expect(draft.faultAt('recipes[0].batch', 'Batch')).toBeNull();
    draft.write('recipes[0].steps', NaN);
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

  it('every setting on the page exists in the recipe', () => {
    const draft = smokeDraft();
    for (const { path, when } of FIELD_GROUPS.flatMap((group) => group.fields)) {
      if (when?.is === 'text') draft.setCorpus(0, { kind: 'text', file: 'a', heldOut: 0.1, characters: 256 });
      else if (when?.is === 'spectral') draft.choosePreset('smoke');
      if (when?.is === 'cosine' || when?.is === 'wsd') draft.setSchedule(0, when.is);
      expect(draft.read(`recipes[0].${path}`), path).toBeDefined();
    }
  });

  it('every setting of the recipe exists on the page', () => {
    const onPage = new Set(FIELD_GROUPS.flatMap((group) => group.fields.map((field) => field.path)));
    const elsewhere = new Set(['name', 'parametrization', 'corpus.kind', 'optimizer.kind']);
    const { recipes } = smokeDraft().values;
    const leaves = Object.entries(recipes[0]).flatMap(([key, value]) =>
      typeof value === 'object' ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
    );
    expect(leaves.filter((path) => !onPage.has(path) && !elsewhere.has(path))).toEqual([]);
  });
});
