/** The experiment in the address, validated like any other experiment. Texts never travel in it. */
import { parseExperiment, type Experiment } from '../../model/experiment.ts';
import { packedHash, unpackedFrom } from './packed.ts';

/** The part of an address behind `#`. */
export const linkHash = (experiment: Experiment): string => packedHash('experiment', experiment);

/**
 * The experiment a hash carries, or null when it carries none.
 * @throws InputError with one sentence when it carries one that cannot be used.
 */
export const experimentFromHash = (hash: string): Experiment | null =>
  unpackedFrom(hash, 'experiment', 'an experiment that cannot be run', parseExperiment);
