/** The libraries that the bench times beside us. Only who measures `steps` needs them: they are installed apart, and nothing imports them by name. */
import type { Contender } from './contender.ts';

const FILES = import.meta.glob<Contender>('./peers/*.ts', { import: 'peer' });

/** In the order of their names. */
export const loadPeers = (): Promise<Contender[]> => Promise.all(Object.values(FILES).map((load) => load()));
