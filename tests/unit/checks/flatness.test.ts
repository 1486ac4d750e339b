/** Flat, growing, shrinking, and which tensor is to blame: at the ends of each tolerance, on slopes written down. */
import { describe, expect, test } from 'vitest';
import { culpritOf, type Suspect } from '../../../src/checks/culprit.ts';
import { breaksOf, isRandomStart, judgedSteps, moduleVerdict, worstSlope } from '../../../src/checks/flatness.ts';

const late = (slope: number, error: number | null = 0) => ({
  slopes: [0, 0, 0, slope, slope],
  slopeErrors: [0, 0, 0, error, error],
});

/** A module with one seed, or with `spread` to either side of two. */
function suspect(
  name: string,
  slopes: (number | null)[],
  change: Partial<Suspect> = {},
  spread: number[] = [],
): Suspect {
  const slopeErrors = slopes.map((_, step) => spread[step] ?? 0);
  return {
    ...{ name, role: 'up', level: 'module', values: [], slopes, slopeErrors },
    verdict: moduleVerdict({ slopes, slopeErrors }),
    seedSlopes: slopes.map((slope, step) =>
      slope === null ? null : [slope - (spread[step] ?? 0), slope + (spread[step] ?? 0)],
    ),
    ...change,
  };
}

describe('a module', () => {
  test('is judged from its third update on, or by the last slope it has', () => {
    const slopeErrors = [0, 0, 0, 0, 0];
    expect(judgedSteps({ slopes: [9, 9, 9, 1, null], slopeErrors })).toEqual([3]);
    expect(judgedSteps({ slopes: [9, 9, null], slopeErrors })).toEqual([1]);
    expect(judgedSteps({ slopes: [9, 9, 9], slopeErrors })).toEqual([2]);
    expect(judgedSteps({ slopes: [null, null], slopeErrors })).toEqual([]);
  });

  test('is flat up to a slope of 0.1, ends included', () => {
    expect(moduleVerdict(late(0.1))).toBe('flat');
    expect(moduleVerdict(late(-0.1))).toBe('flat');
    expect(moduleVerdict(late(0.1001))).toBe('grows');
    expect(moduleVerdict(late(-0.1001))).toBe('shrinks');
  });

  test('is out of tolerance only by more than its standard error, and unclear between', () => {
    expect(moduleVerdict(late(0.25, 0.15))).toBe('unclear');
    expect(moduleVerdict(late(0.2501, 0.15))).toBe('grows');
    expect(moduleVerdict(late(-0.2501, 0.15))).toBe('shrinks');
    expect(moduleVerdict(late(0, 0.1))).toBe('flat');
    expect(moduleVerdict(late(0, 0.1001))).toBe('unclear');
  });

  test('that stopped before the third update is unclear, however flat', () => {
    expect(moduleVerdict({ slopes: [0, 0, 0], slopeErrors: [0, 0, 0] })).toBe('unclear');
    expect(moduleVerdict({ slopes: [0, 0, 0, 0], slopeErrors: [0, 0, 0, 0] })).toBe('flat');
    expect(moduleVerdict({ slopes: [null], slopeErrors: [null] })).toBe('silent');
  });

  test('has the largest of its judged slopes as its worst, with its sign', () => {
    expect(worstSlope({ slopes: [9, 9, 9, 0.1, -0.3, 0.2], slopeErrors: [] })).toBe(-0.3);
    expect(worstSlope({ slopes: [9, 9, 9, 0.3, -0.3, 0.2], slopeErrors: [] })).toBe(0.3);
    expect(worstSlope({ slopes: [9, 9, 9, 0, 0], slopeErrors: [] })).toBe(0);
    expect(worstSlope({ slopes: [null], slopeErrors: [] })).toBeNull();
  });

  test('named logits may shrink as their random start does, and by 0.1 more', () => {
    const logits = (start: number | null, then: number) => suspect('logits', [start, 0, 0, then, then]);
    expect(isRandomStart(logits(-0.5, -0.6))).toBe(true);
    expect(isRandomStart(logits(-0.5, -0.601))).toBe(false);
    expect(isRandomStart(logits(-0.1, -0.15))).toBe(true);
    expect(isRandomStart(logits(-0.099, -0.15))).toBe(false);
    expect(isRandomStart(logits(null, -0.15))).toBe(false);
    expect(isRandomStart(logits(-0.5, 0))).toBe(false);
    expect(isRandomStart(suspect('final.norm', [-0.5, 0, 0, -0.5]))).toBe(false);
  });

  test('breaks a recipe when it is not flat; a part does when it grows twice as fast as a module may', () => {
    const part = (slope: number) => suspect('layers.0.mlp.up', [0, 0, 0, slope], { level: 'part' });
    const broken = [suspect('embedding', [0, 0, 0, 0.11]), suspect('final.norm', [0, 0, 0, -0.11]), part(0.2001)];
    const whole = [suspect('embedding', [0, 0, 0, 0.1]), part(0.2), part(-0.9), suspect('logits', [-0.5, 0, 0, -0.5])];
    expect(breaksOf([...whole, ...broken])).toEqual(broken);
  });
});

describe('the culprit', () => {
  const flat = suspect('embedding', [0, 0, 0, 0]);

  test('is none where nothing breaks', () => {
    expect(culpritOf([flat])).toBeNull();
  });

  test('is never an output that keeps its size in the end, whatever it did on the way', () => {
    const strayed = suspect('layers.0.attn', [0, 0.5, 0, 0]);
    const random = suspect('logits', [-0.15, -0.9, -0.15, -0.15]);
    const grown = suspect('layers.0.mlp', [0, 0, 0.5, 0.5]);
    expect(culpritOf([strayed, grown, random])).toEqual({ module: 'layers.0.mlp', role: 'up', step: 2 });
    const shrunk = suspect('layers.0.mlp', [0, 0, -0.5, -0.5]);
    expect(culpritOf([strayed, random, shrunk])).toEqual({ module: 'layers.0.mlp', role: 'up', step: 2 });
  });

  test('is what grows, unless what shrinks does so by more than twice as much', () => {
    const grown = suspect('layers.0.attn', [0, 0, 0.25, 0.25]);
    const shrunk = (slope: number) => suspect('layers.0.mlp', [0, slope, slope, slope]);
    expect(culpritOf([grown, shrunk(-0.5)])).toMatchObject({ module: 'layers.0.attn', step: 2 });
    expect(culpritOf([grown, shrunk(-0.5001)])).toMatchObject({ module: 'layers.0.mlp', step: 1 });
  });

  test('is in the step of the break the first with a sixth of the largest growth', () => {
    const first = (slope: number) => suspect('layers.0.attn', [0, slope, slope, 0.9]);
    const second = suspect('layers.0.mlp', [0, 0.6, 0.6, 0.9]);
    const third = suspect('layers.1.mlp', [0, 0.11, 0.9, 0.9]);
    expect(culpritOf([first(0.1001), second, third])).toMatchObject({ module: 'layers.0.attn', step: 1 });
    expect(culpritOf([first(0.0999), second, third])).toMatchObject({ module: 'layers.0.mlp', step: 1 });
    const grown = (slope: number) => suspect('layers.0.mlp', [0, slope, slope, 0.9]);
    expect(culpritOf([first(0.14), grown(0.9)])).toMatchObject({ module: 'layers.0.mlp', step: 1 });
    expect(culpritOf([first(0.06), grown(0.3)])).toMatchObject({ module: 'layers.0.attn', step: 1 });
    // A sixth of it is enough: these are whole in binary.
    expect(culpritOf([first(0.125), grown(0.75)])).toMatchObject({ module: 'layers.0.attn', step: 1 });
  });

  test('of shrinking has at least half of the worst at any step', () => {
    const first = (slope: number) => suspect('layers.0.attn', [0, slope, slope, slope]);
    const second = suspect('layers.0.mlp', [0, 0, -0.6, -0.8]);
    expect(culpritOf([first(-0.41), second])).toMatchObject({ module: 'layers.0.attn', step: 1 });
    expect(culpritOf([first(-0.39), second])).toMatchObject({ module: 'layers.0.mlp', step: 2 });
    const unmeasured = suspect('layers.0.mlp', [0, null, -0.3, -0.3]);
    expect(culpritOf([unmeasured])).toMatchObject({ module: 'layers.0.mlp', step: 2 });
  });

  test('is certain by two standard errors where anything is, else the first out of tolerance', () => {
    // A mean of two seeds, s to either side of it, has the standard error s.
    const unsure = suspect('layers.0.attn', [0, 0.3, 0.3, 0.3], {}, [0, 0.1001, 0.16, 0.16]);
    const sure = suspect('layers.0.mlp', [0, 0, 0.3, 0.3], {}, [0, 0, 0.0999, 0.0999]);
    expect(culpritOf([unsure, sure])).toMatchObject({ module: 'layers.0.mlp', step: 2 });
    expect(culpritOf([unsure])).toMatchObject({ module: 'layers.0.attn', step: 1 });
    // Within two standard errors of no change at all it is not blamed beside what is certain.
    const noisy = suspect('embedding', [0, 0.3, 0.3, 0.3], {}, [0, 0.16, 0.16, 0.16]);
    const certain = suspect('layers.0.mlp', [0, 0.31, 0.31, 0.31]);
    expect(culpritOf([noisy, certain])).toMatchObject({ module: 'layers.0.mlp', step: 1 });
    // Nor at just two of them.
    const even = suspect('embedding', [0, 0.5, 0.5, 0.5], {}, [0, 0.25, 0.25, 0.25]);
    expect(culpritOf([even, certain])).toMatchObject({ module: 'layers.0.mlp', step: 1 });
  });

  test('is told by what updates changed, seed by seed, and by all of it where there was nothing before', () => {
    const before = suspect('layers.0.attn', [0.4, 0.45, 0.45, 0.45]);
    const silent = suspect('layers.0.mlp', [null, 0.3, 0.3, 0.3]);
    expect(culpritOf([before, silent])).toMatchObject({ module: 'layers.0.mlp', step: 1 });
    const missing = suspect('layers.1.mlp', [0, null, 0.3, 0.3]);
    expect(culpritOf([missing])).toMatchObject({ module: 'layers.1.mlp', step: 2 });
  });

  test('is the first break, from the start, where no update changed anything', () => {
    const from = [suspect('layers.0.attn', [0.4, 0.4, 0.4, 0.4]), suspect('layers.0.mlp', [0.9, 0.9, 0.9, 0.9])];
    expect(culpritOf([flat, ...from])).toEqual({ module: 'layers.0.attn', role: 'up', step: 0 });
  });
});
