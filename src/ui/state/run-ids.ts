/** The ids of runs, for looking them up. */
export const idsOf = (runs: readonly { id: string }[]): ReadonlySet<string> => new Set(runs.map(({ id }) => id));
