/** Packages that one command of the lab needs and nothing else: its folder has a package.json of its own, installed when the command first runs. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../cli/command.ts';
import { ROOT } from '../cli/root.ts';

export const hasPackages = (folder: string): boolean =>
  // npm writes it last.
  existsSync(join(ROOT, folder, 'node_modules/.package-lock.json'));

/** @throws Failure where they are missing and cannot be had. @param names what is installed, as a sentence begins. */
export function installPackages(folder: string, names: string): void {
  if (hasPackages(folder)) return;
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    // Of standard output a command's own tables are all.
    ...{ cwd: join(ROOT, folder), stdio: ['ignore', 2, 2], shell: process.platform === 'win32' },
  });
  if (status !== 0) throw new Failure(`${names} could not be installed in ${folder}.`);
}
