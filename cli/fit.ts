/** `npm run fit -- losses.csv ...`: fits the width law to losses measured anywhere and predicts the rest. */
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseLossTable, type LossSeries } from '../src/tables/loss-table.ts';
import { readNumber } from '../src/tables/typed-number.ts';
import { InputError } from '../src/model/parse.ts';
import { fileFitOf, fileJointOf, parseFitFile, FIT_SCHEMA } from '../src/scaling/fit-file.ts';
import { splitFirst } from '../src/scaling/width/first-points.ts';
import { fitReport } from '../src/scaling/width/fit.ts';
import { jointReport, type JointRequest } from '../src/scaling/joint/joint.ts';
import { printFit } from './fit-table.ts';
import { jointLines } from './joint-text.ts';
import { replaceFile } from './output.ts';

const USAGE = `npm run fit -- losses.csv [--x COLUMN] [--y COLUMN] [--series COLUMN] [--error COLUMN] [--seeds COLUMN]
                    [--tokens COLUMN] [--first K] [--target X ...] [--out fit.json]

  losses.csv   one row per measurement; a row with an empty loss is predicted
  --x, --y     the columns of x (width, parameters, ...) and of the loss; found by name or position otherwise
  --series     each value of this column is fitted on its own
  --error      the column of standard errors, by which points are weighted; found by name otherwise
  --seeds      the column that says how many runs a loss is the mean of; found by name otherwise
  --tokens     the column of training tokens: x is then parameters, and the joint law of both is fitted
  --first K    fit each series' K smallest x only and predict the rest
  --target X   predict the loss at X too; may be given several times
  --out FILE   write everything at full precision (${FIT_SCHEMA})`;

const OPTIONS = {
  x: { type: 'string' },
  y: { type: 'string' },
  series: { type: 'string' },
  error: { type: 'string' },
  seeds: { type: 'string' },
  tokens: { type: 'string' },
  first: { type: 'string' },
  target: { type: 'string', multiple: true },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What to type, where the sentence on a table only says what to choose. */
const ADVICE: Record<string, string> = {
  columns: 'Name them with --x and --y.',
  tokens: 'The option for that is --tokens.',
};

/** Runs the command; returns its exit code: 0, or 2 for input that a person can mend. */
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
  const { file, more } = fileAndTargets(positionals, values.target !== undefined);
  const first = values.first === undefined ? null : firstOf(values.first);
  if (values.tokens !== undefined) assertWithoutTokens(values);
  const targets = [...(values.target ?? []), ...more].map(targetOf);
  const table = inFile(file, () => parseLossTable(readText(file), values));
  const { x, y, series: seriesColumn, error, seeds, tokens } = table.columns;
  const columnsSaid = [`x is column "${x.name}"`, `loss is column "${y.name}"`];
  if (seriesColumn) columnsSaid.push(`series are in column "${seriesColumn.name}"`);
  if (error) columnsSaid.push(`standard errors are in column "${error.name}"`);
  if (seeds) columnsSaid.push(`numbers of seeds are in column "${seeds.name}"`);
  if (tokens) columnsSaid.push(`tokens are in column "${tokens.name}"`);
  print(`${file}: ${columnsSaid.join(', ')}.`);

  const fits = table.series.map((series) => {
    const columns = { series: series.name, x: x.name, y: y.name };
    if (tokens) {
      const report = jointReport(jointRequest(series));
      print(['', ...(series.name === null ? [] : [series.name]), ...jointLines(report)].join('\n'));
      return fileJointOf(report, columns);
    }
    const { fitted, heldOut } = splitFirst(series.points, first);
    if (first !== null && heldOut.length === 0) {
      print(`\n--first ${first} holds nothing back: there are not more points than that, so all are fitted.`);
    }
    const wanted = new Set([...series.targets, ...heldOut.map((point) => point.x), ...targets]);
    const report = fitReport({ points: fitted, targets: [...wanted].sort((p, q) => p - q), grid: [] });
    print(printFit(report, series.name, heldOut));
    return fileFitOf(report, columns);
  });
  if (values.out !== undefined) {
    write(values.out, parseFitFile({ schema: FIT_SCHEMA, fits }));
    print(`\nWritten to ${values.out}.`);
  }
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
function fileAndTargets(positionals: string[], hasTargets: boolean): { file: string; more: string[] } {
  const isMore = (word: string) => hasTargets && positionals.length > 1 && isNumber(word);
  const [file, ...extra] = positionals.filter((word) => !isMore(word));
  if (file === undefined) throw new InputError('file', 'Name the file of losses: npm run fit -- losses.csv');
  if (extra.length) throw new InputError('file', `One file at a time: "${extra[0]}" is one too many.`);
  return { file, more: positionals.filter(isMore) };
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

function targetOf(text: string): number {
  const { value: target, question } = readNumber(text, 'size');
  if (question) throw new InputError('--target', `--target ${question}`);
  if (target > 0) return target;
  throw new InputError('--target', `--target must be a finite number above 0, not "${text}".`);
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

const jointRequest = ({ points, jointTargets }: LossSeries): JointRequest => ({
  points: points.map(({ x, tokens, loss }) => ({ n: x, d: tokens!, loss })),
  targets: jointTargets,
});

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new InputError('file', `${file}: ${reason(error)}.`);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Not UTF-8: the same sentence as for a NUL byte.
  }
  throw new InputError('file', 'This is not a text file; a CSV in UTF-8 is needed.');
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
    const advice = ADVICE[error.field];
    throw new InputError(error.field, `${file}: ${error.message}${advice ? ` ${advice}` : ''}`);
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
  process.exitCode = fitCommand(process.argv.slice(2), console.log, console.error);
}
