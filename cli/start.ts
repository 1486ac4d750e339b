/** `npm start [-- --port N]`: builds the playground, serves it, prints its address, and stays. */
import { InputError } from '../src/model/parse.ts';
import { EXIT, readOptions, runCommand } from './command.ts';

const USAGE = 'npm start [-- --port N]';
const DEFAULT_PORT = 4173;

await runCommand(async (args) => {
  const { values, positionals } = readOptions(args, { port: { type: 'string' }, help: { type: 'boolean' } }, USAGE);
  if (positionals.length > 0) {
    throw new InputError('port', `"${positionals[0]}" is not understood; usage: ${USAGE}`);
  }
  if (values.help) {
    console.log(USAGE);
    return EXIT.ok;
  }
  const port = portOf(values.port);
  // Loaded only here: a bundler takes longer to load than bad input to be refused.
  const { buildIfNeeded, serve } = await import('./serve.ts');
  await buildIfNeeded(console.log);
  const { url } = await serve(port);
  console.log(`\n  The μP Playground is at  ${url}\n\n  Stop it with ctrl-C.\n`);
  return new Promise<number>((resolve) => {
    process.once('SIGINT', () => resolve(EXIT.ok));
    process.once('SIGTERM', () => resolve(EXIT.ok));
  });
});

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InputError('--port', `--port must be a whole number from 1 to 65535, not "${text}".`);
}
