/** A table with all that follows from it, saved as a file. */
import { fitFileOf } from '../law/fit-export.ts';
import type { Losses } from '../state/losses.svelte.ts';
import { parts } from '../state/parts.svelte.ts';

export async function takeFit(losses: Losses): Promise<void> {
  const { download } = await parts.load(() => import('../chart/export.ts'));
  download('fit.json', new Blob([JSON.stringify(fitFileOf(losses), null, 2)], { type: 'application/json' }));
}
