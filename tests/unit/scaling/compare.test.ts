import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/model/parse.ts';
import { randomStream } from '../../../src/model/random.ts';
import { compare } from '../../../src/scaling/compare/compare.ts';
import type { ComparedRecipe } from '../../../src/scaling/compare/runs.ts';
import { lawAt, type Law } from '../../../lab/calibration/compared-ladders.ts';

const WIDTHS = [16, 24, 32, 48, 64, 96];

interface Made {
  law: Law;
  noise?: number;
  seeds?: number[];
  widths?: number[];
  x?: (width: number) => number;
}

/** Two recipes whose pairs share the part `correlation` of their noise. */
function recipes(a: Made, b: Made, correlation = 0.8): { a: ComparedRecipe; b: ComparedRecipe } {
  const made = (name: string, { law, noise = 0.002, seeds = [0], widths = WIDTHS, x = (w) => w }: Made) => ({
    name,
    points: widths.map((width) => ({
      width,
      x: x(width),
      losses: seeds.map((seed) => {
        const shared = randomStream(seed, `shared ${width}`).normal();
        const own = randomStream(seed, `${name} ${width}`).normal();
        const z = Math.sqrt(correlation) * shared + Math.sqrt(1 - correlation) * own;
        return { seed, loss: lawAt(law, width) * (1 + noise * z) };
      }),
    })),
  });
  return { a: made('GELU', a), b: made('SwiGLU', b) };
}

const LAW = { c: 2, excess: 1, b: 0.5 };
const BETTER = { c: 1.9, excess: 1, b: 0.5 };
const STEEPER = { c: 1.85, excess: 1.3, b: 0.6 };
const GRID = [16, 32, 64, 128, 256];

describe('verdicts', () => {
  test('a winner, with its probability and by how much', () => {
    const { verdict, sentence, at } = compare({
      ...recipes({ law: LAW }, { law: BETTER }),
      targets: [192, 256],
      grid: [],
    });
    expect(verdict).toBe('b');
    expect(sentence).toMatch(
      /^SwiGLU beats GELU at width 256 with probability over 99 %, by 0\.\d{3} nats \(80 % interval/,
    );
    expect(at.map(({ x }) => x)).toEqual([192, 256]);
    expect(at[1]!.difference).toBeCloseTo(0.1, 1);
    expect(at[1]!.probability).toBeLessThan(0.01);
  });

  test('a crossover, with its place and who wins on which side', () => {
    const { verdict, sentence, crossover } = compare({
      ...recipes({ law: LAW }, { law: STEEPER }),
      targets: [256],
      grid: [],
    });
    const truth = crossing(LAW, STEEPER);
    expect(verdict).toBe('crossover');
    expect(sentence).toMatch(
      /^SwiGLU overtakes GELU at width .*: below it GELU has the lower loss, above it SwiGLU\.$/,
    );
    expect(crossover.probability).toBeGreaterThan(0.95);
    expect(crossover.interval![0]).toBeLessThan(truth);
    expect(crossover.interval![1]).toBeGreaterThan(truth);
    expect(crossover.x! / truth).toBeCloseTo(1, 0);
  });

  test('no difference between equal laws, with what would have shown', () => {
    const { verdict, sentence } = compare({ ...recipes({ law: LAW }, { law: LAW }, 0.95), targets: [256], grid: [] });
    expect(verdict).toBe('no difference');
    expect(sentence).toMatch(
      /^No difference seen between GELU and SwiGLU: at width 256 anything beyond 0\.\d{3} nats would have shown\.$/,
    );
  });

  test('no difference between runs that are the same to the last bit, and neither favoured', () => {
    for (const seeds of [[0], [0, 1, 2]]) {
      const { a } = recipes({ law: LAW, seeds }, { law: LAW, seeds });
      const { verdict, at, measured } = compare({ a, b: { ...a, name: 'the same' }, targets: [256], grid: [] });
      expect(verdict).toBe('no difference');
      expect(at[0]!.probability).toBe(0.5);
      expect(at[0]!.difference).toBeCloseTo(0, 12);
      expect(measured.every(({ difference }) => difference === 0)).toBe(true);
    }
  });

  test('the same numbers are said to be the same, however wide the laws leave it, and where no law falls', () => {
    const loud = { law: LAW, noise: 0.02, seeds: [2], widths: WIDTHS.slice(0, 4) };
    const rising = { ...loud, law: { c: 2, excess: 1, b: -0.3 } };
    for (const made of [loud, rising]) {
      const { a } = recipes(made, made);
      const { verdict, sentence, notes } = compare({ a, b: { ...a, name: 'Twin' }, targets: [256], grid: [] });
      expect(verdict).toBe('no difference');
      expect(sentence).toBe(
        'GELU and Twin are the same, number for number: in all 4 pairs of runs, at 4 widths, their losses agree to the last digit. Whatever sets the two apart changes nothing here.',
      );
      expect(notes).toEqual([]);
    }
  });

  test('equal losses at the base width alone, at other sizes or but for one digit are no such case', () => {
    const loud = { law: LAW, noise: 0.02, seeds: [2], widths: WIDTHS.slice(0, 4) };
    const { a, b } = recipes(loud, loud);
    const verdictOf = (points: ComparedRecipe['points']) =>
      compare({ a, b: { name: 'SP', points }, targets: [256], grid: [] }).sentence;
    expect(verdictOf([a.points[0]!, ...b.points.slice(1)])).not.toContain('number for number');
    expect(verdictOf(a.points.map((point) => ({ ...point, x: 2 * point.x })))).not.toContain('number for number');
    const touched = a.points.map(({ losses: [{ seed, loss }], ...point }, i) => ({
      ...point,
      losses: [{ seed: seed!, loss: loss! + (i === 2 ? 1e-12 : 0) }],
    }));
    expect(verdictOf(touched)).not.toContain('number for number');
  });

  test('undecided where the interval is wide, with what would help', () => {
    const loud = { law: LAW, noise: 0.02, seeds: [2], widths: WIDTHS.slice(0, 4) };
    const { verdict, sentence } = compare({ ...recipes(loud, loud, 0), targets: [256], grid: [] });
    expect(verdict).toBe('undecided');
    expect(sentence).toMatch(/^Undecided between GELU and SwiGLU: at width 256 .* would help\.$/);
  });

  test('refused with fewer than three sizes, and where losses do not fall, with the reason', () => {
    const short = compare({ ...recipes({ law: LAW }, { law: LAW, widths: [16, 32] }), targets: [64], grid: [64] });
    expect(short.verdict).toBe('refused');
    expect(short.sentence).toBe('No comparison yet: a law needs losses at three different sizes, and SwiGLU has 2.');
    expect(short.measured).toHaveLength(2);
    const rising = compare({
      ...recipes({ law: { c: 2, excess: 1, b: -0.3 } }, { law: LAW }),
      targets: [256],
      grid: [],
    });
    expect(rising.verdict).toBe('refused');
    expect(rising.sentence).toContain('the losses of GELU do not fall');
  });
});

test('intervals are nested, and the band is what was asked for', () => {
  const { band } = compare({ ...recipes({ law: LAW }, { law: BETTER }), targets: [256], grid: GRID });
  expect(band.map(({ x }) => x)).toEqual(GRID);
  for (const { difference, intervals } of band) {
    const ends = [...(['95', '80', '50'] as const).map((level) => intervals[level][0]), difference];
    const others = [difference, ...(['50', '80', '95'] as const).map((level) => intervals[level][1])];
    const all = [...ends, ...others];
    expect(all).toEqual([...all].sort((p, q) => p - q));
  }
});

test('the same answer every time, and mirrored where the recipes change places', () => {
  const { a, b } = recipes({ law: LAW, seeds: [0, 1] }, { law: STEEPER, seeds: [0, 1] });
  const one = compare({ a, b, targets: [128, 256], grid: GRID });
  expect(compare({ a, b, targets: [128, 256], grid: GRID })).toEqual(one);
  const other = compare({ a: b, b: a, targets: [128, 256], grid: GRID });
  for (const [i, { difference, intervals, probability }] of one.band.entries()) {
    const mirror = other.band[i]!;
    expect(mirror.difference).toBeCloseTo(-difference, 12);
    expect(mirror.probability).toBeCloseTo(1 - probability, 12);
    for (const level of ['50', '80', '95'] as const) {
      expect(mirror.intervals[level][0]).toBeCloseTo(-intervals[level][1], 12);
      expect(mirror.intervals[level][1]).toBeCloseTo(-intervals[level][0], 12);
    }
  }
  expect(other.crossover.x).toBeCloseTo(one.crossover.x!, 9);
  expect([one.verdict, other.verdict]).toEqual(['crossover', 'crossover']);
  expect(other.sentence).toBe(one.sentence);
});

test('neither the order of widths and seeds nor the unit of x changes anything', () => {
  const seeds = [0, 1, 2];
  const { a, b } = recipes({ law: LAW, seeds }, { law: STEEPER, seeds });
  const one = compare({ a, b, targets: [256], grid: GRID });
  const turned = ({ name, points }: ComparedRecipe) => ({
    name,
    points: points.toReversed().map((point) => ({ ...point, losses: point.losses.toReversed() })),
  });
  expect(compare({ a: turned(a), b: turned(b), targets: [256], grid: GRID })).toEqual(one);
  const scaled = ({ name, points }: ComparedRecipe) => ({
    name,
    points: points.map((point) => ({ ...point, x: 1e9 * point.x })),
  });
  const other = compare({ a: scaled(a), b: scaled(b), targets: [256e9], grid: GRID.map((x) => 1e9 * x) });
  one.band.forEach(({ difference }, i) => expect(other.band[i]!.difference).toBeCloseTo(difference, 9));
  expect(other.crossover.x! / 1e9).toBeCloseTo(one.crossover.x!, 6);
  expect(other.sentence).toContain('at x = ');
});

test('pairing narrows the interval where noise is shared; other seeds are taken as independent', () => {
  const { a, b } = recipes({ law: LAW, seeds: [0, 1, 2] }, { law: LAW, seeds: [0, 1, 2] }, 0.95);
  const others = {
    ...b,
    points: b.points.map((point) => ({
      ...point,
      losses: point.losses.map(({ seed, loss }) => ({ seed: seed + 10, loss })),
    })),
  };
  const paired = compare({ a, b, targets: [256], grid: [] });
  const alone = compare({ a, b: others, targets: [256], grid: [] });
  const width = ({ at }: ReturnType<typeof compare>) => at[0]!.intervals['80'][1] - at[0]!.intervals['80'][0];
  expect(width(paired)).toBeLessThan(0.7 * width(alone));
  expect(paired.notes[0]).toMatch(/^18 runs of each are paired by width and seed/);
  expect(alone.notes[0]).toContain('counts as independent');
  expect(alone.measured).toEqual([]);
  expect(paired.measured[0]).toMatchObject({ x: 16, seeds: 3 });
});

test('recipes on other batches are not told that seeds were not shared, nor to share them', () => {
  const loud = { law: LAW, noise: 0.02, seeds: [1, 2], widths: WIDTHS.slice(0, 4) };
  const { a, b } = recipes(loud, loud, 0);
  const asked = { a, b, targets: [256], grid: [] };
  const { verdict, sentence, notes, measured } = compare({ ...asked, hasOtherBatches: true });
  expect(verdict).toBe('undecided');
  expect(sentence).toContain('; a rung nearer to it, or more seeds at each rung, would help.');
  expect(notes[0]).toMatch(/^GELU and SwiGLU train on different batches/);
  expect(notes.join(' ')).not.toContain('No width was trained with one seed');
  expect(measured).toEqual([]);
  const apart = {
    ...b,
    points: b.points.map((point) => ({ ...point, losses: [{ seed: 9, loss: point.losses[0]!.loss }] })),
  };
  expect(compare({ ...asked, b: apart }).sentence).toContain('the same widths and seeds for both would help');
});

test('series measured elsewhere are told by the names of their sizes, and nothing of batches is claimed', () => {
  const widths = [1e6, 3e6, 1e7, 3e7];
  const { a, b } = recipes({ law: LAW, widths, seeds: [1, 2] }, { law: BETTER, widths, seeds: [1, 2] });
  const asked = { a, b, targets: [1.25e8], grid: [] };
  const { sentence, notes, measured } = compare({ ...asked, elsewhere: 'params' });
  expect(sentence).toMatch(/^SwiGLU beats GELU at params = 1\.25e8 with probability/);
  expect([sentence, ...notes].join(' ')).not.toMatch(/width|different batches/);
  expect(notes[0]).toBe('Nothing is known of which batches they saw, so the noise of both counts.');
  expect(measured).toEqual([]);
  expect(compare({ ...asked, elsewhere: 'width' }).sentence).toContain(' at width 1.25e8 ');
});

test('the correlation told lies inside its interval, which no grid cuts at it', () => {
  for (const correlation of [0, 0.3, 0.9]) {
    const seeds = [0, 1];
    const { notes } = compare({
      ...recipes({ law: LAW, seeds }, { law: LAW, seeds }, correlation),
      targets: [],
      grid: [],
    });
    const [, about, lo, hi] = /about (\S+) \(80 %: (\S+) to (\S+)\)/.exec(notes[0]!)!.map(Number);
    expect(lo).toBeLessThan(about!);
    expect(about).toBeLessThan(hi!);
  }
});

test('where the law misses the means by more than seeds differ, seeds alone do not make it sure', () => {
  const seeds = [0, 1, 2, 3];
  const quiet = recipes({ law: LAW, seeds, noise: 1e-5 }, { law: LAW, seeds, noise: 1e-5 });
  const bent = ({ name, points }: ComparedRecipe, shift: number) => ({
    name,
    points: points.map((point, i) => ({
      ...point,
      losses: point.losses.map(({ seed, loss }) => ({ seed, loss: loss + shift * (-1) ** i })),
    })),
  });
  const { notes, at } = compare({ a: bent(quiet.a, 0.02), b: bent(quiet.b, -0.02), targets: [256], grid: [] });
  expect(notes.join(' ')).toContain('miss the law by more than seeds differ');
  expect(at[0]!.intervals['80'][1] - at[0]!.intervals['80'][0]).toBeGreaterThan(0.02);
});

test('recipes whose sizes differ at one width are paired by width and compared at equal size', () => {
  const { a, b } = recipes({ law: LAW }, { law: BETTER, x: (width) => 1.5 * width });
  const { at, notes, measured } = compare({ a, b, targets: [256], grid: [] });
  expect(at[0]!.difference).toBeCloseTo(lawAt(LAW, 256) - lawAt(BETTER, 256 / 1.5), 1);
  expect(notes.join(' ')).toContain('compared at equal size');
  expect(measured[0]!.x).toBeCloseTo(16 * Math.sqrt(1.5), 12);
});

test.each([
  ['a.points[1].losses[0].loss', (request: Request) => (request.a.points[1]!.losses[0]!.loss = NaN)],
  ['b.points[0].x', (request: Request) => (request.b.points[0]!.x = 0)],
  ['b.points[2].width', (request: Request) => (request.b.points[2]!.width = 16)],
  ['a.points[0].losses[1].seed', (request: Request) => request.a.points[0]!.losses.push({ seed: 0, loss: 3 })],
  ['targets[0]', (request: Request) => (request.targets = [-1])],
  ['grid[1]', (request: Request) => (request.grid = [1, Infinity])],
])('%s is named where it cannot be used', (field, spoil) => {
  const request: Request = { ...recipes({ law: LAW }, { law: LAW }), targets: [256], grid: [] };
  spoil(request);
  expect(() => compare(request)).toThrow(InputError);
  expect(() => compare(request)).toThrow(field);
});

type Request = Parameters<typeof compare>[0];

function crossing(p: Law, q: Law): number {
  let [lo, hi] = [16, 256];
  while (hi - lo > 1e-6) {
    const middle = (lo + hi) / 2;
    if ((lawAt(p, middle) - lawAt(q, middle)) * (lawAt(p, lo) - lawAt(q, lo)) > 0) lo = middle;
    else hi = middle;
  }
  return lo;
}
