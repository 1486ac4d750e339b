/** Builds the pages when they are older than their sources, and serves them on this machine. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { InputError } from '../src/model/parse.ts';
import { Failure } from './command.ts';
import { commitOf } from './commit.ts';
import { SECURITY_HEADERS } from './content-security-policy.ts';
import { ROOT } from './root.ts';

const SOURCES = [
  'src',
  'public',
  'index.html',
  'headless.html',
  'vite.config.ts',
  'package-lock.json',
  'cli/content-security-policy.ts',
  'cli/later-parts.ts',
];
const BUILT = 'dist/headless.html';
/** Which commit the pages were built from, as their results say. */
const BUILT_FROM = 'dist/commit.txt';

export interface Served {
  /** Ends with a slash. */
  url: string;
  close(): Promise<void>;
}

/** @throws Failure with one sentence when the build does not succeed. */
export async function buildIfNeeded(tell: (text: string) => void): Promise<void> {
  if (!isStale()) return;
  tell('Building the pages…');
  const environment = process.env['NODE_ENV'];
  // Also when a test runner built them, the pages are what people get.
  process.env['NODE_ENV'] = 'production';
  try {
    // Not bundled first: on a slow machine the bundler would complain of how long its plugins took.
    await build({ root: ROOT, configLoader: 'runner', logLevel: 'error' });
    writeFileSync(join(ROOT, BUILT_FROM), commitOf(ROOT));
  } catch (error) {
    throw new Failure(`The pages could not be built: ${(error as Error).message.split('\n')[0]}`);
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = environment;
  }
}

function isStale(): boolean {
  const [built, from] = [join(ROOT, BUILT), join(ROOT, BUILT_FROM)];
  if (!existsSync(built) || !existsSync(from) || readFileSync(from, 'utf8') !== commitOf(ROOT)) return true;
  return SOURCES.some((source) => newest(join(ROOT, source)) > statSync(built).mtimeMs);
}

function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}

/**
 * Serves the built pages.
 * @param port null takes any free one.
 * @throws InputError when the port is in use.
 */
export async function serve(port: number | null): Promise<Served> {
  try {
    // What is built needs nothing of the configuration any more.
    const server = await preview({
      root: ROOT,
      configFile: false,
      logLevel: 'error',
      preview: { host: '127.0.0.1', port: port ?? 0, strictPort: true, open: false, headers: SECURITY_HEADERS },
    });
    const address = server.httpServer.address();
    if (address === null || typeof address === 'string') throw new Failure('The server did not get an address.');
    return { url: `http://localhost:${address.port}/`, close: () => server.close() };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'EADDRINUSE' || /already in use/.test(message)) {
      throw new InputError(
        '--port',
        `--port: port ${port} is in use; choose another one, such as --port ${port! + 1}.`,
      );
    }
    if (code === 'EACCES') {
      throw new InputError('--port', `--port: port ${port} is not allowed for you; choose one from 1024 to 65535.`);
    }
    throw error;
  }
}
