import { expect, test } from 'vitest';
import { Ending } from '../../../src/experiment/ending.ts';

test('what has no end yet holds no call that has settled, neither its result nor its failure', async () => {
  const ending = new Ending();
  const calls = Array.from({ length: 50 }, (_, i) =>
    ending.or(i % 2 ? Promise.resolve(i) : Promise.reject(new Error('refused'))),
  );
  expect(ending.pending).toBe(50);
  const settled = await Promise.allSettled(calls);
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(25);
  expect(ending.pending).toBe(0);
});

test('every call rejects with the end, those that wait and those that come', async () => {
  const ending = new Ending();
  const waiting = ending.or(new Promise(() => {}));
  ending.tell(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await expect(ending.or(new Promise(() => {}))).rejects.toThrow('gone');
  expect(ending.pending).toBe(0);
});
