import { expect, it } from 'vitest';
import type { FitReport } from '../../../src/scaling/width/report.ts';
import { Findings } from '../../../src/ui/state/findings.svelte.ts';
import { asking } from '../experiment/fakes.ts';
import { fakeFit } from './fake-stream.ts';
import { watch } from './fake-browser.svelte.ts';

const lawAt = (x: number) => ({ kind: 'law' as const, inputs: { points: [{ x, loss: 3 }], targets: [], grid: [] } });

/** Findings that come when they are let come, and what was asked for them. */
function stage() {
  const waiting: (() => void)[] = [];
  const asked: number[] = [];
  const law = (inputs: Parameters<typeof fakeFit>[0]) => {
    asked.push(inputs.points[0].x);
    return new Promise<FitReport>((resolve) => waiting.push(() => resolve(fakeFit(inputs))));
  };
  const findings = new Findings(asking({ law }));
  const answer = () => waiting.shift()!();
  const xOf = (about: string, x: number) => findings.on(about, lawAt(x)).answered?.question.inputs.points[0].x;
  return { findings, asked, answer, xOf };
}

it('never show an earlier answer than the latest question asks for, and ask no oftener than they are answered', async () => {
  const { findings, asked, answer, xOf } = stage();
  expect(findings.on('muP', null).isPending).toBe(false);
  expect(findings.on('muP', lawAt(1)).isPending).toBe(true);
  await expect.poll(() => asked).toEqual([1]);
  xOf('muP', 2);
  expect(xOf('muP', 3)).toBeUndefined();
  answer();
  await expect.poll(() => asked).toEqual([1, 3]);
  expect(xOf('muP', 3)).toBeUndefined();
  answer();
  await expect.poll(() => xOf('muP', 3)).toBe(3);
  expect(findings.on('muP', lawAt(3)).isPending).toBe(false);
  // Until it is answered a new question shows the answer before it, with the question that one answers.
  expect(xOf('muP', 4)).toBe(3);
  await expect.poll(() => asked).toEqual([1, 3, 4]);
  expect(findings.on('muP', null).answered).toBeNull();
  expect(xOf('muP', 5)).toBeUndefined();
});

it('say why there is no answer, and ask nothing that was answered already', async () => {
  const findings = new Findings(asking({ law: () => Promise.reject(new Error('no law')) }));
  await expect.poll(() => findings.on('muP', lawAt(1)).problem).toBe('no law');
  expect(findings.on('muP', lawAt(1)).answered).toBeNull();
  const { asked, answer, xOf } = stage();
  xOf('muP', 1);
  await expect.poll(() => asked).toEqual([1]);
  answer();
  await expect.poll(() => xOf('muP', 1)).toBe(1);
  expect(asked).toEqual([1]);
});

it('an answer about another thing is never shown', async () => {
  const { asked, answer, xOf } = stage();
  xOf('muP', 1);
  await expect.poll(() => asked).toEqual([1]);
  answer();
  await expect.poll(() => xOf('muP', 1)).toBe(1);
  expect(xOf('SP', 1)).toBeUndefined();
  await expect.poll(() => asked).toEqual([1, 1]);
  answer();
  await expect.poll(() => xOf('SP', 1)).toBe(1);
});

it('whatever reads an answer hears of it', async () => {
  const { asked, answer, xOf } = stage();
  const seen: (number | undefined)[] = [];
  const leave = watch(() => void seen.push(xOf('muP', 1)));
  await expect.poll(() => asked).toEqual([1]);
  answer();
  await expect.poll(() => seen).toEqual([undefined, 1]);
  leave();
});

it('of a table that is changed no earlier answer is seen, and a burst of changes asks twice', async () => {
  const { findings, asked, answer } = stage();
  const exactly = (x: number) => findings.exactly('law of the table', lawAt(x));
  for (let x = 1; x <= 20; x++) expect(exactly(x)).toMatchObject({ answered: null, isPending: true });
  await expect.poll(() => asked).toEqual([20]);
  exactly(21);
  exactly(22);
  answer();
  await expect.poll(() => asked).toEqual([20, 22]);
  expect(exactly(22).answered).toBeNull();
  answer();
  await expect.poll(() => exactly(22).answered?.question.inputs.points[0].x).toBe(22);
  expect(exactly(23)).toMatchObject({ answered: null, isPending: true });
});

it('things on show are remembered, however many they are', async () => {
  const findings = new Findings(asking({ law: async (inputs) => fakeFit(inputs) }));
  const names = Array.from({ length: 150 }, (_, i) => `recipe ${i}`);
  const answered = () => names.filter((name) => findings.on(name, lawAt(1)).answered !== null).length;
  await expect.poll(answered).toBe(150);
});
