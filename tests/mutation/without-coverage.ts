/**
 * Left out under mutation: tests that count over many simulated ladders how often an interval holds. They take seconds each, would
 * run for nearly every mutant, and a law must be held by exact values before it is held by frequencies.
 */
import { beforeEach } from 'vitest';

const COUNTS = /hold (about )?what they promise|as often as they say/;

beforeEach(({ task, skip }) => {
  if (COUNTS.test(`${task.suite?.name ?? ''} ${task.name}`)) skip();
});
