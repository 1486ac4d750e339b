/** Where dropped files go: what this page wrote opens as what it is, anything else goes to the one field that takes it. */
import { InputError } from '../../model/parse.ts';
import { openFitFile } from '../law/fit-export.ts';
import type { Playground } from './playground.svelte.ts';
import { openResultFile, openWords } from './result-file.ts';

/** What this page writes names itself, in its first line until somebody sorts it anew. */
const OURS = /"schema":\s*"mup-playground\/(\w+)@/;
/** As much of a file is looked at for that, in bytes: all but the largest results. */
const LOOKED_AT = 20e6;

/**
 * @param takers of the fields on show that take files.
 * @returns what is to be said of it; empty where what is shown says it.
 */
export async function takeDropped(
  files: readonly File[],
  takers: readonly ((file: File) => void)[],
  playground: Playground,
): Promise<string> {
  if (files.length > 1) return `None of the ${files.length} files was taken: drop one at a time.`;
  const [file] = files;
  const { name } = file;
  const start = await file.slice(0, LOOKED_AT).text();
  const ours = start.trimStart().startsWith('{') ? OURS.exec(start)?.[1] : undefined;
  try {
    if (ours === 'fit') {
      if (!playground.losses || playground.view !== 'losses')
        return `${name} is a table with its law: drop it on Your losses.`;
      playground.losses.open(openFitFile(await file.text(), name));
      return '';
    }
    if (ours) {
      const said = await openResultFile(file, playground);
      return said === openWords(name) ? '' : said;
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
  const [take, ...others] = takers;
  if (!take || others.length > 0) {
    return `${name} was left alone, as nothing on show takes it now. A table goes to Your losses, a text to an experiment on your own text; a result.json or fit.json of this page can be dropped anywhere.`;
  }
  take(file);
  return '';
}
