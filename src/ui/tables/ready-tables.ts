/** Tables to look at before one has one's own: the paper's, and what this page's own recorded examples measured. */
import { InputError } from '../../model/parse.ts';
import { csvText } from '../../tables/csv.ts';
import { isoFlopTable } from '../../tables/isoflop-table.ts';
import { MU_SCALING } from '../../tables/mu-scaling.ts';
import type { Table } from '../chart/table.ts';
import { coordinatesTable } from '../coordinates/table.ts';
import { fetchRecorded } from '../state/recorded.ts';
import type { Losses } from '../state/losses.svelte.ts';
import { transferScene } from '../transfer/scene.ts';
import { transferTable } from '../transfer/table.ts';

interface ReadyTable {
  name: string;
  open(losses: Losses): void | Promise<void>;
}

async function recorded(kind: 'transfer' | 'coordinates') {
  const result = await fetchRecorded(kind);
  if (!result) throw new InputError('file', 'The example cannot be loaded now; there may be no connection.');
  return result;
}

const textOf = ({ columns, rows }: Table): string => csvText([columns, ...rows]).replaceAll('\r\n', '\n');

export const READY: readonly ReadyTable[] = [
  { name: MU_SCALING.name, open: (losses) => losses.openPreset() },
  {
    name: 'A rate sweep, SP beside μP (made by this engine)',
    open: async (losses) => {
      const { experiment, transfer = [] } = await recorded('transfer');
      losses.openText('Rate sweep, SP beside μP', textOf(transferTable(transferScene(experiment, transfer))));
    },
  },
  {
    name: isoFlopTable.name,
    open: (losses) => losses.openText(isoFlopTable.name, isoFlopTable.text(), { tokens: isoFlopTable.tokens }),
  },
  {
    name: 'A coordinate check (made by this engine)',
    open: async (losses) => {
      const { coordinates = [] } = await recorded('coordinates');
      losses.openText('Coordinate check', textOf(coordinatesTable(coordinates)));
    },
  },
];
