/** What says that results on show were recorded. */
import type { Results } from '../state/results.svelte.ts';

export const exampleTag = ({ experiment, adapter }: Pick<Results, 'experiment' | 'adapter'>): string =>
  `Example: ${experiment?.name ?? ''}, recorded on ${adapter?.description || adapter?.architecture || 'another machine'}`;
