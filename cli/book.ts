/** The book that comes with the playground, for training without a page. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './root.ts';

export const readBook = (): Promise<string> => readFile(join(ROOT, 'public/corpora/moby-dick.txt'), 'utf8');
