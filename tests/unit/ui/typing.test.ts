/** What stands in a field for a number while somebody types. */
import { expect, it } from 'vitest';
import type { Meant } from '../../../src/tables/typed-number.ts';
import { Draft } from '../../../src/ui/state/draft.svelte.ts';
import { Typing } from '../../../src/ui/typing.svelte.ts';

const PATHS = { whole: 'steps', real: 'optimizer.learningRate' };

function field(meant: Extract<Meant, 'whole' | 'real'>) {
  const draft = new Draft();
  draft.choosePreset('smoke');
  const value = () => draft.read(`recipes[0].${PATHS[meant]}`);
  const typing = new Typing({ value, meant: () => meant });
  const type = (text: string) => draft.set([0], PATHS[meant], typing.enter(text));
  return { draft, typing, type, value };
}

it('steps typed as 10,000 are ten thousand', () => {
  const { draft, typing, type, value } = field('whole');
  type('10,000');
  expect([value(), typing.shown, typing.question, draft.checked.problem]).toEqual([10_000, '10,000', null, null]);
  typing.leave();
  expect(typing.shown).toBe('10000');
});

it('a number of two readings is asked about, and stays to be mended', () => {
  const { draft, typing, type, value } = field('real');
  type('1,024');
  expect([value(), typing.shown]).toEqual([NaN, '1,024']);
  expect(typing.question).toBe('"1,024" may mean 1024 or 1.024; write one of these.');
  expect(draft.checked.experiment).toBeNull();
  typing.leave();
  expect(typing.shown).toBe('1,024');
  type('1.024');
  expect([value(), typing.question]).toEqual([1.024, null]);
});

it('the beginning of a number is not taken away', () => {
  const { typing, type } = field('real');
  for (const text of ['-', '2^', '1e-']) {
    type(text);
    expect(typing.shown).toBe(text);
  }
});

it('a preset replaces what was typed', () => {
  const { draft, typing, type } = field('whole');
  type('1x');
  draft.choosePreset('smoke');
  expect([typing.shown, typing.question]).toEqual([String(draft.values.recipes[0].steps), null]);
});
