/** What Svelte warns of is a fault of the page: a derived that outlived its owner shows what was true once. */
const { warn } = console;

console.warn = (...words: unknown[]) => {
  if (/svelte/.test(String(words[0]))) throw new Error(words.join(' '));
  warn(...words);
};
