/**
 * Trainings whose page was left, and those that go on in another tab: a lock is held while an experiment trains, and ends with its tab,
 * however that ends.
 */
import type { SavedEntry } from '../storage/saved.ts';

const nameOf = (id: string) => `mup-playground trains ${id}`;

/** Holds the lock of an experiment until `ended`; where there are no locks, nothing. */
export function holdWhileTraining(id: string, ended: Promise<unknown>): void {
  const { locks } = globalThis.navigator ?? {};
  // Whoever holds it already is another tab that trains the same: both keep what they measure.
  void locks?.request(nameOf(id), { mode: 'shared' }, () => ended.catch(() => undefined)).catch(() => undefined);
}

/** Whether some tab trains the experiment; false where that cannot be known. */
async function isTrainedSomewhere(id: string): Promise<boolean> {
  try {
    const { held = [] } = (await globalThis.navigator?.locks?.query()) ?? {};
    return held.some(({ name }) => name === nameOf(id));
  } catch {
    return false;
  }
}

/** What is said of a training that was under way when it was kept last: the button goes on with it, unless another tab does. */
export async function leftWords({ id, name, underWay = [] }: SavedEntry): Promise<string> {
  if (await isTrainedSomewhere(id)) return `${name} is training in another tab. What both measure is kept.`;
  const width = /-w(\d+)/.exec(underWay[0] ?? '')?.[1];
  const where = width ? `while width ${width} trained` : 'on its way';
  return `${name} was left ${where}. Press the button to go on.`;
}
