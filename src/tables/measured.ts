/** The rows of a settled table as measurements. */
import type { Measurement } from '../model/measurement.ts';
import { saysNothing } from './cell-numbers.ts';
import type { ColumnLook } from './columns.ts';
import { ofCurves, type CurveRows } from './curves.ts';
import type { Reading } from './reading.ts';
import { isOf, type Roles } from './roles.ts';
import { scaleOf } from './scales.ts';
import { seedNumbers } from './seed-numbers.ts';
import type { Sheet } from './sheet.ts';

/** A size whose loss is not known yet. */
export interface WantedLoss {
  series: string | null;
  size: number;
  tokens: number | null;
}

export function measured(
  sheet: Sheet,
  roles: Roles,
  usable: readonly number[],
  series: readonly (string | null)[],
  swept: readonly ColumnLook[],
  notes: string[],
): Pick<Reading, 'measurements' | 'wanted'> {
  const [x, loss, error, seeds, tokens, step] = [
    roles.one('x')!,
    roles.one('y')!,
    roles.one('error'),
    roles.one('seeds'),
    roles.one('tokens'),
    roles.one('step'),
  ];
  const seedOf = seedNumbers(roles.of('seed'), sheet.rows.length);
  const repeats = new Map<string, number>();
  const sizeOf = scaleOf(x, tokens !== null, notes);
  const tokensOf = tokens && scaleOf(tokens, true, notes);
  if (tokens && isOf(tokens, 'steps')) {
    notes.push(
      `"${tokens.name}" counts steps: where FLOPs are told as 6 N D, D is in these, and they are to be multiplied with the tokens of a step.`,
    );
  }
  const lossAt = lossesOf(loss, notes);
  const valueOf = swept.map((look) => scaleOf(look, false, notes));
  const measurements: Measurement[] = [];
  const wanted: WantedLoss[] = [];
  const seen = new Set<string>();
  const curves = new Map<string, CurveRows>();
  const known = roles.looks.filter((look) => roles.roleOf(look) !== null || !isOf(look, 'index', 'identity'));
  for (const i of usable) {
    const size = sizeOf(x.numbers[i]!);
    const trained = tokensOf ? tokensOf(tokens.numbers[i]!) : null;
    if (saysNothing(loss.cells[i]!)) {
      wanted.push({ series: series[i]!, size, tokens: trained });
      continue;
    }
    const hyperparameters = Object.fromEntries(
      swept
        .map((look, k) => [look.name, valueOf[k]!(look.numbers[i]!)] as const)
        .filter(([, value]) => !Number.isNaN(value)),
    );
    const measurement: Measurement = {
      id: `row ${sheet.rows[i]!.number}`,
      series: series[i]!,
      size,
      hyperparameters,
      seed: seedOf[i]!,
      tokens: trained,
      loss: Number.isFinite(loss.numbers[i]!) ? lossAt(i) : null,
      ...(error && error.numbers[i]! >= 0 ? { standardError: error.numbers[i]! } : {}),
      ...(seeds && seeds.numbers[i]! >= 1 ? { seeds: seeds.numbers[i]! } : {}),
    };
    if (step) {
      const key = JSON.stringify([measurement.series, size, hyperparameters, trained, measurement.seed]);
      const curve = curves.get(key);
      if (curve) curve.rows.push(i);
      else curves.set(key, { first: measurement, rows: [i] });
      continue;
    }
    // Rows that are equal in everything that is known are one row, written twice.
    const key = JSON.stringify(known.map(({ cells }) => cells[i]));
    if (seen.has(key)) continue;
    seen.add(key);
    // Repeats that nothing tells apart are counted.
    const place = JSON.stringify([measurement.series, size, hyperparameters, measurement.tokens, measurement.seed]);
    const before = repeats.get(place) ?? 0;
    repeats.set(place, before + 1);
    measurements.push(before === 0 ? measurement : { ...measurement, seed: measurement.seed + before * REPEAT });
  }
  if (step) measurements.push(...ofCurves([...curves.values()], { step, loss, lossAt }, notes, tokens !== null));
  return { measurements, wanted };
}

/** The losses of rows in nats. */
export function lossesOf({ name, meaning, numbers }: ColumnLook, notes: string[]): (row: number) => number {
  if (meaning !== 'perplexity') return (row) => numbers[row]!;
  const said = `The losses are the natural logarithms of "${name}".`;
  if (!notes.includes(said)) notes.push(said);
  return (row) => Math.log(numbers[row]!);
}

/** Between a seed and the next repeat of it: more than any seed, so that none is taken for another. */
const REPEAT = 2 ** 33;

const ENDED_BADLY =
  /^(crashed|failed|failure|killed|cancelled|canceled|preempted|aborted|running|pending|queued|error|oom|unfinished)$/i;

/** Where a column says how a run ended, what did not end well has no final loss. */
export function isUnfinished(roles: Roles, i: number, notes: string[]): boolean {
  const state = roles.looks.find(
    (look) => isOf(look, 'state') && roles.roleOf(look) === null && ENDED_BADLY.test(look.cells[i]!),
  );
  if (!state || saysNothing(roles.one('y')!.cells[i]!)) return false;
  const sentence = `Rows whose "${state.name}" is ${state.cells[i]} are left out: their losses are not those of finished trainings.`;
  if (!notes.includes(sentence)) notes.push(sentence);
  return true;
}
