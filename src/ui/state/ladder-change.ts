/** What a person changed of a ladder, so that it can be made of another one: changes that are asked about at once must not undo one another. */
import type { Ladder } from '../../model/experiment.ts';

type Part = keyof Ladder;
/** Where each width that changed its place belongs now; null for nowhere. */
export type LadderChange = ReadonlyMap<number, Part | null>;

const PARTS: readonly Part[] = ['rungs', 'targets'];
const placeOf = (ladder: Ladder, width: number): Part | null =>
  PARTS.find((part) => ladder[part].includes(width)) ?? null;

export function changeBetween(before: Ladder, after: Ladder): LadderChange {
  const widths = [before, after].flatMap(({ rungs, targets }) => [...rungs, ...targets]);
  const moved = widths.filter((width) => placeOf(before, width) !== placeOf(after, width));
  return new Map(moved.map((width) => [width, placeOf(after, width)]));
}

export function withChange(ladder: Ladder, change: LadderChange): Ladder {
  const within = (part: Part) =>
    [
      ...ladder[part].filter((width) => !change.has(width)),
      ...[...change].flatMap(([width, place]) => (place === part ? [width] : [])),
    ].sort((a, b) => a - b);
  return { rungs: within('rungs'), targets: within('targets') };
}
