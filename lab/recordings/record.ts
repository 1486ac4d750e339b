/**
 * `npm run record`: trains the presets whose results the page shows before anything was trained, and writes public/recorded anew.
 * On Chromium's software adapter also where there is a GPU, for only there a test can hold them to the last digit.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, Failure, readOptions, runCommand } from '../../cli/command.ts';
import { commitOf, withCommit } from '../../cli/commit.ts';
import { ProgressDisplay } from '../../cli/progress.ts';
import { reportText } from '../../cli/report.ts';
import { ROOT } from '../../cli/root.ts';
import { startTraining } from '../../cli/training.ts';
import { InputError } from '../../src/model/parse.ts';
import { presetExperiment, RECORDED } from '../../src/model/presets.ts';
import { checkSeals } from '../../src/experiment/seal.ts';
import { isRecordedModel } from '../../src/ui/learnt/recorded-models.ts';
import { recordedPreset } from '../../src/ui/state/presets-of.ts';

const USAGE = 'npm run record [-- NAME…] [--browser PATH]';
const OPTIONS = { browser: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

await runCommand(async (args) => {
  const { values, positionals } = readOptions(args, OPTIONS, USAGE);
  if (values.help) {
    console.log(`${USAGE}\n\nTrains anew what public/recorded holds: ${RECORDED.join(', ')}.`);
    return EXIT.ok;
  }
  const unknown = positionals.find((name) => !RECORDED.includes(name));
  if (unknown !== undefined) {
    throw new InputError('name', `There is no recording "${unknown}"; there are ${RECORDED.join(', ')}.`);
  }
  // Before the first one is written, which changes the files.
  const commit = commitOf(ROOT);
  if (commit.endsWith('-dirty'))
    throw new Failure('A recording names the code that made it: commit what was changed first.');
  for (const name of RECORDED) {
    if (positionals.length === 0 || positionals.includes(name)) await record(name, commit, values.browser);
  }
  return EXIT.ok;
});

/** @throws Failure when it cannot be trained to its end; the earlier recording then stays. */
async function record(name: string, commit: string, browser: string | undefined): Promise<void> {
  const experiment = presetExperiment(name);
  const display = new ProgressDisplay(process.stdout, false, experiment.study);
  const request = { experiment, texts: {}, engine: 'gpu' as const, adapter: 'software' as const, browser };
  const dump = name === recordedPreset('prediction') ? mkdtempSync(join(tmpdir(), 'mup-recording-')) : undefined;
  const training = await startTraining({ ...request, dump }, display);
  const { result, failure } = await training.ended;
  display.clear();
  if (failure !== null) throw new Failure(`${name}: ${failure}`);
  const recorded = withCommit(result, commit);
  checkSeals(recorded);
  writeFileSync(join(ROOT, `public/recorded/${name}.json`), `${JSON.stringify(recorded)}\n`);
  if (dump !== undefined) {
    const folder = join(ROOT, `public/recorded/${name}`);
    mkdirSync(folder, { recursive: true });
    for (const { id } of recorded.runs.filter(isRecordedModel))
      copyFileSync(join(dump, `${id}.final.safetensors`), join(folder, `${id}.safetensors`));
    rmSync(dump, { recursive: true });
  }
  console.log(`${name}\n\n${reportText(recorded)}\n`);
}
