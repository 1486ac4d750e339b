/** `npm run experiment`: trains an experiment without a page to look at, and prints what it predicts or checks. */
import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseExperiment } from '../src/model/experiment.ts';
import { newId } from '../src/model/identity.ts';
import { InputError } from '../src/model/parse.ts';
import { cannotTell } from '../src/model/past.ts';
import type { ExperimentResult } from '../src/model/result.ts';
import { presets } from '../src/model/presets.ts';
import { sweepsOf } from '../src/model/study.ts';
import { assertBatchesFit } from '../src/experiment/dump.ts';
import { EXIT, Failure, readOptions, runCommand } from './command.ts';
import { commitOf, withCommit } from './commit.ts';
import { readExperiment, withTexts, type ExperimentInputs } from './experiment-input.ts';
import { assertWritableFile, assertWritableFolder } from './output.ts';
import { ProgressDisplay } from './progress.ts';
import { leftOverText, reportText } from './report.ts';
import { ResultFile } from './result-file.ts';
import { goingOn, readEarlier, type Earlier } from './resume.ts';
import { ROOT } from './root.ts';
import { StopSignals } from './stop-signals.ts';
import { startTraining, type EngineChoice } from './training.ts';

const USAGE =
  'npm run experiment -- FILE-or-preset [--out result.json] [--resume result.json] [--dump DIR] [--engine gpu|reference] [--browser PATH] [--text FILE-or-folder] [--quiet]';
const OPTIONS = {
  out: { type: 'string' },
  resume: { type: 'string' },
  dump: { type: 'string' },
  engine: { type: 'string' },
  browser: { type: 'string' },
  text: { type: 'string' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs the command; its exit code. @throws InputError for what a person can mend, Failure for what went wrong. */
export async function experimentCommand(args: string[]): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS, USAGE);
  if (values.help) {
    console.log(`${USAGE}\n\nPresets:`);
    const longest = Math.max(...presets.map(({ id }) => id.length));
    for (const { id, about } of presets) console.log(`  ${id.padEnd(longest)}  ${about}`);
    return EXIT.ok;
  }
  const signals = new StopSignals(
    process,
    (text) => tell(`\n${text}`),
    (code) => process.exit(code),
  );
  try {
    return await train(values, positionals, signals);
  } finally {
    signals.release();
  }
}

const tell = (text: string) => process.stderr.write(`${text}\n`);

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>['values'];

/** @returns the exit code. */
async function train(values: Values, positionals: string[], signals: StopSignals): Promise<number> {
  const engine = engineOf(values.engine);
  const earlier = values.resume === undefined ? null : readEarlier(values.resume);
  const { notes, ...inputs } = inputsOf(positionals, values.text, earlier);
  const begun = earlier ? goingOn(earlier, inputs.experiment) : {};
  if (earlier && values.dump !== undefined) {
    throw new InputError(
      '--dump',
      '--dump: of runs that were finished before there are no parameters to write; leave out --dump or --resume.',
    );
  }
  if (values.out !== undefined) assertWritableFile(values.out, '--out');
  if (values.dump !== undefined) {
    assertBatchesFit(inputs.experiment.recipes);
    assertWritableFolder(values.dump, '--dump');
  }

  if (earlier?.doubt) tell(earlier.doubt);
  notes.forEach(tell);
  const { recipes, study } = inputs.experiment;
  const doubt = cannotTell(
    recipes,
    sweepsOf(study).map(({ parameter }) => parameter),
  );
  if (doubt !== null) tell(doubt);
  const display = new ProgressDisplay(process.stdout, values.quiet ?? false, inputs.experiment.study);
  const { id, created } = earlier?.result ?? { id: newId(), created: new Date().toISOString() };
  const commit = commitOf(ROOT);
  const stamped = (result: ExperimentResult) => withCommit({ ...result, id, created }, commit);
  const file = values.out === undefined ? null : new ResultFile(values.out, stamped, tell);
  // A terminal that is closed, or whoever read a pipe and is gone, takes no file away.
  if (file) for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  const request = { ...inputs, ...begun, engine, browser: values.browser, dump: values.dump };
  const training = await startTraining({ ...request, keep: (record) => file?.keep(record) }, display);
  signals.end(training);
  const ended = await training.ended;
  display.clear();

  const result = stamped(ended.result);
  try {
    file?.finish(result);
  } finally {
    console.log(`\n${reportText(result)}`);
  }
  const saved = file === null ? '' : ` Written to ${values.out}`;
  const goOn = saved && `${saved} (--resume ${values.out} goes on from it).`;
  if (signals.code !== null) {
    tell(`\nInterrupted: ${leftOverText(result)}${goOn}`);
    return signals.code;
  }
  if (ended.failure !== null) throw new Failure(`${ended.failure} ${leftOverText(result)}${goOn}`);
  if (saved) console.log(`\n${saved.trim()}.`);
  return EXIT.ok;
}

function engineOf(text = 'gpu'): EngineChoice {
  if (text === 'gpu' || text === 'reference') return text;
  throw new InputError('--engine', `--engine must be gpu or reference, not "${text}".`);
}

/** What is to be trained: what was named, else what was begun. */
function inputsOf(positionals: string[], textFile: string | undefined, earlier: Earlier | null): ExperimentInputs {
  if (!earlier || positionals.length > 0) return readExperiment(sourceOf(positionals), textFile);
  return withTexts(parseExperiment(earlier.result.experiment), dirname(resolve(earlier.path)), textFile);
}

function sourceOf(positionals: string[]): string {
  if (positionals.length === 1) return positionals[0];
  const known = presets.map((preset) => preset.id).join(', ');
  const what = positionals.length === 0 ? 'Name an experiment file or a preset' : 'Name one experiment only';
  throw new InputError('experiment', `${what} (presets: ${known}); usage: ${USAGE}`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runCommand(experimentCommand);
}
