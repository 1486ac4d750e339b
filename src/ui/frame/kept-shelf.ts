/** The page's one shelf: it outlives what shows it, so that what was deleted can be put back after that was closed. */
import { Shelf } from '../state/shelf.svelte.ts';
import { putBack, remove } from '../storage/records.ts';
import { listAll } from '../storage/saved.ts';

export const shelf = new Shelf({ listAll, remove, putBack });
