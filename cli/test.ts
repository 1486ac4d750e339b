/** `npm test [-- --browser PATH]`: everything that CI checks. Ends with a line like "120 passed, 0 failed". */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../src/model/parse.ts';
import { findBrowser } from './browser.ts';
import { EXIT, readOptions, runCommand } from './command.ts';
import { ROOT } from './root.ts';
import { addCounts, countsOf, NONE, summary, type Counts } from './test-counts.ts';

const USAGE = 'npm test [-- --browser PATH]';
const NO_BROWSER =
  'No Chrome or Chromium could be found or installed, so nothing that needs a browser was tested. Install one (on Debian or Ubuntu: apt-get install chromium; anywhere: npx playwright install --with-deps chromium), or name one with npm test -- --browser PATH or the variable CHROME_PATH.';

await runCommand(async (args) => {
  const { values, positionals } = readOptions(args, { browser: { type: 'string' } }, USAGE);
  if (positionals.length > 0) throw new InputError('browser', `"${positionals[0]}" is not understood; usage: ${USAGE}`);
  const browser = findOrInstall(values.browser);

  let counts = NONE;
  // Each keeps one core busy.
  for (const one of await Promise.all(['lint', 'check'].map(runScript))) counts = addCounts(counts, one);
  const projects = browser === null ? ['unit'] : ['unit', 'gpu', 'e2e'];
  for (const project of projects) counts = addCounts(counts, runProject(project, browser));
  if (browser === null) {
    console.error(`\n${NO_BROWSER}`);
    counts = addCounts(counts, { ...NONE, failed: 1 });
  }
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

/** A script of package.json that only passes or fails; it counts when it fails. What it says is printed when it has ended. */
function runScript(script: string): Promise<Counts> {
  return new Promise((resolve) => {
    const said: Buffer[] = [];
    const child = spawn('npm', ['run', '--silent', script], { cwd: ROOT, shell: process.platform === 'win32' });
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (code) => {
      process.stdout.write(`\n${script}\n${Buffer.concat(said).toString('utf8')}`);
      if (code !== 0) console.error(`${script} failed`);
      resolve(code === 0 ? NONE : { ...NONE, failed: 1 });
    });
  });
}

function runProject(project: string, browser: string | null): Counts {
  console.log(`\n${project} tests`);
  const folder = mkdtempSync(join(tmpdir(), 'mup-tests-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const passed = run(
    'npx',
    ['vitest', 'run', '--project', project, ...reporters],
    browser ? { CHROME_PATH: browser } : {},
  );
  const report: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  rmSync(folder, { recursive: true });
  return countsOf(report, passed);
}

function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  const isWindows = process.platform === 'win32';
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: isWindows,
  });
  return status === 0;
}
