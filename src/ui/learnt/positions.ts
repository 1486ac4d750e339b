/** Means by position in the window: lines, table, and what they say. */
import type { ByPosition } from '../../experiment/learnt.ts';
import type { Table } from '../chart/table.ts';
import { lossWords, percentWords } from '../words.ts';

/** The loss, what of it is more than the true source would pay, or what is given to what could be recalled. */
export type Measure = 'losses' | 'excess' | 'recalled';

export interface PositionLine {
  name: string;
  of: 'model' | 'source' | 'chance';
  points: [position: number, value: number][];
}

interface Model {
  name: string;
  positions: ByPosition;
}

/** The true source's comes behind the models', and that of who recalls nothing last. */
export function positionLines(models: readonly Model[], truth: ByPosition | null, measure: Measure): PositionLine[] {
  const lines = models.map(({ name, positions }) => lineOf(name, 'model', valuesOf(positions, truth, measure)));
  if (truth && measure !== 'excess') lines.push(lineOf('true source', 'source', valuesOf(truth, truth, measure)));
  const chance = measure === 'recalled' ? (models[0]?.positions.chance ?? null) : null;
  if (chance !== null) {
    const { length } = models[0]!.positions.losses;
    lines.push(lineOf('chance', 'chance', new Array<number>(length).fill(chance)));
  }
  return lines;
}

const lineOf = (name: string, of: PositionLine['of'], values: ArrayLike<number>): PositionLine => ({
  ...{ name, of },
  points: Array.from(values, (value, i): [number, number] => [i + 1, value]).filter(([, value]) =>
    Number.isFinite(value),
  ),
});

function valuesOf(positions: ByPosition, truth: ByPosition | null, measure: Measure): ArrayLike<number> {
  if (measure !== 'excess') return positions[measure] ?? [];
  return truth ? positions.losses.map((loss, i) => loss - truth.losses[i]) : [];
}

const COLUMNS: Record<Measure, string> = { losses: 'loss', excess: 'above the source', recalled: 'recall' };

export function positionsTable(lines: readonly PositionLine[], measure: Measure): Table {
  const positions = [...new Set(lines.flatMap(({ points }) => points.map(([position]) => position)))].sort(
    (a, b) => a - b,
  );
  const valueAt = ({ points }: PositionLine, position: number) => points.find(([at]) => at === position)?.[1] ?? null;
  return {
    columns: ['position', ...lines.map(({ name }) => `${COLUMNS[measure]}, ${name}`)],
    rows: positions.map((position) => [position, ...lines.map((line) => valueAt(line, position))]),
  };
}

/** Nats by which the second half of the window is cheaper than the first, and the standard error of that. */
export function gainOfPast({ losses, standardErrors }: ByPosition): { gain: number; error: number } {
  const half = Math.floor(losses.length / 2);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: Float64Array) => values.reduce((sum, value) => sum + value ** 2, 0) / values.length ** 2;
  return {
    gain: mean(losses.subarray(0, half)) - mean(losses.subarray(half)),
    error: Math.sqrt(variance(standardErrors.subarray(0, half)) + variance(standardErrors.subarray(half))),
  };
}

/** What the widest model makes of a longer past, with twice its standard error. */
export function positionWords(models: readonly Model[], truth: ByPosition | null, measure: Measure): string {
  const widest = models.at(-1);
  if (!widest) return '';
  if (measure === 'recalled') {
    const known = Array.from(widest.positions.recalled ?? []).filter(Number.isFinite);
    if (known.length === 0) return 'Nothing could be recalled in these windows.';
    const late = known.slice(Math.floor(known.length / 2));
    const rate = late.reduce((sum, value) => sum + value, 0) / late.length;
    const chance =
      widest.positions.chance === null ? '' : `, where chance gives ${percentWords(widest.positions.chance)}`;
    return `In the second half of the window the ${widest.name} model gives ${percentWords(rate)} to what could be recalled${chance}.`;
  }
  if (widest.positions.losses.length < 4) return `Means over ${widest.positions.windows} windows.`;
  const { gain, error } = gainOfPast(widest.positions);
  const source = truth ? `; to the true source ${saidOf(gainOfPast(truth).gain)}` : '';
  return `To ${widest.name} the second half of the window is ${saidOf(gain)} than the first, ± ${lossWords(2 * error)}${source}.`;
}

const saidOf = (gain: number) => `${lossWords(Math.abs(gain))} nats a token ${gain >= 0 ? 'cheaper' : 'dearer'}`;
