import { describe, expect, it, test } from 'vitest';
import { collapseOf, type CollapseTraining } from '../../../src/checks/collapse.ts';
import { fQuantile } from '../../../src/scaling/numeric/f-quantile.ts';
import { tableCollapseSchema } from '../../../src/model/check-results.ts';
import { parseWith } from '../../../src/model/parse.ts';

const SIZES = [32, 64, 128, 256, 512];
const FLOOR = 2;
const reducible = (size: number) => 9 * size ** -0.5;
const shape = (share: number) => share ** -0.4;

/** One training whose loss less the floor is its reducible part at the end times what is given at each share. */
function training(
  size: number,
  at: (share: number) => number,
  { end = 1000, points = 20 }: { end?: number; points?: number } = {},
): CollapseTraining {
  const steps = Array.from({ length: points }, (_, i) => ((i + 1) * end) / points);
  return { size, curve: { steps, losses: steps.map((step) => FLOOR + reducible(size) * at(step / end)) } };
}

/** Two seeds of each size, off by this share on either side until the end: seeds alone then make as much of it, exactly. */
const seeded = (at: (size: number, share: number) => number, off: number) =>
  SIZES.flatMap((size) =>
    [1 + off, 1 - off].map((by) => training(size, (share) => at(size, share) * (share < 1 ? by : 1))),
  );

/** mulberry32, and by Box and Muller a normal deviate of it. */
function random(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()) };
}

describe('curves that collapse by construction', () => {
  it.each([
    ['of equal lengths', () => ({})],
    ['each of its own length, logged as often', (size: number) => ({ end: 10 * size })],
    ['long ones, as means over windows', () => ({ points: 1000 })],
  ])('%s', (_, kind) => {
    const found = collapseOf(
      'a',
      SIZES.map((size) => training(size, shape, kind(size))),
    )!;
    expect(found.deviation!).toBeLessThan(1e-9);
    expect(found.floor!.value).toBeCloseTo(FLOOR, 9);
    for (const { losses } of found.curves) {
      expect(losses.at(-1)).toBe(1);
      for (const [k, loss] of losses.entries()) expect(loss).toBeCloseTo(found.curves[0]!.losses[k]!, 9);
    }
    expect(found.noise).toBeNull();
    expect(found.verdict).toBe('unclear');
    expect(found.sentence).toMatch(/With one seed of each size nothing tells how much of that is noise/);
  });

  it('collapse with seeds, by what these explain', () => {
    const found = collapseOf(
      'a',
      seeded((_, share) => shape(share), 0.01),
    )!;
    expect(found.deviation!).toBeLessThan(1e-9);
    expect(found.noise!).toBeCloseTo(0.01, 9);
    expect(found).toMatchObject({ verdict: 'collapses' });
    expect(found.sentence).toMatch(/and seeds alone by 1 %: as far as these seeds can tell, they collapse\.$/);
  });

  it('logged at other shares are compared between their points', () => {
    const found = collapseOf(
      'a',
      SIZES.map((size, i) => training(size, shape, { points: 200 + 7 * i })),
    )!;
    expect(found.shares.length).toBeLessThanOrEqual(60);
    expect(found.deviation!).toBeLessThan(1e-4);
  });
});

describe('curves that do not', () => {
  const at = (size: number, share: number) => share ** -(0.3 + 0.1 * Math.log2(size / 32));

  it('are as far apart as they were made', () => {
    const found = collapseOf('a', seeded(at, 0.001))!;
    const shares = Array.from({ length: 20 }, (_, i) => (i + 1) / 20).filter((share) => share >= 0.25 && share < 1);
    const squares = shares.map((share) => {
      const values = SIZES.map((size) => at(size, share));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.reduce((sum, value) => sum + (value / mean - 1) ** 2, 0) / (values.length - 1);
    });
    const truth = Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / squares.length);
    expect(found.deviation!).toBeCloseTo(truth, 9);
    expect(truth).toBeGreaterThan(0.05);
    expect(found.verdict).toBe('apart');
    expect(found.sentence).toMatch(/they do not collapse\. All were trained equally long/);
  });

  it('but would less another floor that may be as true, are not clear', () => {
    const off = [0.004, -0.01, 0.004, 0.004, -0.002];
    const trainings = SIZES.flatMap((size, i) =>
      [1 + 1e-4, 1 - 1e-4].map((by) => training(size, (share) => (1 + off[i]!) * shape(share) * (share < 1 ? by : 1))),
    );
    const found = collapseOf('a', trainings)!;
    expect(found.deviation!).toBeGreaterThan(10 * found.noise!);
    expect(found.floor!.interval[0]).toBeLessThan(FLOOR);
    expect(found.floor!.interval[1]).toBeGreaterThan(FLOOR);
    expect(found.verdict).toBe('unclear');
    expect(found.sentence).toMatch(/instead of .*, which may be as true, they would collapse: it is not clear\.$/);
  });
});

describe('with the noise of seeds', () => {
  const ladder = (seed: number, noise: number, at = (_: number, share: number) => shape(share)) => {
    const { normal } = random(seed);
    return SIZES.flatMap((size) =>
      [0, 1, 2].map(() => training(size, (share) => at(size, share) * (1 + noise * normal()))),
    );
  };

  it('what collapses is seldom said not to', () => {
    const verdicts = Array.from({ length: 200 }, (_, seed) => collapseOf('a', ladder(seed + 1, 0.004))!.verdict);
    expect(verdicts.filter((verdict) => verdict === 'apart').length).toBeLessThan(20);
    expect(verdicts.filter((verdict) => verdict === 'collapses').length).toBeGreaterThan(120);
  });

  it('and what lies far apart is never said to collapse', () => {
    const at = (size: number, share: number) => share ** -(0.2 + 0.1 * Math.log2(size / 32));
    for (let seed = 1; seed <= 50; seed++)
      expect(collapseOf('a', ladder(seed, 0.004, at))!.verdict).not.toBe('collapses');
  });
});

describe('a training that is listed twice', () => {
  const off = [0.0002, -0.0001, 0.0001, -0.0002, 0.0001];
  const once = SIZES.map((size, i) => training(size, (share) => shape(share) * (share < 1 ? 1 + off[i]! : 1)));
  const copied = structuredClone(once);

  it('is no second seed: nothing tells of noise', () => {
    const alone = collapseOf('a', once)!;
    const found = collapseOf('a', [...once, ...copied])!;
    expect(found).toMatchObject({ noise: null, verdict: 'unclear' });
    expect({ ...found, sentence: '' }).toEqual({ ...alone, sentence: '' });
    expect(found.sentence).toBe(
      `${alone.sentence} 5 curves that are another of the same size to the last digit do not count as a seed.`,
    );
  });

  it('has no part in the noise of the others', () => {
    const seeds = seeded((_, share) => shape(share), 0.01);
    const found = collapseOf('a', [...seeds, structuredClone(seeds[3]!)])!;
    const { sentence, ...rest } = collapseOf('a', seeds)!;
    expect(found).toMatchObject(rest);
    expect(found.sentence).toMatch(/they collapse\. A curve that is another .* does not count as a seed\.$/);
    expect(sentence).not.toMatch(/count as a seed/);
  });
});

describe('where it cannot be told', () => {
  const sentenceOf = (trainings: CollapseTraining[]) => {
    const found = collapseOf('a', trainings)!;
    expect(found).toMatchObject({ verdict: 'unclear', deviation: null, noise: null, floor: null, curves: [] });
    return found.sentence;
  };
  const lifted = ({ size, curve: { steps, losses } }: CollapseTraining, by: (loss: number, i: number) => number) => ({
    size,
    curve: { steps, losses: losses.map(by) },
  });

  it('nothing is said of two sizes, and why is said of others', () => {
    expect(
      collapseOf(
        'a',
        SIZES.slice(0, 2).map((size) => training(size, shape)),
      ),
    ).toBeNull();
    expect(sentenceOf(SIZES.map((size) => training(size, shape, { points: 1 })))).toMatch(/no step between a quarter/);
    const rising = SIZES.map((size, i) => lifted(training(size, shape), (loss) => loss + i));
    expect(sentenceOf(rising)).toMatch(/losses at the end rise with the size/);
    const sunk = SIZES.map((size, i) => lifted(training(size, shape), (loss, k) => (i === 2 && k === 9 ? 1.5 : loss)));
    expect(sentenceOf(sunk)).toMatch(/the floor of their law, 2, lies above a loss of 1\.5/);
    expect(sentenceOf(SIZES.map((size) => lifted(training(size, shape), (loss) => loss - 9)))).toMatch(/not above 0/);
  });
});

test('the order of trainings, the unit of sizes and a floor that is higher change nothing', () => {
  const own = seeded((size, share) => shape(share) * (1 + size / 1e5), 0.003);
  const found = collapseOf('a', own)!;
  const other = collapseOf(
    'a',
    own
      .map(({ size, curve: { steps, losses } }) => ({
        size: size * 1e6,
        curve: { steps: steps.map((step) => step * 7), losses: losses.map((loss) => loss + 0.5) },
      }))
      .reverse(),
  )!;
  expect(other.verdict).toBe(found.verdict);
  expect(other.deviation!).toBeCloseTo(found.deviation!, 7);
  expect(other.noise!).toBeCloseTo(found.noise!, 7);
  expect(other.shares).toEqual(found.shares);
  expect(other.floor!.value).toBeCloseTo(found.floor!.value + 0.5, 6);
});

test('of any curves there is a verdict that a file can hold, or none', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const { next } = random(seed);
    const trainings = Array.from({ length: Math.floor(9 * next()) }, (): CollapseTraining => {
      const steps = Array.from({ length: Math.floor(12 * next()) }, () => Math.floor(20 * next()));
      const ascending = [...new Set(steps)].sort((p, q) => p - q);
      const losses = ascending.map(() => (next() < 0.05 ? 0 : 10 ** (3 * next() - 2)));
      return { size: 2 ** Math.floor(1 + 5 * next()), curve: { steps: ascending, losses } };
    });
    const found = collapseOf('a', trainings);
    if (found) expect(() => parseWith(tableCollapseSchema, found, 'collapse')).not.toThrow();
  }
});

test.each([
  [2, 3, 0.9, 5.462383],
  [4, 10, 0.9, 2.605336],
  [3, 1, 0.9, 53.593245],
  [2, 5, 0.95, 5.786135],
  [10, 20, 0.99, 3.368186],
])('F of %i and %i degrees of freedom stays below its %f quantile of the tables', (above, below, level, value) => {
  expect(fQuantile(above, below, level) / value).toBeCloseTo(1, 5);
});
