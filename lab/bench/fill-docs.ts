/** `npx tsx lab/bench/fill-docs.ts bench.json [PAGE]`: puts the tables of a bench where a page of the docs has room for them. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Bench, SectionName } from './figures.ts';
import { SECTION_NAMES } from './options.ts';
import { sectionText } from './tables.ts';

const [source, PAGE = 'docs/benchmarks.md'] = process.argv.slice(2);
if (!source) throw new Error('usage: npx tsx lab/bench/fill-docs.ts bench.json [docs/benchmarks.md]');
const bench = JSON.parse(readFileSync(source, 'utf8')) as Bench;
let page = readFileSync(PAGE, 'utf8');
for (const name of SECTION_NAMES) if (bench.sections[name]) page = filled(page, name);
writeFileSync(PAGE, page);

/** The page has headings of its own. */
function filled(text: string, name: SectionName): string {
  const [begin, end] = [`<!-- table: ${name} -->`, `<!-- end: ${name} -->`];
  const [before, rest] = text.split(begin);
  if (rest === undefined) throw new Error(`${PAGE} has no "${begin}"`);
  const after = rest.includes(end) ? rest.slice(rest.indexOf(end) + end.length) : rest;
  const table = sectionText(bench, name).split('\n\n').slice(1).join('\n\n');
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}
