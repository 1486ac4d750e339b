import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { SIGNAL_EXITS, StopSignals } from '../../../cli/stop-signals.ts';

function listening() {
  const process = new EventEmitter();
  const calls: string[] = [];
  let now = 0;
  const signals = new StopSignals(
    process as unknown as NodeJS.Process,
    (text) => calls.push(text),
    (code) => calls.push(`exit ${code}`),
    () => now,
  );
  const send = (signal: string, milliseconds = 0) => {
    now += milliseconds;
    process.emit(signal, signal);
  };
  return { signals, calls, send, training: { cancel: () => calls.push('cancel') } };
}

test.each(Object.entries(SIGNAL_EXITS))('%s ends the training with what there is', (signal, code) => {
  const { signals, calls, send, training } = listening();
  signals.end(training);
  send(signal);
  expect(calls).toEqual(['Stopping; once more to stop at once.', 'cancel']);
  expect(signals.code).toBe(code);
});

test('a signal that arrives twice at once is one, a later one ends everything', () => {
  const { signals, calls, send, training } = listening();
  signals.end(training);
  send('SIGTERM');
  send('SIGTERM', 5);
  expect(calls).not.toContain('exit 143');
  send('SIGTERM', 2000);
  expect(calls).toEqual(['Stopping; once more to stop at once.', 'cancel', 'exit 143']);
});

test('after the command nothing listens any more', () => {
  const { signals, calls, send } = listening();
  signals.release();
  send('SIGTERM');
  expect(calls).toEqual([]);
});

test('before anything trains there is nothing to wait for', () => {
  const { calls, send } = listening();
  send('SIGINT');
  expect(calls).toEqual(['exit 130']);
});
