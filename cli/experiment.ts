/** `npm run experiment`: trains an experiment without a page to look at, and prints what it predicts or checks. */
import { realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputError } from '../src/model/parse.ts';
import { presets } from '../src/model/presets.ts';
import { EXIT, Failure, readOptions, runCommand } from './command.ts';
import { withCommit } from './commit.ts';
import { readExperiment } from './experiment-input.ts';
import { assertWritableFile, assertWritableFolder } from './output.ts';
import { ProgressDisplay } from './progress.ts';
import { leftOverText, reportText } from './report.ts';
import { startTraining, type EngineChoice, type Training } from './training.ts';

const USAGE =
  'npm run experiment -- FILE-or-preset [--out result.json] [--dump DIR] [--engine gpu|reference] [--browser PATH] [--text FILE] [--quiet]';
const OPTIONS = {
  out: { type: 'string' },
  dump: { type: 'string' },
  engine: { type: 'string' },
  browser: { type: 'string' },
  text: { type: 'string' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Time within which interrupts are one press of ctrl-C. */
const SAME_PRESS_MILLISECONDS = 1000;

/** Runs the command; its exit code. @throws InputError for what a person can mend, Failure for what went wrong. */
export async function experimentCommand(args: string[]): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS, USAGE);
  if (values.help) {
    console.log(`${USAGE}\n\nPresets:`);
    const longest = Math.max(...presets.map(({ id }) => id.length));
    for (const { id, about } of presets) console.log(`  ${id.padEnd(longest)}  ${about}`);
    return EXIT.ok;
  }
  const engine = engineOf(values.engine);
  const inputs = readExperiment(sourceOf(positionals), values.text);
  if (values.out !== undefined) assertWritableFile(values.out, '--out');
  if (values.dump !== undefined) assertWritableFolder(values.dump, '--dump');

  const display = new ProgressDisplay(process.stdout, values.quiet ?? false, inputs.experiment.study);
  const interrupt = onInterrupt();
  const training = await startTraining({ ...inputs, engine, browser: values.browser, dump: values.dump }, display);
  const ended = await interrupt.around(training);
  display.clear();

  const result = withCommit(ended.result);
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
  const saved = values.out === undefined ? '' : ` Written to ${values.out}.`;
  console.log(`\n${reportText(result)}`);
  if (interrupt.happened) {
    process.stderr.write(`\nInterrupted: ${leftOverText(result)}${saved}\n`);
    return EXIT.interrupted;
  }
  if (ended.failure !== null) throw new Failure(`${ended.failure} ${leftOverText(result)}${saved}`);
  if (saved) console.log(`\n${saved.trim()}`);
  return EXIT.ok;
}

function engineOf(text = 'gpu'): EngineChoice {
  if (text === 'gpu' || text === 'reference') return text;
  throw new InputError('--engine', `--engine must be gpu or reference, not "${text}".`);
}

function sourceOf(positionals: string[]): string {
  if (positionals.length === 1) return positionals[0];
  const known = presets.map((preset) => preset.id).join(', ');
  const what = positionals.length === 0 ? 'Name an experiment file or a preset' : 'Name one experiment only';
  throw new InputError('experiment', `${what} (presets: ${known}); usage: ${USAGE}`);
}

/** The first ctrl-C asks the training for what is finished, the second one ends everything. */
function onInterrupt() {
  let training: Training | null = null;
  const state = {
    happened: false,
    around: async (started: Training) => {
      training = started;
      return started.ended;
    },
  };
  let first = -Infinity;
  process.on('SIGINT', () => {
    // One key press can arrive twice: from the terminal, and passed on by npm.
    if (state.happened && performance.now() - first < SAME_PRESS_MILLISECONDS) return;
    if (state.happened || !training) process.exit(EXIT.interrupted);
    state.happened = true;
    first = performance.now();
    process.stderr.write('\nStopping; once more to stop at once.\n');
    training.cancel();
  });
  return state;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runCommand(experimentCommand);
}
