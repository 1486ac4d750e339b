import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Imports run downward only: each room lists the rooms above or beside it that it must not know. */
const closedTo = {
  model: ['data', 'scaling', 'checks', 'reference', 'gpu', 'workers', 'ui'],
  data: ['scaling', 'checks', 'reference', 'gpu', 'workers', 'ui'],
  scaling: ['data', 'checks', 'reference', 'gpu', 'workers', 'ui'],
  checks: ['data', 'reference', 'gpu', 'workers', 'ui'],
  reference: ['checks', 'gpu', 'workers', 'ui'],
  gpu: ['checks', 'reference', 'workers', 'ui'],
  workers: ['ui'],
  ui: ['gpu', 'reference'],
};

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'public/', 'results/', 'screenshots/'] },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: { '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }], 'no-undef': 'off' },
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  Object.entries(closedTo).map(([room, closed]) => ({
    files: [`src/${room}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: closed.map((other) => `**/${other}/**`), message: `src/${room} must not know this room.` },
          ],
        },
      ],
    },
  })),
);
