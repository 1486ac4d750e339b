/** What `npm run mutate` plants faults in, and which tests have to find them. */

export interface Room {
  name: string;
  /** Globs of the files that decide its numbers and verdicts. */
  files: readonly string[];
  /** Globs of the tests that must find a fault in them: a room answers for itself, though others would stumble over it too. */
  tests: readonly string[];
}

export const ROOMS: readonly Room[] = [
  {
    name: 'model',
    files: ['parametrization*', '*schedule*', 'initialise', 'divergence'].map((name) => `src/model/${name}.ts`),
    tests: ['tests/unit/model/**/*.test.ts'],
  },
  {
    name: 'scaling',
    // The schemas of a file and of a seal decide nothing themselves.
    files: ['src/scaling/**/*.ts', '!src/scaling/fit-file.ts', '!src/scaling/loss-seal.ts'],
    tests: ['tests/unit/scaling/**/*.test.ts'],
  },
  {
    name: 'checks',
    files: ['src/checks/**/*.ts'],
    // Without the tests that train: what they prove is that rules planted in a recipe are named, and they take seconds each.
    tests: ['tests/unit/checks/**/!(planted-rules).test.ts'],
  },
  {
    name: 'seals',
    files: [
      ...['seal', 'table-seal', 'sealed-recipe'].map((name) => `src/experiment/${name}.ts`),
      ...['rung-points', 'joint-points'].map((name) => `src/analysis/${name}.ts`),
    ],
    tests: [
      ...['seal', 'verdicts', 'table-seal'].map((name) => `tests/unit/experiment/${name}.test.ts`),
      ...['rung-points', 'joint-points'].map((name) => `tests/unit/analysis/${name}.test.ts`),
    ],
  },
];
