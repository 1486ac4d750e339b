/** Which experiments train in which tab of this browser: a lock is held while one does, and ends with its tab, however that ends. */

const nameOf = (id: string) => `mup-playground trains ${id}`;

/** Holds the lock of an experiment until `ended`; where there are no locks, nothing. */
export function holdWhileTraining(id: string, ended: Promise<unknown>): void {
  const { locks } = globalThis.navigator ?? {};
  // Whoever holds it already is another tab that trains the same: both keep what they measure.
  void locks?.request(nameOf(id), { mode: 'shared' }, () => ended.catch(() => undefined)).catch(() => undefined);
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
