/** A table of earlier in a list of such: what tells it from the others. */
import type { TableKind } from '../../tables/reading.ts';
import type { KeptTable } from '../storage/kept-tables.ts';

const KINDS: Record<TableKind, string> = {
  sizes: 'losses over size',
  tokens: 'losses over size and tokens',
  sweep: 'a sweep',
  grid: 'a sweep of two',
  curves: 'curves',
  activations: 'a coordinate check',
};
const LONGEST = 40;

const counted = (count: number, noun: string) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

/** `runs.csv: a sweep, 40 rows, 2026-11-26 14:03, 2 seals`; what has no name goes by its first line. */
export function earlierWords({ changed, about, document: { name, text, sealed } }: KeptTable): string {
  const at = new Date(changed);
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const first = lines[0]?.trim() ?? '';
  const called = name || `“${first.length > LONGEST ? `${first.slice(0, LONGEST)}…` : first}”`;
  const parts = [
    ...(about ? [KINDS[about.kind], counted(about.rows, 'row')] : [counted(lines.length, 'line')]),
    `${at.toLocaleDateString('en-CA')} ${at.toLocaleTimeString('en-GB', { timeStyle: 'short' })}`,
    ...(sealed.length > 0 ? [counted(sealed.length, 'seal')] : []),
  ];
  return `${called}: ${parts.join(', ')}`;
}
