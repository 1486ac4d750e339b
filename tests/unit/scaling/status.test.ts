/** What a fit may claim, at the ends of each tolerance; laws and points are written down, nothing is fitted. */
import { describe, expect, test } from 'vitest';
import { assess, formNotes, rises } from '../../../src/scaling/width/status.ts';
import { B_MAX, B_MIN } from '../../../src/scaling/width/width-law.ts';
import { LAW_FORMS, WIDTH_LAW } from '../../../src/scaling/width/law-forms.ts';

const at = (losses: number[], xs = losses.map((_, i) => 8 * 2 ** i)) => losses.map((loss, i) => ({ x: xs[i]!, loss }));
const law = { a: 1, b: 0.5, c: 2, sse: 0 };
const FALLING = [4, 3.5, 3.2, 3];

describe('a fit', () => {
  test('needs three different x', () => {
    const notes = (xs: number[]) => assess(at(xs.map(() => 3), xs), null); // prettier-ignore
    const words = 'A law needs losses at three different x or more; there';
    expect(notes([])).toEqual({ status: 'too-few-points', notes: [`${words} are none.`] });
    expect(notes([8]).notes).toEqual([`${words} is 1.`]);
    expect(notes([8, 16]).notes).toEqual([`${words} are 2.`]);
    expect(notes([8, 8, 16]).notes).toEqual([`${words} are 2, shared by 3 points.`]);
  });

  test('of four rungs over a factor of four has a floor, and of less has none that is known', () => {
    expect(assess(at(FALLING), law)).toEqual({ status: 'converged', notes: [] });
    expect(assess(at(FALLING, [10, 20, 30, 40]), law).status).toBe('converged');
    const short = assess(at(FALLING, [10, 20, 30, 39.9]), law);
    expect(short).toMatchObject({
      status: 'floor-not-identified',
      notes: [expect.stringContaining('times the smallest')],
    });
    expect(assess(at(FALLING.slice(0, 3)), law).notes).toEqual([expect.stringContaining('Three rungs fit any floor')]);
  });

  test('says at which bound it stopped', () => {
    const noted = (change: Partial<typeof law>) => assess(at(FALLING), { ...law, ...change });
    for (const [change, words] of [
      [{ b: B_MIN }, 'lower bound'],
      [{ b: B_MAX }, 'upper bound'],
      [{ c: 3e-9 }, 'best floor is zero'],
      [{ a: 0 }, 'neither fall nor clearly rise'],
    ] as const) {
      const { status, notes } = noted(change);
      expect(status).toBe('at-bound');
      expect(notes).toEqual([expect.stringContaining(words)]);
    }
    for (const change of [{ b: B_MIN * (1 + 1e-8) }, { b: B_MAX * (1 - 1e-8) }, { c: 3.1e-9 }]) {
      expect(noted(change)).toEqual({ status: 'converged', notes: [] });
    }
  });

  test('names the steps at which a loss rises by the means of each x, three of them at most', () => {
    const notes = (losses: number[], xs?: number[]) => assess(at(losses, xs), law).notes;
    expect(notes([4, 3.5, 3.6, 3])).toEqual(['The loss rises from x = 16 to 32: noise, or a run that trained badly.']);
    expect(notes([4, 3, 3.1, 2, 2.1, 1, 1.1])[0]).toBe(
      'The loss rises from x = 16 to 32 and from 64 to 128 and from 256 to 512: noise, or a run that trained badly.',
    );
    expect(notes([5, 4, 4.1, 3, 3.1, 2, 2.1, 1, 1.1])[0]).toMatch(/^The loss rises 4 times/);
    expect(notes([4, 3, 3.8, 3.3, 3.1], [8, 16, 16, 32, 64])).toEqual([]);
    expect(notes([4, 3, 3, 2])).toEqual([]);
  });
});

describe('losses rise', () => {
  const none = { ...law, a: 0 };
  test('only where no law falls, and at every step or surely in the mean', () => {
    expect(rises(at([1, 2, 3]), none)).toBe(true);
    expect(rises(at([1, 2, 3]), { ...law, a: 1e-12 })).toBe(false);
    expect(rises(at([1, 1, 1]), none)).toBe(false);
    expect(rises(at([3, 2, 1]), none)).toBe(false);
    expect(rises(at([1, 2, 1, 1.9]), none)).toBe(false);
  });

  test('at 95 %, one-sided, of the slope on log x', () => {
    // Slope Σ (i - 1.5) y / 5 over log2 x; t(2) is 2.920 at 95 %.
    const about = (wiggle: number) => at([0, 1, 2, 3].map((i) => 3 + 0.1 * i + wiggle * [1, -1, -1, 1][i]!)); // prettier-ignore
    // The wiggle's squares sum to 4 w²: t = 0.1 / sqrt(4 w² / 2 / 5), so that it is 2.920 at w = 0.05415.
    expect(rises(about(0.0541), none)).toBe(true);
    expect(rises(about(0.0542), none)).toBe(false);
  });
});

test('another form is named from twice the weight of the width law on', () => {
  const other = LAW_FORMS.find(({ name }) => name !== WIDTH_LAW.name)!;
  const laws = (first: number, width: number) => [
    { name: other.name, formula: '', weight: first },
    { name: WIDTH_LAW.name, formula: '', weight: width },
  ];
  expect(formNotes(laws(0.5, 0.25))[0]).toContain(`for a ${other.name} (50 %) rather than for the width law (25 %)`);
  expect(formNotes(laws(0.49, 0.25))).toEqual([]);
});
