/** The ladders that a table holds: of each series the losses that a law is fitted to, and the sizes whose loss is wanted. */
import type { Measurement } from '../model/measurement.ts';
import type { Reading } from './reading.ts';

export interface LossPoint {
  x: number;
  loss: number;
  /** Standard error of the loss, and the runs whose mean it is, where the table has them. */
  standardError?: number;
  seeds?: number;
  tokens?: number;
}

export interface LossSeries {
  /** Null where the table has no series. */
  name: string | null;
  points: LossPoint[];
  /** x of the rows whose loss is empty. */
  targets: number[];
  /** The same rows with their tokens, where there is a column of these. */
  jointTargets: { n: number; d: number }[];
  /** What was left out of the points, or chosen among the rows. */
  notes: string[];
}

/** In the order in which the series first appear. */
export function laddersIn({
  measurements,
  wanted,
  swept,
  kind,
}: Pick<Reading, 'measurements' | 'wanted' | 'swept' | 'kind'>): LossSeries[] {
  const names = [...new Set([...measurements, ...wanted].map(({ series }) => series))];
  return names.map((name) => {
    const own = measurements.filter(({ series, size }) => series === name && !Number.isNaN(size));
    const places = groupBy(own, ({ size, tokens }) => `${size} ${tokens}`);
    const notes: string[] = [];
    const points = [...places.values()].flatMap((place) =>
      swept.length > 0 ? bestOf(place, swept, notes) : allOf(place, notes),
    );
    if (swept.length > 0 && points.length > 0) notes.unshift(bestWords(places, swept));
    const targets = wanted.filter(({ series }) => series === name);
    return {
      name,
      points: kind === 'tokens' ? points : points.map(({ tokens: _, ...point }) => point),
      targets: targets.map(({ size }) => size),
      jointTargets: targets.flatMap(({ size, tokens }) => (tokens === null ? [] : [{ n: size, d: tokens }])),
      notes,
    };
  });
}

function groupBy<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return groups;
}

const pointOf = ({ size, loss, standardError, seeds, tokens }: Measurement): LossPoint => ({
  x: size,
  loss: loss!,
  ...(standardError === undefined ? {} : { standardError }),
  ...(seeds === undefined ? {} : { seeds }),
  ...(tokens === null ? {} : { tokens }),
});

/** The mean of those that survived would make what diverges now and then look good. */
function allOf(place: readonly Measurement[], notes: string[]): LossPoint[] {
  const lost = place.filter(({ loss }) => loss === null).length;
  if (lost === 0) return place.map(pointOf);
  notes.push(
    `${sizeText(place[0]!.size)} takes no part: ${lost === place.length ? 'it' : `${lost} of its ${place.length} trainings`} diverged.`,
  );
  return [];
}

const settingOf = ({ hyperparameters }: Measurement): string => JSON.stringify(hyperparameters);

/** Of the settings none of whose repeats diverged, the one with the least mean. */
function bestOf(place: readonly Measurement[], swept: readonly string[], notes: string[]): LossPoint[] {
  const best = bestSetting(place);
  if (best.length === 0) {
    notes.push(
      `${sizeText(place[0]!.size)} takes no part: none of its settings of ${swept.join(' and ')} came to an end.`,
    );
  }
  return best.map(pointOf);
}

/** The trainings of one size that its law takes; none where no setting came to an end with all of its repeats. */
export function bestSetting(place: readonly Measurement[]): Measurement[] {
  const settings = [...groupBy(place, settingOf).values()].filter((all) => all.every(({ loss }) => loss !== null));
  const mean = (all: readonly Measurement[]) => all.reduce((sum, { loss }) => sum + loss!, 0) / all.length;
  return settings.length === 0 ? [] : settings.reduce((best, one) => (mean(one) < mean(best) ? one : best));
}

function bestWords(places: Map<string, Measurement[]>, swept: readonly string[]): string {
  const counts = [...places.values()].map((place) => new Set(place.map(settingOf)).size);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const of = least === most ? `${most} settings` : `${least} to ${most} settings`;
  return `Of the ${of} of ${swept.join(' and ')} at each size the law takes the best.`;
}

const sizeText = (size: number) => `x = ${Number(size.toPrecision(6))}`;
