/** `npm run calibrate`: how often the intervals hold, measured on ladders simulated here and trained by the engine. */
import { writeFileSync } from 'node:fs';
import { EXIT, readOptions, runCommand } from '../../cli/command.ts';
import { assertWritableFile } from '../../cli/output.ts';
import { InputError } from '../../src/model/parse.ts';
import { publish } from './publish.ts';
import { recordLadders } from './record.ts';
import { runStudy } from './study.ts';
import { studyText } from './tables.ts';

const USAGE = 'npm run calibrate [-- --quick] [--out FILE] [--record [--browser PATH]]';
const OPTIONS = {
  record: { type: 'boolean' },
  browser: { type: 'string' },
  quick: { type: 'boolean' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

await runCommand(async (args) => {
  const { values, positionals } = readOptions(args, OPTIONS, USAGE);
  if (positionals.length > 0) throw new InputError('options', `"${positionals[0]}" is no option; usage: ${USAGE}`);
  if (values.help) {
    console.log(
      `${USAGE}\n\nPrints the tables and writes docs/calibration.md, docs/calibration.svg and public/recorded/calibration.json.\n  --quick   few simulated ladders; prints only\n  --out     every figure as JSON, too\n  --record  trains the real ladders that are not recorded yet, and does nothing else`,
    );
    return EXIT.ok;
  }
  if (values.record) {
    await recordLadders(values.browser, console.log);
    return EXIT.ok;
  }
  if (values.out !== undefined) assertWritableFile(values.out, '--out');
  const study = runStudy(values.quick ?? false);
  console.log(studyText(study));
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(study, null, 1)}\n`);
  if (!study.quick) publish(study);
  return EXIT.ok;
});
