/** The files in dropped folders, however deep. */
import { MOST_FILES } from '../../data/text/joined-files.ts';
import { InputError } from '../../model/parse.ts';
import type { GivenFile } from './file-bytes.ts';

/** @throws InputError where there are more than anybody reads, or one cannot be read. */
export async function filesIn(folders: readonly FileSystemEntry[]): Promise<GivenFile[]> {
  const found: GivenFile[] = [];
  const left = [...folders];
  for (let entry = left.pop(); entry; entry = left.pop()) {
    try {
      if (entry.isDirectory) left.push(...(await entriesOf(entry as FileSystemDirectoryEntry)));
      else found.push({ file: await fileOf(entry as FileSystemFileEntry), path: entry.fullPath.replace(/^\//, '') });
    } catch {
      throw new InputError('file', `${entry.name} cannot be read, as where it was moved or is not yours to read.`);
    }
    if (found.length > MOST_FILES) {
      const most = MOST_FILES.toLocaleString('en');
      throw new InputError('file', `The folder holds more than the ${most} files that are read; drop a part of it.`);
    }
  }
  return found;
}

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));

/** Browsers hand out a hundred at a time. What is hidden in a folder of folders is not looked into. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (more.length === 0) return entries.filter(({ isDirectory, name }) => !(isDirectory && name.startsWith('.')));
    entries.push(...more);
  }
}
