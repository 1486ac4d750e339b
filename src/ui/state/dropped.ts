/** Where dropped files go: what this page wrote opens as what it is, anything else goes to the one field that takes it. */
import { InputError } from '../../model/parse.ts';
import { decodeText } from '../../tables/decode.ts';
import { openFitFile } from '../law/fit-export.ts';
import { filesIn } from './dropped-folders.ts';
import { fileBytes, type GivenFile } from './file-bytes.ts';
import { lossesOf, type Losses } from './losses.svelte.ts';
import type { Playground } from './playground.svelte.ts';
import { openResultFile, openWords } from './result-file.ts';

/** What this page writes names itself, in its first line until somebody sorts it anew. */
const OURS = /"schema":\s*"mup-playground\/(\w+)@/;
/** Bytes of a table. */
const LARGEST = 20e6;
/** As much of a file is looked at for that, in bytes: all but the largest results. */
const LOOKED_AT = 20e6;

/** What people keep measurements in; a text without such a name may as well be a corpus. */
const isTable = ({ name }: File): boolean =>
  /\.(csv|tsv|md|markdown|json|jsonl|ndjson|ya?ml|toml|ini|wiki|xls|dat)$/i.test(name);

/**
 * @param takers of the fields on show that take a text.
 * @returns what is to be said of it; empty where what is shown says it.
 */
export async function takeDropped(
  alone: readonly File[],
  folders: readonly FileSystemEntry[],
  takers: readonly ((files: readonly GivenFile[]) => void)[],
  playground: Playground,
): Promise<string> {
  const isOnTables = playground.view === 'losses';
  const [take, ...others] = takers;
  const taker = others.length === 0 ? take : undefined;
  try {
    const given = [...alone.map((file) => ({ file, path: file.name })), ...(await filesIn(folders))];
    if (given.length === 0) return `${folders[0]!.name} holds no files.`;
    const files = given.map(({ file }) => file);
    if (given.length > 1 || folders.length > 0) {
      const visible = files.filter(({ name }) => !name.startsWith('.'));
      const areTables = visible.length > 0 && visible.every(isTable);
      if (isOnTables || (areTables && !(taker && folders.length > 0))) return await openTables(visible, playground);
      if (taker) return (taker(given), '');
      return `None of the ${files.length} files was taken: several at a time are tables (CSV, TSV, Markdown, JSON), or the texts of an experiment on your own text.`;
    }
    const [file] = files as [File];
    const start = await file.slice(0, LOOKED_AT).text();
    const ours = start.trimStart().startsWith('{') ? OURS.exec(start)?.[1] : undefined;
    if (ours === 'fit') {
      const text = await file.text();
      tablesOf(playground).open(openFitFile(text, file.name));
      return '';
    }
    if (ours) {
      const said = await openResultFile(file, playground);
      return said === openWords(file.name) ? '' : said;
    }
    if (isOnTables || isTable(file)) return await openTables(files, playground);
    if (taker) return (taker(given), '');
    return `${file.name} was left alone, as nothing on show takes it now. A text goes to an experiment on your own text; tables (CSV, TSV, Markdown, JSON), a result.json and a fit.json can be dropped anywhere.`;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
}

/** The view of tables, shown. */
function tablesOf(playground: Playground): Losses {
  const losses = lossesOf(playground, '');
  playground.show('losses');
  return losses;
}

async function openTables(files: readonly File[], playground: Playground): Promise<string> {
  const texts = await Promise.all(
    files.map(async (file) => {
      if (file.size > LARGEST)
        throw new InputError('file', `${file.name} is larger than 20 MB; npm run fit takes files of any length.`);
      const bytes = await fileBytes(file);
      try {
        return { name: file.name, text: decodeText(bytes) };
      } catch (error) {
        throw error instanceof InputError ? new InputError('file', `${file.name}: ${error.message}`) : error;
      }
    }),
  );
  await tablesOf(playground).openTexts(texts);
  return '';
}
