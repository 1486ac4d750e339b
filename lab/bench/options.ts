/** What the bench is asked for. */
import { InputError } from '../../src/model/parse.ts';
import { readOptions } from '../../cli/command.ts';
import type { Runtime, SectionName } from './figures.ts';

export const USAGE =
  'npm run bench [-- --out bench.json] [--only SECTION[,SECTION]] [--quick] [--runtime browser|node] [--browser PATH]';

/** In the order in which they are measured and printed. What opens with a fresh device comes first. */
export const SECTION_NAMES = [
  'first-step',
  'steps',
  'cohorts',
  'matmul',
  'launches',
  'kernels',
  'cost',
  'idle',
  'refit',
  'long-tasks',
  'first-load',
  'browsers',
  'endurance',
  'cpu-cores',
] as const satisfies readonly SectionName[];

/** Sections about the page itself, or beside it: there is none in Node. */
const OF_THE_PAGE = [
  'long-tasks',
  'first-load',
  'browsers',
  'endurance',
  'cpu-cores',
] as const satisfies readonly SectionName[];
type PageSectionName = (typeof OF_THE_PAGE)[number];

export const isOfThePage = (name: SectionName): name is PageSectionName =>
  (OF_THE_PAGE as readonly SectionName[]).includes(name);

export interface BenchOptions {
  help: boolean;
  /** Where bench.json goes; undefined where none is wanted. */
  out: string | undefined;
  sections: SectionName[];
  quick: boolean;
  runtime: Runtime;
  browser: string | undefined;
}

const OPTIONS = {
  out: { type: 'string' },
  only: { type: 'string' },
  quick: { type: 'boolean' },
  runtime: { type: 'string' },
  browser: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @throws InputError naming the option at fault and what it may be. */
export function readBenchOptions(args: string[]): BenchOptions {
  const { values, positionals } = readOptions(args, OPTIONS, USAGE);
  if (positionals.length > 0) throw new InputError('bench', `"${positionals[0]}" is not understood; usage: ${USAGE}`);
  const runtime = runtimeOf(values.runtime);
  if (runtime === 'node' && values.browser !== undefined) {
    throw new InputError(
      '--browser',
      '--browser names a browser, and --runtime node uses none; leave one of them out.',
    );
  }
  return {
    help: values.help ?? false,
    out: values.out,
    sections: sectionsOf(values.only, runtime),
    quick: values.quick ?? false,
    runtime,
    browser: values.browser,
  };
}

function runtimeOf(text = 'browser'): Runtime {
  if (text === 'browser' || text === 'node') return text;
  throw new InputError('--runtime', `--runtime must be browser or node, not "${text}".`);
}

function sectionsOf(only: string | undefined, runtime: Runtime): SectionName[] {
  const allowed = SECTION_NAMES.filter((name) => runtime === 'browser' || !isOfThePage(name));
  if (only === undefined) return allowed;
  const wanted = only.split(',').map((name) => name.trim());
  for (const name of wanted) {
    if ((allowed as string[]).includes(name)) continue;
    const isOfPage = (OF_THE_PAGE as readonly string[]).includes(name);
    const why = isOfPage ? `measures the page, and --runtime ${runtime} has none` : 'is no section';
    throw new InputError('--only', `--only: "${name}" ${why}; choose from ${allowed.join(', ')}.`);
  }
  return allowed.filter((name) => wanted.includes(name));
}
