import { expect, test } from 'vitest';
import { addCounts, countsOf, NONE, summary } from '../../../cli/test-counts.ts';

const report = {
  numPassedTests: 118,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
};

test('the last line is exactly what CI looks for', () => {
  expect(summary(addCounts(countsOf(report, true), { ...NONE, passed: 2 }))).toBe('120 passed, 0 failed');
  expect(summary({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

test('nothing that went wrong is lost: a file that did not load, an error outside tests, no report at all', () => {
  const broken = { ...report, testResults: [{ status: 'failed', assertionResults: [] }] };
  expect(countsOf(broken, false).failed).toBe(1);
  expect(countsOf(report, false).failed).toBe(1);
  expect(countsOf(null, true).failed).toBe(1);
  expect(countsOf({ ...report, numFailedTests: 2 }, false).failed).toBe(2);
});
