import type { Cohorts } from './cohorts.ts';

/** Results as their runs stand in the plan, in whatever order they ended; those of no cohort come last. */
export function inOrder<R extends { id: string }>(results: readonly R[], { rungs, targets }: Cohorts): R[] {
  const places = new Map([...rungs, ...targets].flat().map(({ id }, place) => [id, place]));
  const placeOf = ({ id }: R) => places.get(id) ?? places.size;
  return [...results].sort((one, other) => placeOf(one) - placeOf(other));
}
