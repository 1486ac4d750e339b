import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GLOSSARY } from '../../../src/ui/glossary/glossary.ts';

test('docs/glossary.md explains the same words in the same sentences as the page', () => {
  const page = readFileSync(new URL('../../../docs/glossary.md', import.meta.url), 'utf8');
  const entries = page.split('\n').filter((line) => line.startsWith('- '));
  expect(entries).toEqual(Object.entries(GLOSSARY).map(([term, words]) => `- **${term}**: ${words}`));
});
