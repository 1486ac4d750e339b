/** Numbers as they stand in a terminal. */
import { valueWriter } from '../src/checks/wording.ts';

export const lossText = (loss: number): string => loss.toFixed(4);

/** "8 s", "1 min 20 s", "2 h 5 min" */
export function inWords(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Swept values as the checks' sentences write them, or in full where two of them would then look alike. */
export function sweptTexts(values: readonly number[]): string[] {
  const texts = values.map(valueWriter(values));
  return new Set(texts).size === values.length ? texts : values.map(String);
}

/** Columns aligned to the right, but for the first. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c].length)));
  const line = (row: string[]) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}
