/** A graphics device that is gone for good: what was measured until then stays, and the CPU can go on with it. */
import { InputError } from './parse.ts';

const FIELD = 'device';

/** Told across workers by its field, as what a page can mend by training on the CPU. */
export const isLostDevice = (error: { field: string | null }): boolean => error.field === FIELD;

/** @param what became of the device, as the sentence goes on to its stop. */
export const lostDevice = (what: string): InputError => new InputError(FIELD, `The graphics device ${what}`);
