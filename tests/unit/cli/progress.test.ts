import { expect, test } from 'vitest';
import { ProgressDisplay } from '../../../cli/progress.ts';
import { inWords } from '../../../cli/words.ts';
import type { ConductorEvent } from '../../../src/workers/protocol.ts';

const adapter = { vendor: 'acme', architecture: 'soft', description: '', features: [], software: true };
const engine: ConductorEvent = { kind: 'engine', engine: { kind: 'gpu', adapter, reason: null } };
const progress: ConductorEvent = {
  kind: 'progress',
  progress: {
    share: 0.426,
    secondsLeft: 80,
    current: { recipe: 'muP', width: 24, step: 120, steps: 200, secondsLeft: 30 },
  },
};

function shown(events: ConductorEvent[], isTTY: boolean, isQuiet = false): string {
  let text = '';
  const display = new ProgressDisplay({ isTTY, columns: 100, write: (part) => (text += part) }, isQuiet);
  events.forEach((event) => display.hear(event));
  display.clear();
  return text;
}

test('in a terminal one line is rewritten and taken away again', () => {
  const text = shown([progress, engine], true);
  expect(text).toContain(
    '\r\x1b[K 42 %  muP, width 24: step 120 of 200  30 s left for this width  1 min 20 s in all\r\x1b[K',
  );
});

test('a log has no control characters and not a line for every step', () => {
  const text = shown([engine, ...Array<ConductorEvent>(50).fill(progress)], false);
  expect(text.includes('\r') || text.includes('\x1b')).toBe(false);
  expect(text.split('\n').length).toBeLessThan(5);
});

test('a software adapter is warned about by name', () => {
  expect(shown([engine], false)).toBe(
    'Training on: acme soft.\nThis is a software adapter: no GPU does the work, so expect it to be slow.\n',
  );
});

test('quiet is quiet', () => {
  expect(shown([engine, progress], true, true)).toBe('');
});

test('durations in words', () => {
  expect([0.04, 9.96, 59.6, 61, 3599.6, 7500].map(inWords)).toEqual([
    '0.0 s',
    '10 s',
    '1 min 0 s',
    '1 min 1 s',
    '1 h 0 min',
    '2 h 5 min',
  ]);
});
