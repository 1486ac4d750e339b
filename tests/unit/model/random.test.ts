/** Random streams: the same everywhere, independent of one another, and distributed as they say. */
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/model/random.ts';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

describe('random streams', () => {
  test('repeat with their seed and purpose and differ with either', () => {
    const stream = (seed: number, purpose: string) => draw(8, randomStream(seed, purpose).uniform);
    expect(stream(1, 'a')).toEqual(stream(1, 'a'));
    expect(stream(2, 'a')).not.toEqual(stream(1, 'a'));
    expect(stream(1, 'b')).not.toEqual(stream(1, 'a'));
  });

  test('go on in a copy as they would themselves, and apart from it', () => {
    const stream = randomStream(1, 'copies');
    for (let i = 0; i < 7; i++) stream.normal();
    const copy = stream.copy();
    const next = () => [stream.normal(), stream.uniform(), stream.below(1000)];
    const expected = [next(), next()];
    const copied = () => [copy.normal(), copy.uniform(), copy.below(1000)];
    expect([copied(), copied()]).toEqual(expected);
    expect(copied()).toEqual(next());
  });

  test('are uniform: mean, variance, and no correlation with the neighbour or a sibling stream', () => {
    const count = 100_000;
    const [a, b] = [1, 2].map((seed) => draw(count, randomStream(seed, 'uniform').uniform));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.min(...a.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    // Five standard errors; the seeds are fixed.
    expect(Math.abs(mean(a) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(mean(a.map((u) => (u - 0.5) ** 2)) - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / count));
    const lagged = a.slice(1).map((u, i) => (u - 0.5) * (a[i] - 0.5));
    const crossed = a.map((u, i) => (u - 0.5) * (b[i] - 0.5));
    for (const products of [lagged, crossed]) expect(Math.abs(mean(products))).toBeLessThan(5 / 12 / Math.sqrt(count));
  });

  test('draw normals of mean 0, variance 1 and kurtosis 3', () => {
    const count = 100_000;
    const values = draw(count, randomStream(3, 'normal').normal);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count;
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / count));
  });

  test('draw every whole number below n, evenly', () => {
    const counts = new Array(7).fill(0);
    draw(70_000, () => counts[randomStreamBelow()]++);
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * 100);
  });
});

const below = randomStream(4, 'below');
const randomStreamBelow = () => below.below(7);
