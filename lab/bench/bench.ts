/** `npm run bench`: measures how fast everything is on this machine's adapter and prints the tables of docs/benchmarks.md. */
import { pathToFileURL } from 'node:url';
import { EXIT, runCommand } from '../../cli/command.ts';
import { assertWritableFile } from '../../cli/output.ts';
import { openBrowserRunner } from './browser-runner.ts';
import { buildForNode } from './build-for-node.ts';
import { readBenchOptions, SECTION_NAMES, USAGE } from './options.ts';
import { installPeers } from './peer-packages.ts';
import { runBench, tellEnd } from './report.ts';

await runCommand(async (args) => {
  const options = readBenchOptions(args);
  if (options.help) {
    console.log(`${USAGE}\n\nSections: ${SECTION_NAMES.join(', ')}`);
    return EXIT.ok;
  }
  if (options.out !== undefined) assertWritableFile(options.out, '--out');
  if (options.sections.includes('steps')) installPeers();
  if (options.runtime === 'node') {
    // A command of its own, which reads the same options and ends the process.
    await import(pathToFileURL(await buildForNode()).href);
  }
  const runner = await openBrowserRunner(options);
  try {
    await runBench(options, runner);
  } finally {
    tellEnd();
    await runner.close();
  }
  return EXIT.ok;
});
