import { expect, it } from 'vitest';
import { CompareStudy } from '../../../src/ui/state/compare-study.svelte.ts';
import { deskOf } from '../../../src/ui/state/desk.svelte.ts';
import { lasting } from '../../../src/ui/state/lasting.svelte.ts';
import { lossesOf } from '../../../src/ui/state/losses.svelte.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { insideView } from './inside-view.svelte.ts';
import { fakeEngine, fakeServices } from './fake-stream.ts';

const playground = () => new Playground(fakeServices(fakeEngine, Infinity));

it('a table that is changed after its view was left and opened again is the one on show', async () => {
  const page = playground();
  const losses = insideView(() => {
    const made = lossesOf(page, '');
    // What the view drew.
    void [made.title, made.hash, made.scene, made.request];
    return made;
  });
  const before = losses.hash;
  losses.openText('mine.csv', 'width,loss\n16,4\n32,3.5\n64,3.2\n');
  expect(insideView(() => lossesOf(page, ''))).toBe(losses);
  expect(losses.title).toBe('mine.csv');
  await expect.poll(() => losses.scene.rungs.map(({ x }) => x)).toEqual([16, 32, 64]);
  expect(losses.hash).not.toBe(before);
});

it('recipes that are changed after Compare was left and opened again are those on show', () => {
  const study = playground().studies.compare;
  const desk = insideView(() => {
    const made = deskOf(study);
    void [made.sides, made.pair];
    return made;
  });
  study.draft.values.recipes[0].name = 'renamed';
  expect(insideView(() => deskOf(study))).toBe(desk);
  expect(desk.sides[0].name).toBe('renamed');
});

it('would notice state that dies with its view', () => {
  const make = () => new CompareStudy(playground());
  const read = (study: CompareStudy) => study.draft.checked.experiment?.name;
  const dying = insideView(() => {
    const made = make();
    read(made);
    return made;
  });
  dying.draft.values.name = 'renamed';
  expect(() => read(dying)).toThrow(/derived_inert/);
  const living = insideView(() => {
    const made = lasting(make);
    read(made);
    return made;
  });
  living.draft.values.name = 'renamed';
  expect(read(living)).toBe('renamed');
});
