/** `npm run verify -- FILE...`: what can be known of the seals in a result from the file alone, and what cannot. */
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { analyse } from '../src/analysis/analyse.ts';
import type { Ask } from '../src/analysis/ask.ts';
import { publicationOf, tablePublicationOf } from '../src/experiment/verify/publication.ts';
import { percentOf } from '../src/experiment/verify/sameness.ts';
import { unmatched } from '../src/experiment/verify/seal-statements.ts';
import type { Standing, Statement } from '../src/experiment/verify/statement.ts';
import { tableSealTitle, verifyTable } from '../src/experiment/verify/verify-table.ts';
import { sealTitle, verify } from '../src/experiment/verify/verify.ts';
import { own } from '../src/model/own.ts';
import { InputError } from '../src/model/parse.ts';
import { parseResult, RESULT_SCHEMA, type ExperimentResult, type SealedPrediction } from '../src/model/result.ts';
import { FIT_SCHEMA, parseFitFile, type FitFile } from '../src/scaling/fit-file.ts';
import type { LossSeal } from '../src/scaling/loss-seal.ts';
import { version } from '../package.json';
import { EXIT, readOptions } from './command.ts';
import { commitOf } from './commit.ts';
import { reasonOf } from './output.ts';
import { ROOT } from './root.ts';
import { lossText } from './words.ts';

const USAGE = `npm run verify -- FILE... [--hash HASH ...] [--publish]

  FILE         a result.json or a fit.json, of this page, of npm run experiment or of anybody
  --hash HASH  a seal's SHA-256 that was published or kept elsewhere before; may be given several times
  --publish    print the text to publish of the seals instead: what is predicted, its hash, and how to check it

  Exit code 0 where everything holds that a file can tell, 1 where something does not, 2 for input that cannot be read.`;

const OPTIONS = {
  hash: { type: 'string', multiple: true },
  publish: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Sealed = { path: string } & ({ kind: 'result'; content: ExperimentResult } | { kind: 'table'; content: FitFile });

/** Runs the command; returns its exit code. */
export async function verifyCommand(
  args: string[],
  print: (text: string) => void,
  complain: (text: string) => void,
): Promise<number> {
  try {
    return await run(args, print);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    complain(error.message);
    return EXIT.badInput;
  }
}

async function run(args: string[], print: (text: string) => void): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS, 'npm run verify -- FILE... [--hash HASH ...] [--publish]');
  if (values.help) {
    print(USAGE);
    return EXIT.ok;
  }
  if (positionals.length === 0) throw new InputError('file', 'Name the file: npm run verify -- result.json');
  const published = (values.hash ?? []).map(hashIn);
  const files = positionals.map(readSealed);
  if (values.publish) {
    for (const file of files) print(plain(publicationIn(file)));
    return EXIT.ok;
  }
  const statements: Statement[] = [];
  for (const file of files) {
    const found = await statementsOf(file, published);
    print(`${statements.length > 0 ? '\n' : ''}${textOf(file, found)}`);
    statements.push(...found);
  }
  const strange = unmatched(files.flatMap(sealsIn), published);
  for (const hash of strange)
    print(`\n${MARKS['does not hold']} No seal of ${positionals.join(', ')} has the published hash ${hash}.`);
  const count = (standing: Standing) => statements.filter((one) => one.standing === standing).length;
  const bad = count('does not hold') + strange.length;
  print(
    `\n${MARKS.holds} holds: ${count('holds')}   ${MARKS['does not hold']} does not hold: ${bad}   ${MARKS['cannot be known']} cannot be known from the file: ${count('cannot be known')}`,
  );
  return bad > 0 ? EXIT.failure : EXIT.ok;
}

const MARKS: Readonly<Record<Standing, string>> = { holds: '✓', 'does not hold': '✗', 'cannot be known': '?' };

const ask: Ask = async (question) => analyse(question);

const statementsOf = (file: Sealed, published: readonly string[]): Promise<Statement[]> =>
  file.kind === 'result' ? verify(file.content, ask, published) : verifyTable(file.content, ask, published);

const sealsIn = (file: Sealed): readonly (SealedPrediction | LossSeal)[] => file.content.sealed ?? [];

/** Names in a file of somebody else may hold what a terminal takes for orders. */
// eslint-disable-next-line no-control-regex -- those are what is meant
const plain = (text: string): string => text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

/** Seal by seal, each below its own prediction. */
function textOf(file: Sealed, statements: readonly Statement[]): string {
  const heads =
    file.kind === 'result'
      ? file.content.sealed.map((seal) => ({ ...seal, title: sealTitle(seal) }))
      : (file.content.sealed ?? []).map((seal) => ({ ...seal, title: tableSealTitle(seal) }));
  const lines = (seal: string | null) =>
    statements.filter((one) => one.seal === seal).map(({ standing, sentence }) => `  ${MARKS[standing]} ${sentence}`);
  const titles = [...new Set(heads.map(({ title }) => title))];
  const seals = titles.flatMap((title) => {
    const { loss, lo, hi, level } = heads.find((head) => head.title === title)!;
    return [
      `${title}: loss ${lossText(loss)}, ${percentOf(level)} % interval ${lossText(lo)} to ${lossText(hi)}`,
      ...lines(title),
    ];
  });
  return plain([file.path, ...seals, 'The whole file', ...lines(null)].join('\n'));
}

function publicationIn(file: Sealed): string {
  const sealed = sealsIn(file);
  if (sealed.length === 0) throw new InputError('file', `${file.path}: nothing is sealed in it.`);
  if (file.kind === 'result') return publicationOf(file.content, file.content.app);
  return tablePublicationOf(file.content.sealed!, '', { version, commit: commitOf(ROOT) });
}

/** @throws InputError where it is no hash of a seal. */
function hashIn(text: string): string {
  const hash = text.trim().toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new InputError('--hash', `--hash must be the 64 hexadecimal digits of a SHA-256, not "${text}".`);
}

/** @throws InputError naming the file, and the field at fault in it. */
function readSealed(path: string): Sealed {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(readFileSync(path)));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : reasonOf(error);
    throw new InputError('file', `"${path}" cannot be read: ${why}.`);
  }
  const schema = own(Object(parsed) as Record<string, unknown>, 'schema');
  try {
    if (schema === RESULT_SCHEMA) return { path, kind: 'result', content: parseResult(parsed) };
    if (schema === FIT_SCHEMA) return { path, kind: 'table', content: parseFitFile(parsed) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError('file', `"${path}" cannot be verified: ${error.message}`);
  }
  throw new InputError(
    'file',
    `"${path}" is neither a result.json nor a fit.json: its schema is neither ${RESULT_SCHEMA} nor ${FIT_SCHEMA}.`,
  );
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  // Whoever reads a pipe may have seen enough, as `head` has.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  process.exitCode = await verifyCommand(process.argv.slice(2), console.log, console.error);
}
