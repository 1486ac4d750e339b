/** Where results go. Whether they can go there is found out before anything trains. */
import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../src/model/parse.ts';
import { isPlainName } from './plain-name.ts';

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

/** Not so a pipe or a device, such as /dev/stdout. */
export const canBeReplaced = (path: string): boolean => !existsSync(path) || statSync(path).isFile();

/** What ends the writing of a file beside the old one as it would end that of the file itself. */
const OF_THE_DISK = ['ENOSPC', 'EDQUOT', 'EIO'];

/**
 * Writes a file so that whoever looks, or finds it after a crash, has the old one or the new one whole.
 * @throws Error of the system; the old file then stays.
 */
export function replaceFile(path: string, text: string): void {
  if (!canBeReplaced(path)) return writeFileSync(path, text);
  const isThere = existsSync(path);
  // A link stays one.
  const file = isThere ? realpathSync(path) : resolve(path);
  const part = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
  try {
    writeFileSync(part, text, { flush: true, ...(isThere ? { mode: statSync(file).mode & 0o777 } : {}) });
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    if (OF_THE_DISK.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    // A file may be writable in a folder that is not, and one that is mounted by itself gives way to no other.
    writeFileSync(file, text);
  }
}

/**
 * Writes the same bytes under each name; a part that is not the first is put behind what is there.
 * @throws Error for a name that would lead out of the folder.
 */
export function writeParts(folder: string, names: string[], part: Uint8Array, isFirst: boolean): void {
  const write = isFirst ? writeFileSync : appendFileSync;
  for (const name of names) {
    if (!isPlainName(name)) throw new Error(`"${name}" is no name of a file of a dump.`);
    write(join(folder, name), part);
  }
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a part of its path is a file',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && REASONS[code]) || message;
}
