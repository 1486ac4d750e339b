import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** What a person looks at; nothing that several of them share may know one. */
const VIEWS = ['predict', 'compare', 'transfer', 'coordinates', 'basin', 'learnt', 'losses'].map(
  (view) => `../${view}`,
);

/** Imports run downward only: each room lists the rooms above or beside it that it must not know. */
const closedTo = {
  model: ['data', 'scaling', 'checks', 'tables', 'reference', 'gpu', 'analysis', 'experiment', 'workers', 'ui'],
  data: ['scaling', 'checks', 'tables', 'reference', 'gpu', 'analysis', 'experiment', 'workers', 'ui'],
  scaling: ['data', 'checks', 'tables', 'reference', 'gpu', 'analysis', 'experiment', 'workers', 'ui'],
  checks: ['data', 'tables', 'reference', 'gpu', 'analysis', 'experiment', 'workers', 'ui'],
  tables: ['data', 'checks', 'reference', 'gpu', 'analysis', 'experiment', 'workers', 'ui'],
  reference: ['scaling', 'checks', 'tables', 'gpu', 'analysis', 'experiment', 'workers', 'ui'],
  gpu: ['scaling', 'checks', 'tables', 'reference', 'analysis', 'experiment', 'workers', 'ui'],
  analysis: ['gpu', 'reference', 'experiment', 'workers', 'ui'],
  experiment: ['workers', 'ui'],
  workers: ['ui'],
  ui: ['gpu', 'reference'],
  'ui/state': ['gpu', 'reference', ...VIEWS],
  'ui/law': ['gpu', 'reference', 'workers', ...VIEWS],
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
            {
              group: closed.map((other) => (other.startsWith('.') ? `${other}/**` : `**/${other}/**`)),
              message: `src/${room} must not know this room.`,
            },
          ],
        },
      ],
    },
  })),
);
