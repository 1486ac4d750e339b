/** `npm run fit -- FILE...`: what measurements from anywhere say, whatever table they stand in. */
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tableChecks } from '../src/analysis/table-checks.ts';
import { seriesPairs } from '../src/analysis/series-pairs.ts';
import { sizeNameOf } from '../src/analysis/table-reading.ts';
import { InputError } from '../src/model/parse.ts';
import {
  fileFitOf,
  fileFrontierOf,
  fileJointOf,
  fileReadingOf,
  parseFitFile,
  FIT_SCHEMA,
  type FileFit,
  type FitFile,
} from '../src/scaling/fit-file.ts';
import { compare } from '../src/scaling/compare/compare.ts';
import { budgetsFor } from '../src/scaling/joint/isoflop.ts';
import { frontierReport, type FrontierReport } from '../src/scaling/joint/joint.ts';
import { splitFirst } from '../src/scaling/width/first-points.ts';
import { fitReport } from '../src/scaling/width/fit.ts';
import { decodeText } from '../src/tables/decode.ts';
import { laddersIn, type LossSeries } from '../src/tables/ladders.ts';
import { faultsInWords, leftOutInWords } from '../src/tables/faults.ts';
import { readTable, type Reading } from '../src/tables/reading.ts';
import { NOUNS, SHARED_ROLES, type Answer, type ColumnRequest, type Question, type Role } from '../src/tables/roles.ts';
import { LOGARITHM_BASES, unitOf, widthDoublings, type LogarithmBase } from '../src/tables/meanings.ts';
import { readNumber } from '../src/tables/typed-number.ts';
import { printFit } from './fit-table.ts';
import { frontierLines, jointLines } from './joint-text.ts';
import { replaceFile } from './output.ts';
import { basinText } from './report-basin.ts';
import { transferText } from './report-transfer.ts';
import { coordinateLines } from './table-coordinates-text.ts';

const USAGE = `npm run fit -- FILE... [--x COLUMN] [--y COLUMN] [--series COLUMN ...] [--error COLUMN] [--seeds COLUMN] [--seed COLUMN]
                    [--tokens COLUMN] [--sweep COLUMN ...] [--step COLUMN] [--module COLUMN] [--none COLUMN ...]
                    [--base 10|2|e] [--first K] [--target X ...] [--budget C ...] [--out fit.json]

  FILE         a table of measurements: delimited text, Markdown, JSON, YAML, a page's HTML; several files are read as one.
               What each column is for is found by its name and contents and said; a question that the table leaves open
               ends with exit code 2 and the option that settles it. A row with an empty loss is predicted; a row that cannot
               be read is left out, and said to be
  --x, --y     the columns of x (width, parameters, ...) and of the loss
  --series     each value of this column is fitted on its own
  --error      the column of standard errors, by which points are weighted
  --seeds      the column that says how many runs a loss is the mean of
  --seed       the column that tells repeats of a training apart
  --tokens     the column of training tokens: x is then parameters, and the joint law of both is fitted; "none" leaves
               it out of account
  --sweep      a swept hyperparameter: the law takes the best of each size
  --step       rows are steps of trainings: the last loss of each is taken
  --module     rows are activations of this module: a coordinate check
  --none       a column that counts for nothing
  --base B     the base of logarithms whose column does not say it
  --first K    fit each series' K smallest x only and predict the rest
  --target X   predict the loss at X too; may be given several times
  --budget C   the best size for C FLOPs, where there are tokens; may be given several times
  --out FILE   write everything at full precision (${FIT_SCHEMA})`;

const OPTIONS = {
  x: { type: 'string' },
  y: { type: 'string' },
  series: { type: 'string', multiple: true },
  error: { type: 'string' },
  seeds: { type: 'string' },
  seed: { type: 'string', multiple: true },
  tokens: { type: 'string' },
  sweep: { type: 'string', multiple: true },
  step: { type: 'string' },
  module: { type: 'string' },
  none: { type: 'string', multiple: true },
  base: { type: 'string' },
  first: { type: 'string' },
  target: { type: 'string', multiple: true },
  budget: { type: 'string', multiple: true },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parseOptions>['values'];

/** Series up to which each pair is compared. */
const MOST_COMPARED = 6;

/** Runs the command; returns its exit code: 0, or 2 for input that a person can mend and for a question that the table leaves open. */
export function fitCommand(args: string[], print: (text: string) => void, complain: (text: string) => void): number {
  try {
    run(args, print);
    return 0;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    complain(error.message);
    return 2;
  }
}

function run(args: string[], print: (text: string) => void): void {
  const { values, positionals } = parseOptions(args);
  if (values.help) return print(USAGE);
  const { files, more } = filesAndTargets(positionals, values.target !== undefined);
  const first = values.first === undefined ? null : firstOf(values.first);
  if (values.tokens !== undefined && values.tokens !== 'none') assertWithoutTokens(values);
  const budgets = (values.budget ?? []).map((text) => numberOf('--budget', text));
  const name = files.join(', ');
  const reading = inFile(name, () =>
    readTable(
      files.map((file) => ({ name: file, text: readText(file) })),
      requestOf(values),
      values.base === undefined ? null : baseOf(values.base),
    ),
  );
  print(`${name}: ${columnsInWords(reading)}.`);
  for (const { name: column, role, reason, isAsked } of reading.columns) {
    if (!isAsked) print(`  ${column}: ${role && role !== 'none' ? `${NOUNS[role]}, ` : ''}${reason}`);
  }
  for (const note of reading.notes) print(`  ${note}`);
  const isNothing = reading.measurements.length === 0 && reading.activations.length === 0;
  if (reading.faults.length > 0 && isNothing) {
    throw new InputError('file', `${name}: ${faultsInWords(reading.faults)}`);
  }
  const leftOut = leftOutInWords(reading.faults);
  if (leftOut) print(`  ${leftOut}`);
  const [question] = reading.questions;
  if (question) throw new InputError(question.field, `${name}: ${question.sentence}${optionsFor(question, reading)}`);
  const targets = [...(values.target ?? []), ...more].map((text) => targetOf(text, reading));
  const told = leftOut ? { ...reading, notes: [...reading.notes, leftOut] } : reading;
  const asked = { first, targets, budgets };
  for (const idle of idleOptions(reading, asked)) print(`  ${idle}`);
  const written = findings(told, asked, print);
  if (values.out !== undefined) {
    write(values.out, parseFitFile({ schema: FIT_SCHEMA, ...written }));
    print(`\nWritten to ${values.out}.`);
  }
}

interface Asked {
  first: number | null;
  targets: number[];
  budgets: number[];
}

/** Everything that the table says, printed one after the other, and as it stands in the file. */
function findings(reading: Reading, asked: Asked, print: (text: string) => void): Omit<FitFile, 'schema' | 'sealed'> {
  const ladders = laddersIn(reading).filter(({ points, targets }) => points.length + targets.length > 0);
  const xColumn = reading.columns.find(({ role }) => role === 'x')?.name ?? '';
  const yColumn = reading.columns.find(({ role }) => role === 'y')?.name ?? '';
  const isJoint = reading.kind === 'tokens';
  const frontiers: { series: string | null; found: FrontierReport }[] = [];
  const fits =
    reading.kind === 'activations'
      ? []
      : ladders.map((ladder): FileFit => {
          const columns = { series: ladder.name, x: xColumn, y: yColumn };
          if (!isJoint) return widthFit(ladder, columns, asked, print);
          const found = frontierReport(jointRequest(ladder, asked.budgets));
          frontiers.push({ series: ladder.name, found });
          print(
            [
              '',
              ...(ladder.name === null ? [] : [ladder.name]),
              ...ladder.notes.map((note) => `  ${note}`),
              ...jointLines(found.report),
              ...frontierLines(found),
            ].join('\n'),
          );
          return fileJointOf(found.report, columns);
        });
  const over = sizeNameOf(reading);
  const { transfer, basin, coordinates, collapse } = tableChecks({
    ...reading,
    over,
    widthDoublings: widthDoublings(over),
  });
  for (const one of transfer) print(`\n${transferText({ ...one, wider: null })}`);
  for (const one of basin) print(`\n${basinText(one, over)}`);
  for (const one of coordinates) print(`\n${coordinateLines(one).join('\n')}`);
  for (const { sentence } of collapse) print(`\n${sentence}`);
  const comparisons =
    isJoint || ladders.length > MOST_COMPARED
      ? []
      : seriesPairs(ladders, asked.targets, over).map((pair) => compare(pair));
  for (const { a, b, sentence } of comparisons) print(`\n${a} and ${b}: ${sentence}`);
  const frontier = frontiers.flatMap(({ series, found }) => fileFrontierOf(found, series) ?? []);
  const part = <T>(key: string, all: T[]) => (all.length > 0 ? { [key]: all } : {});
  return {
    fits,
    reading: fileReadingOf(reading),
    ...part('transfer', transfer),
    ...part('basin', basin),
    ...part('coordinates', coordinates),
    ...part('collapse', collapse),
    ...part('frontier', frontier),
    ...part('comparisons', comparisons),
  };
}

function widthFit(
  ladder: LossSeries,
  columns: { series: string | null; x: string; y: string },
  { first, targets }: Asked,
  print: (text: string) => void,
): FileFit {
  const { fitted, heldOut } = splitFirst(ladder.points, first);
  if (first !== null && heldOut.length === 0) {
    print(`\n--first ${first} holds nothing back: there are not more points than that, so all are fitted.`);
  }
  const wanted = new Set([...ladder.targets, ...heldOut.map((point) => point.x), ...targets]);
  const found = fitReport({ points: fitted, targets: [...wanted].sort((p, q) => p - q), grid: [] });
  const report = { ...found, notes: [...ladder.notes, ...found.notes] };
  print(printFit(report, ladder.name, heldOut));
  return fileFitOf(report, columns, heldOut);
}

const jointRequest = ({ points, jointTargets }: LossSeries, budgets: readonly number[]) => {
  const joint = points.map(({ x, tokens, loss }) => ({ n: x, d: tokens!, loss }));
  return { points: joint, targets: jointTargets, budgets: budgetsFor(joint, budgets) };
};

/** What was asked for and can say nothing of a table of this kind, a sentence each. */
function idleOptions({ kind, measurements, wanted }: Reading, { first, targets, budgets }: Asked): string[] {
  const hasLaw = kind !== 'activations' && [...measurements, ...wanted].some(({ size }) => !Number.isNaN(size));
  const why =
    kind === 'activations'
      ? 'a coordinate check has no law of losses'
      : hasLaw
        ? 'it needs a law of size and tokens, and the table has no column of tokens (--tokens COLUMN)'
        : 'no training has a size, so there is no law';
  const option = (name: string) => `${name} counts for nothing: ${why}.`;
  return [
    ...(first !== null && !hasLaw ? [option('--first')] : []),
    ...(targets.length > 0 && !hasLaw ? [option('--target')] : []),
    ...(budgets.length > 0 && kind !== 'tokens' ? [option('--budget')] : []),
  ];
}

const PHRASES: Partial<Record<Role, string>> = {
  x: 'x is column',
  y: 'loss is column',
  series: 'series are in column',
  error: 'standard errors are in column',
  seeds: 'numbers of seeds are in column',
  seed: 'seeds are in column',
  tokens: 'tokens are in column',
  sweep: 'a sweep is in column',
  step: 'steps are in column',
  module: 'modules are in column',
};

const columnsInWords = ({ columns }: Reading): string =>
  (Object.keys(PHRASES) as Role[])
    .flatMap((role) => columns.filter((one) => one.role === role).map(({ name }) => `${PHRASES[role]} "${name}"`))
    .join(', ');

const isShared = (role: Role): boolean => (SHARED_ROLES as readonly Role[]).includes(role);

/** The option that each answer is, ready to be typed. */
function optionsFor({ answers, bases = [] }: Question, reading: Reading): string {
  if (bases.length > 0) return ` The option for that is ${oneOf(bases.map((base) => `--base ${base}`))}.`;
  if (answers.length === 0) return '';
  const nameAt = (place: number) => reading.columns[place]!.name;
  const option = ({ role, places }: Answer) =>
    (places === null ? ['none'] : isShared(role) ? places.map(nameAt) : [nameAt(places[0]!)])
      .map((name) => `--${role} ${/^[\w./-]+$/.test(name) ? name : `"${name}"`}`)
      .join(' ');
  const [best, ...others] = answers;
  const more = others.map((answer) => `${option(answer)} (${answer.label})`);
  return ` The option for that is ${option(best!)} (${best!.label})${more.length > 0 ? `; or ${more.join(', or ')}` : ''}.`;
}

const oneOf = (all: readonly string[]): string => `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;

/** "none" means no column, unless one is called so. */
function requestOf(values: Values): ColumnRequest {
  const single = (wanted: string | undefined) => (wanted === 'none' ? null : wanted);
  const { x, y, series, error, seeds, seed, tokens, sweep, step, module, none } = values;
  const several = (wanted: string[] | undefined) => (wanted?.length === 1 && wanted[0] === 'none' ? null : wanted);
  return {
    ...{
      x,
      y,
      error: single(error),
      seeds: single(seeds),
      tokens: single(tokens),
      step: single(step),
      module: single(module),
    },
    ...{ series: several(series), seed: several(seed), sweep: several(sweep), none },
  };
}

function parseOptions(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const option = /'(?:-\w, )?(-[^' ]*)/.exec(message)?.[1] ?? 'option';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const known = Object.keys(OPTIONS).map((name) => `--${name}`);
      throw new InputError(option, `Unknown option ${option}; the options are ${known.join(', ')}.`);
    }
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
      if (option === '--help') throw new InputError(option, '--help takes no value.');
      // parseArgs takes a negative number for an option; for a person it is a value that is not allowed.
      const next = args[args.indexOf(option) + 1] ?? '';
      if (option === '--first' && next) firstOf(next);
      if (option === '--target' && next) targetOf(next);
      throw new InputError(option, `${option} needs a value after it.`);
    }
    throw error;
  }
}

/** After a --target further numbers are targets too, so that `--target 1024 2048` means what it says. */
function filesAndTargets(positionals: string[], hasTargets: boolean): { files: string[]; more: string[] } {
  const isMore = (word: string) => hasTargets && positionals.length > 1 && isNumber(word);
  const files = positionals.filter((word) => !isMore(word));
  if (files.length === 0) throw new InputError('file', 'Name the file of losses: npm run fit -- losses.csv');
  return { files, more: positionals.filter(isMore) };
}

function isNumber(text: string): boolean {
  const { value, question } = readNumber(text, 'size');
  return question !== null || !Number.isNaN(value);
}

function firstOf(text: string): number {
  const { value: first } = readNumber(text, 'whole');
  if (Number.isInteger(first) && first >= 3) return first;
  throw new InputError('--first', `--first must be a whole number of at least 3, not "${text}".`);
}

function baseOf(text: string): LogarithmBase {
  const base = LOGARITHM_BASES.find((one) => one === text.trim().toLowerCase());
  if (base !== undefined) return base;
  throw new InputError('--base', `--base must be 10, 2 or e, not "${text}".`);
}

/** A target as a cell of the column of x would have it: where its name has a unit, 6.9B is in that unit, too. */
function targetOf(text: string, reading: Reading | null = null): number {
  const target = numberOf('--target', text);
  const unit = unitOf(reading?.columns.find(({ role }) => role === 'x')?.name ?? '');
  return unit > 0 && /[a-z]$/i.test(text.trim()) ? target / 10 ** unit : target;
}

function numberOf(option: string, text: string): number {
  const { value, question } = readNumber(text, 'size');
  if (question) throw new InputError(option, `${option} ${question}`);
  if (value > 0) return value;
  throw new InputError(option, `${option} must be a finite number above 0, not "${text}".`);
}

/** With tokens a target is a size and a number of tokens, which only a row of the table can say. */
function assertWithoutTokens({ first, target }: { first?: string; target?: string[] }): void {
  const option = first !== undefined ? '--first' : target !== undefined ? '--target' : null;
  if (!option) return;
  throw new InputError(
    option,
    `${option} goes with a law over x alone; with --tokens leave the loss of a row empty to have it predicted.`,
  );
}

function readText(file: string): string {
  try {
    return decodeText(readFileSync(file));
  } catch (error) {
    if (error instanceof InputError) throw new InputError('file', `${file}: ${error.message}`);
    throw new InputError('file', `${file}: ${reason(error)}.`);
  }
}

/** Puts the file's name in front of what is wrong inside it, and the option in front of what is wrong with a column. */
function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError) || error.field.startsWith('--') || error.message.startsWith(`${file}:`))
      throw error;
    const [, role] = /^columns\.(\w+)$/.exec(error.field) ?? [];
    if (role) {
      const sentence = `${error.message[0]!.toLowerCase()}${error.message.slice(1)}`;
      throw new InputError(`--${role}`, `--${role}: ${sentence}`);
    }
    const isTold = file.split(', ').some((one) => error.message.startsWith(`${one}:`));
    const advice = error.field === 'columns' ? ' Name them with --x and --y.' : '';
    throw new InputError(error.field, `${isTold ? '' : `${file}: `}${error.message}${advice}`);
  }
}

function write(file: string, content: unknown): void {
  try {
    replaceFile(file, `${JSON.stringify(content, null, 2)}\n`);
  } catch (error) {
    throw new InputError('--out', `--out: ${file} cannot be written, ${reason(error)}.`);
  }
}

function reason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  return `the system says ${code ?? String(error)}`;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  // Whoever reads a pipe may have seen enough, as `head` has; a file that was asked for is written all the same.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  process.exitCode = fitCommand(process.argv.slice(2), console.log, console.error);
}
