/**
 * Trainings whose page was left, and those that go on in another tab: a lock is held while an experiment trains, and ends with its tab,
 * however that ends.
 */
import type { Training } from './training.svelte.ts';

const nameOf = (id: string) => `mup-playground trains ${id}`;

/** Holds the lock of what trains; where there are no locks, nothing. To be run as an effect. */
export function holdWhileTraining({ isBusy, resultsId }: Pick<Training, 'isBusy' | 'resultsId'>): (() => void) | void {
  const { locks } = globalThis.navigator ?? {};
  if (!isBusy || !locks) return;
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  // Whoever holds it already is another tab that trains the same: both keep what they measure.
  locks.request(nameOf(resultsId), { mode: 'shared' }, () => released).catch(() => undefined);
  return release;
}

/** Whether some tab trains the experiment; false where that cannot be known. */
export async function isTrainedSomewhere(id: string): Promise<boolean> {
  try {
    const { held = [] } = (await globalThis.navigator?.locks?.query()) ?? {};
    return held.some(({ name }) => name === nameOf(id));
  } catch {
    return false;
  }
}
