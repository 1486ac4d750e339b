import { expect, test } from 'vitest';
import { backtestWords, shownRows } from '../../../src/ui/law/backtest-rows.ts';

/** Every larger width of 6 predicted from the first 3 to 5 rungs, held as asked. */
const rows = (held: (fittedOn: number, target: number) => boolean, widths = 6) =>
  Array.from({ length: widths }, (_, i) => i + 3).flatMap((fittedOn) =>
    Array.from({ length: widths - fittedOn + 2 }, (_, i) => fittedOn + 1 + i).map((target) => ({
      ...{ fittedOn, target, predicted: 3, lo: 2.9, hi: 3.1 },
      actual: held(fittedOn, target) ? 3 : 4,
    })),
  );

test('what is counted is what is drawn, and all where a part is drawn', () => {
  const noun = ['width', 'widths'] as const;
  const all = rows((fittedOn, target) => target === fittedOn + 1 || target % 2 === 0, 4);
  const shown = shownRows(all);
  expect([all.length, shown.length]).toEqual([6, 6]);
  expect(backtestWords(shown, all, noun)).toBe(
    'Five of six earlier predictions held the loss inside the 80 % interval.',
  );
  const many = rows((fittedOn, target) => target !== fittedOn + 1 || fittedOn > 3, 5);
  const nearest = shownRows(many);
  expect([many.length, nearest.length]).toEqual([10, 4]);
  expect(backtestWords(nearest, many, noun)).toBe(
    'Three of four earlier predictions of the next width held the loss inside the 80 % interval; of all ten, in the table, nine.',
  );
  const [one] = rows(() => true, 3);
  expect(backtestWords([one], [one], noun)).toBe('The one earlier prediction held the loss inside the 80 % interval.');
  expect(backtestWords([], [], noun)).toBe('With four widths, each is also predicted from the smaller ones.');
});
