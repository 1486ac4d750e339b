/** Stryker as `npm run mutate` starts it, in the project's root; the files to change are named by the command. */
const kept = 'results/mutation';
const room = process.env.MUTATE_ROOM;

export default {
  testRunner: 'vitest',
  vitest: { configFile: 'lab/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // Words are read by tests of their own and on the page; a comparison with a word is changed as a condition.
  mutator: { excludedMutations: ['StringLiteral'] },
  // A constant of a module is read once, when it is loaded, so every test would have to run for it.
  ignoreStatic: true,
  concurrency: 2,
  // Other work on the machine must look neither like a mutant that never ends nor like tests that do not.
  timeoutMS: 30_000,
  timeoutFactor: 4,
  dryRunTimeoutMinutes: 120,
  incremental: true,
  incrementalFile: `${kept}/${room}.json`,
  reporters: ['progress-append-only', 'clear-text', 'html'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, allowEmojis: false },
  htmlReporter: { fileName: `${kept}/${room}.html` },
  tempDirName: `${kept}/sandbox`,
  ignorePatterns: ['dist', 'docs', 'results', 'screenshots', 'tests/e2e', 'tests/gpu', 'lab/bench'],
  thresholds: { high: 95, low: 85, break: 85 },
};
