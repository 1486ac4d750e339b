/** The Mu-scaling table (cofe-ai/Mu-scaling: GPT-2, 12 layers, 20k steps), kept as CSV beside this file. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { settledTable } from '../tables/settled-table.ts';

export const TABLE = fileURLToPath(new URL('./muscaling.csv', import.meta.url));
/** x is all parameters / 2^20. */
export const byParameters = settledTable(readFileSync(TABLE, 'utf8')).series[0]!.points;
const WIDTHS = [128, 256, 384, 512, 640, 768, 896, 1024, 2048, 3072];
export const byWidth = byParameters.map(({ loss }, i) => ({ x: WIDTHS[i]!, loss }));
