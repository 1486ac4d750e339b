import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadAhead } from '../../../src/ui/state/ahead.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  vi.stubGlobal('document', { querySelector: () => null });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('one thing after the other is loaded, each while the page is idle; what could not be is said and tried again until all is here', async () => {
  const log: string[] = [];
  let isConnected = false;
  const load = (name: string, needs: boolean) => async () => {
    log.push(name);
    if (needs && !isConnected) throw new TypeError('Failed to fetch');
  };
  const idle = (run: () => void) => (log.push('idle'), queueMicrotask(run));
  const told: boolean[] = [];
  const all = loadAhead([load('a', false), load('b', true), load('c', false)], (are) => told.push(are), idle);
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['idle', 'a', 'idle', 'b', 'idle', 'c']);
  expect(told).toEqual([false]);
  await vi.advanceTimersByTimeAsync(600_000);
  isConnected = true;
  await vi.advanceTimersByTimeAsync(300_000);
  await all;
  expect(new Set(log.slice(6))).toEqual(new Set(['idle', 'b']));
  expect([told[0], told.at(-1), told.indexOf(true)]).toEqual([false, true, told.length - 1]);
  const { length } = told;
  await vi.advanceTimersByTimeAsync(900_000);
  expect(told).toHaveLength(length);
});
