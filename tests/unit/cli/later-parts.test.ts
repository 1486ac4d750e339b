import type { Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { laterParts } from '../../../cli/later-parts.ts';

type Links = { imports?: string[]; dynamicImports?: string[]; css?: string[] };

const chunk = (fileName: string, { imports = [], dynamicImports = [], css = [] }: Links = {}) =>
  ({
    type: 'chunk',
    fileName,
    imports,
    dynamicImports,
    viteMetadata: { importedCss: new Set(css) },
  }) as unknown as Rolldown.OutputChunk;

test('all that a page can come to is named once, after what it needs, and nothing of its start or of another page', () => {
  const chunks = [
    chunk('start.js', { imports: ['shared.js'], dynamicImports: ['view.js'], css: ['start.css'] }),
    chunk('shared.js'),
    chunk('view.js', {
      imports: ['shared.js', 'chart.js'],
      dynamicImports: ['export.js', 'view.js'],
      css: ['view.css'],
    }),
    chunk('chart.js', { css: ['chart.css'] }),
    chunk('export.js', { imports: ['chart.js'] }),
    chunk('headless.js', { dynamicImports: ['dump.js'] }),
    chunk('dump.js'),
  ];
  const bundle = Object.fromEntries(chunks.map((one) => [one.fileName, one]));
  expect(laterParts(chunks[0]!, bundle)).toEqual(['chart.css', 'chart.js', 'view.css', 'view.js', 'export.js']);
});
