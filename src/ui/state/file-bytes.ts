/** The bytes of a file that a person chose or dropped. */
import { InputError } from '../../model/parse.ts';

export interface GivenFile {
  file: File;
  /** With the folders in which a person gave it; its name, where it was given by itself. */
  path: string;
}

/** @throws InputError where the file cannot be read: it was moved meanwhile, or it is a folder. */
export async function fileBytes(chosen: Pick<File, 'name' | 'arrayBuffer'>): Promise<Uint8Array> {
  try {
    return new Uint8Array(await chosen.arrayBuffer());
  } catch {
    throw new InputError('file', `${chosen.name} cannot be read, as where it was moved or is a folder; choose a file.`);
  }
}
