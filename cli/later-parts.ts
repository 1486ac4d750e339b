/** The files that a built page loads later than at its start: it is told of them, so that it can load them ahead. */
import type { Plugin, Rolldown } from 'vite';

/** Scripts and styles, each after those that it needs. @param start the page's own script. */
export function laterParts(start: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle): string[] {
  const known = new Set<string>();
  const names: string[] = [];
  const later: string[] = [];
  const add = (name: string) => {
    const chunk = bundle[name];
    if (known.has(name) || chunk?.type !== 'chunk') return;
    known.add(name);
    chunk.imports.forEach(add);
    for (const file of [...(chunk.viteMetadata?.importedCss ?? []), name]) if (!names.includes(file)) names.push(file);
    later.push(...chunk.dynamicImports);
  };
  add(start.fileName);
  const { length } = names;
  while (later.length > 0) add(later.shift()!);
  return names.slice(length);
}

/** Names them in the page itself: an open page loads those of its own deployment. */
export const namesLaterParts: Plugin = {
  name: 'names-later-parts',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { chunk, bundle, path }) => {
      if (!chunk || !bundle || path !== '/index.html') return;
      return [
        { tag: 'meta', attrs: { name: 'parts', content: laterParts(chunk, bundle).join(' ') }, injectTo: 'head' },
      ];
    },
  },
};
