/**
 * `npm test [-- --browser PATH] [--busy-core]`: everything that CI checks. Ends with a line like "120 passed, 0 failed".
 *
 * Two parts go on beside each other, because each keeps about one core busy: what needs Chromium, whose software adapter works
 * on one core, and what does not, at last Firefox and WebKitGTK where they are installed. `--busy-core` runs what is pure on one
 * core beside a loop that never rests there: none of them may fail because its machine is slow.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../src/model/parse.ts';
import { keepCoreBusy } from './busy-core.ts';
import { findBrowser } from './browser.ts';
import { EXIT, readOptions, runCommand } from './command.ts';
import { ROOT } from './root.ts';
import { buildIfNeeded } from './serve.ts';
import { addCounts, countsOf, NONE, summary, type Counts } from './test-counts.ts';

const USAGE = 'npm test [-- --browser PATH] [--busy-core]';
const OPTIONS = { browser: { type: 'string' }, 'busy-core': { type: 'boolean' } } as const;
/** Need neither browser nor page. */
const PURE = ['unit', 'calibration'];

const NO_BROWSER =
  'No Chrome or Chromium could be found or installed, so nothing that needs a browser was tested. Install one (on Debian or Ubuntu: apt-get install chromium; anywhere: npx playwright install --with-deps chromium), or name one with npm test -- --browser PATH or the variable CHROME_PATH.';

const IS_WINDOWS = process.platform === 'win32';

await runCommand(async (args) => {
  const { values, positionals } = readOptions(args, OPTIONS, USAGE);
  if (positionals.length > 0) throw new InputError('browser', `"${positionals[0]}" is not understood; usage: ${USAGE}`);
  const browser = findOrInstall(values.browser);

  const withoutBrowser = async () => {
    // Before two projects beside each other would build them.
    await buildIfNeeded(console.log);
    const pure = values['busy-core'] ? pureOnBusyCore : () => runProjects(PURE);
    const parts = [await runScript('lint'), await runScript('check'), await pure(), await runProjects(['browsers'])];
    return parts.reduce(addCounts, NONE);
  };
  const inBrowser = async () =>
    browser === null
      ? { ...NONE, failed: 1 }
      : addCounts(await runProjects(['gpu'], { browser }), await runProjects(['e2e'], { browser }));
  const parts = await Promise.all([withoutBrowser(), inBrowser()]);
  const counts = parts.reduce(addCounts, NONE);
  if (browser === null) console.error(`\n${NO_BROWSER}`);
  console.log(`\n${summary(counts)}`);
  return counts.failed === 0 ? EXIT.ok : EXIT.failure;
});

function findOrInstall(named: string | undefined): string | null {
  const look = () => {
    try {
      return findBrowser(named);
    } catch (error) {
      throw new InputError('--browser', (error as Error).message);
    }
  };
  const found = look();
  if (found) return found;
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (isDebianRoot) {
    console.log('No browser found: installing Debian’s chromium…');
    if (run('apt-get', ['update']) && run('apt-get', ['install', '-y', 'chromium']) && look()) return look();
  }
  console.log('No browser found: downloading Playwright’s Chromium…');
  run('npx', ['playwright', 'install', 'chromium']);
  return look();
}

/** A script of package.json that only passes or fails; it counts when it fails. */
async function runScript(script: string): Promise<Counts> {
  const passed = await runInBackground(script, 'npm', ['run', '--silent', script]);
  if (!passed) console.error(`${script} failed`);
  return passed ? NONE : { ...NONE, failed: 1 };
}

async function pureOnBusyCore(): Promise<Counts> {
  const busy = keepCoreBusy();
  try {
    return await runProjects(PURE, { prefix: busy.onCore });
  } finally {
    busy.end();
  }
}

interface ProjectOptions {
  browser?: string;
  /** Words of a command that runs another one. */
  prefix?: string[];
}

async function runProjects(names: string[], { browser, prefix = [] }: ProjectOptions = {}): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'mup-tests-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const [command, ...args] = [
    ...prefix,
    'npx',
    'vitest',
    'run',
    ...names.flatMap((name) => ['--project', name]),
    ...reporters,
  ];
  const passed = await runInBackground(
    `${names.join(' and ')} tests`,
    command,
    args,
    browser ? { CHROME_PATH: browser } : {},
  );
  const report: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  rmSync(folder, { recursive: true });
  return countsOf(report, passed);
}

/** Whether a command ended well. What it says is printed when it has ended, for others speak meanwhile. */
function runInBackground(title: string, command: string, args: string[], env: Record<string, string> = {}) {
  console.log(`${title}…`);
  const started = performance.now();
  return new Promise<boolean>((resolve) => {
    const said: Buffer[] = [];
    const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, shell: IS_WINDOWS });
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (code) => {
      const seconds = Math.round((performance.now() - started) / 1000);
      process.stdout.write(`\n${title}, ${seconds} s\n${Buffer.concat(said).toString('utf8')}\n`);
      resolve(code === 0);
    });
  });
}

function run(command: string, args: string[]): boolean {
  return spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', shell: IS_WINDOWS }).status === 0;
}
