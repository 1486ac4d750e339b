/** The pace on a simulated queue and clock: how long work takes that a browser answers for late, and what a submit carries. */
import { describe, expect, test } from 'vitest';
import { guessedStep, MOST_SUBMITS, Pace } from '../../../src/gpu/pace.ts';

interface Machine {
  /** Work of a step in ms. */
  step: number;
  /** When the browser tells of what ended at a time. */
  answer(ended: number): number;
  /** Milliseconds by which the page is late to take the nth answer. */
  late?(answer: number): number;
}

const after = (delay: number) => (ended: number) => ended + delay;
const onTimer = (period: number) => (ended: number) => (Math.floor(ended / period) + 1) * period;

interface Course {
  /** From the first submit to the last delivery, ms. */
  total: number;
  /** Work of each submit in ms, in order. */
  submits: number[];
  /** Most parts that a step was cut into after the first ten steps. */
  parts: number;
  /** Most work in flight, ms. */
  inFlight: number;
}

const LAUNCHES = 50;

/** Trains `steps` steps as the trainer does, on a clock of its own. */
function course({ step, answer, late = () => 0 }: Machine, steps: number, guess = 1): Course {
  let now = 0;
  let free = 0;
  let answers = 0;
  const pace = new Pace(guess, LAUNCHES, () => now);
  const waiting: { at: number; tell(): void }[] = [];
  const submits: number[] = [];
  const partsInFlight: number[] = [];
  let parts = 1;
  let inFlight = 0;
  const run = (work: number) => {
    free = Math.max(free, now) + work;
    submits.push(work);
    inFlight = Math.max(inFlight, free - now);
    return answer(free);
  };
  const advance = (until: number) => {
    for (;;) {
      const next = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      waiting.splice(waiting.indexOf(next), 1);
      now = Math.max(now, next.at);
      next.tell();
    }
    now = Math.max(now, until);
  };
  const awaited = () => Math.min(...waiting.map(({ at }) => at));
  let taken = 0;
  let delivered = 0;
  while (taken < steps) {
    while (!pace.hasRoom) advance(awaited());
    if (pace.isIdle) {
      const asked = now;
      waiting.push({ at: answer(Math.max(now, free)), tell: () => pace.answered(now - asked) });
    }
    const cut = pace.parts;
    const count = cut > 1 ? 1 : Math.min(pace.steps, steps - taken);
    pace.submitted(count);
    if (taken >= 10) parts = Math.max(parts, cut);
    let ended = 0;
    for (let part = 0; part < cut; part++) {
      while (cut > 1 && partsInFlight.length >= pace.partsAhead) advance(partsInFlight.shift()!);
      ended = run((step * count) / cut);
      if (cut > 1) partsInFlight.push(ended);
    }
    waiting.push({
      at: ended + late(answers++),
      tell: () => {
        delivered += count;
        pace.delivered();
      },
    });
    taken += count;
  }
  while (delivered < steps) advance(awaited());
  return { total: now, submits, parts, inFlight };
}

const STEPS = [0.1, 0.5, 2, 8, 30, 120, 500];

describe.each([0, 5, 100, 1000])('answers that come after %d ms', (delay) => {
  test.each(STEPS)('steps of %d ms: the GPU works nearly all the time, whatever was guessed', (step) => {
    const steps = Math.ceil(Math.max(40, 20_000 / step));
    for (const guess of [step / 4, step, 20 * step]) {
      for (const answer of delay === 0 ? [after(0.1)] : [after(delay), onTimer(delay)]) {
        const { total, inFlight, parts, submits } = course({ step, answer }, steps, guess);
        // What is left: the answers of the first rounds, while it is found out how much a round may carry.
        expect(total).toBeLessThan(1.1 * step * steps + 18 * delay + 100);
        // A pause or a cancelling waits for it.
        expect(inFlight).toBeLessThan(4 * (delay + 30) + 3 * step);
        if (step < 15) expect(parts).toBe(1);
        if (delay <= 5 && step <= 8) expect(Math.max(...submits.slice(20))).toBeLessThan(18);
        if (step > 100) expect(Math.max(...submits.slice(20 * LAUNCHES))).toBeLessThan(60);
      }
    }
  });
});

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

test('a step is never cut, and what is sent never halved, because one answer was late', () => {
  const machine = { step: 4, answer: after(0.1) };
  const calm = course(machine, 400);
  const disturbed = course({ ...machine, late: (answer) => (answer % 9 === 8 ? 700 : 0) }, 400);
  expect(disturbed.parts).toBe(1);
  expect(median(disturbed.submits)).toBe(median(calm.submits));
});

test('a machine that slept for an hour goes on as it was', () => {
  const machine = { step: 4, answer: after(0.1) };
  const calm = course(machine, 400);
  const slept = course({ ...machine, late: (answer) => (answer === 30 ? 3_600_000 : 0) }, 400);
  expect(slept.parts).toBe(1);
  expect(median(slept.submits)).toBe(median(calm.submits));
  expect(slept.total).toBeLessThan(calm.total + 3_600_000 + 100);
});

test('answers that come later and later, as in a tab that nobody looks at, do not end in single steps', () => {
  const answer = (ended: number) => (ended < 2000 ? ended + 0.1 : onTimer(1000)(ended));
  const { total, parts, submits } = course({ step: 0.5, answer }, 20_000);
  expect(parts).toBe(1);
  // Two seconds at full speed, and then most of each second.
  expect(total).toBeLessThan(20_000);
  expect(Math.min(...submits.slice(-10, -2))).toBeGreaterThan(4);
});

test('no more is in flight than there are places', () => {
  const pace = new Pace(100, LAUNCHES, () => 0);
  let given = 0;
  for (; pace.hasRoom && given < 100; given++) pace.submitted(0);
  expect(given).toBe(MOST_SUBMITS);
});

test('a guess grows with launches and with work, and is longer for a software adapter', () => {
  expect(guessedStep(100, 0, false)).toBeGreaterThan(guessedStep(50, 0, false));
  expect(guessedStep(50, 1e9, false)).toBeGreaterThan(guessedStep(50, 1e6, false));
  expect(guessedStep(50, 1e9, true)).toBeGreaterThan(guessedStep(50, 1e9, false));
});
