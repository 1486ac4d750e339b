/** Where results go. Whether they can go there is found out before anything trains. */
import { accessSync, appendFileSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../src/model/parse.ts';

/** @throws InputError when the file could not be written. Leaves no trace. */
export function assertWritableFile(path: string, option: string): void {
  try {
    if (existsSync(path)) {
      if (statSync(path).isDirectory()) throw new Error('it is a folder');
      accessSync(path, constants.W_OK);
      return;
    }
    if (!existsSync(dirname(resolve(path)))) throw new Error('its folder does not exist');
    writeFileSync(path, '');
    rmSync(path);
  } catch (error) {
    throw new InputError(option, `${option}: "${path}" cannot be written: ${reasonOf(error)}.`);
  }
}

/** Makes the folder where it is missing. @throws InputError when files could not be written there. */
export function assertWritableFolder(path: string, option: string): void {
  try {
    mkdirSync(path, { recursive: true });
    const probe = join(path, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new InputError(option, `${option}: "${path}" cannot be written to: ${reasonOf(error)}.`);
  }
}

/** Writes the same bytes under each name; a part that is not the first is put behind what is there. */
export function writeParts(folder: string, names: string[], part: Uint8Array, isFirst: boolean): void {
  const write = isFirst ? writeFileSync : appendFileSync;
  for (const name of names) write(join(folder, name), part);
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a part of its path is a file',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && REASONS[code]) || message;
}
