import { expect, test } from 'vitest';
import { curveMeans, seedMeans, shareHeld, windowEnds } from '../../../src/scaling/width/curve-windows.ts';

test('windows are sixty, shorter towards the start, and end with the last step', () => {
  const ends = windowEnds(6000);
  expect(ends).toHaveLength(60);
  expect(ends[0]).toBe(Math.round(6000 / 60 ** 1.5));
  expect(ends[29]).toBe(Math.round(6000 * 0.5 ** 1.5));
  expect(ends[59]).toBe(6000);
  const lengths = ends.map((end, i) => end - (ends[i - 1] ?? 0));
  expect(lengths[58]).toBeGreaterThan(lengths[1]!);
  expect(windowEnds(2)).toEqual([1, 2]);
});

test('a window has the mean of its own steps, and none where it has no step or a step without a loss', () => {
  const steps = [1, 2, 3, 4, 7, 8];
  const losses = [9, 7, 4, 2, NaN, 5];
  expect(curveMeans({ steps, losses }, [2, 4, 6, 7])).toEqual([8, 3, NaN, NaN]);
  expect(curveMeans({ steps, losses }, [2, 8])).toEqual([8, NaN]);
  expect(curveMeans({ steps: [], losses: [] }, [2])).toEqual([NaN]);
});

test('seeds are averaged where they are whole', () => {
  expect(seedMeans([[1, 2, NaN], [3, NaN, NaN]])).toEqual([2, 2, NaN]); // prettier-ignore
  expect(seedMeans([])).toEqual([]);
});

test('a band holds its ends, and a share is of the windows that were measured', () => {
  const band = { steps: [1, 2, 3, 4], loss: [], lo: [1, 1, 1, 1], hi: [2, 2, 2, 2] };
  expect(shareHeld(band, [1, 2, 2.01, 0.99])).toBe(0.5);
  expect(shareHeld(band, [1.5, NaN, 3, NaN])).toBe(0.5);
  expect(shareHeld(band, [NaN])).toBeNull();
});
