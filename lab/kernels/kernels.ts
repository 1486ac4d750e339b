/** `npm run kernels`: the WGSL that is compiled, where a kernel's file has lines to be repeated or left out. */
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { EXIT, readOptions, runCommand } from '../../cli/command.ts';
import { ROOT } from '../../cli/root.ts';
import { InputError } from '../../src/model/parse.ts';

const USAGE = 'npm run kernels [-- NAME]';
const HELP = `${USAGE}

Without a name, lists the kernels: in how many ways each is compiled for a small model, and what it does.
With one, prints their WGSL: "attention", "matmul" or, of many, "matmul tiled 64x64".`;

await runCommand(async (args) => {
  const { values, positionals } = readOptions(args, { help: { type: 'boolean', short: 'h' } }, USAGE);
  if (values.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  // Kernels lie in files of their own, which Node alone cannot import as texts.
  const path = join(ROOT, 'lab/kernels/texts.ts');
  const { module } = await runnerImport<typeof import('./texts.ts')>(path, { configFile: false, logLevel: 'error' });
  const texts = module.kernelTexts();
  const name = positionals.join(' ');
  const wanted = module.textsOf(texts, name);
  if (name && wanted.length === 0) {
    throw new InputError('name', `There is no kernel "${name}"; npm run kernels lists them.`);
  }
  console.log(name ? module.printed(wanted) : module.listOf(texts));
  return EXIT.ok;
});
