/** The study of the Compare view: predictions of several recipes side by side, and a pair of them to look at. */
import type { Desk } from './desk.svelte.ts';
import { PredictionStudy } from './prediction.svelte.ts';
import type { Workbench } from './study.svelte.ts';

export class CompareStudy extends PredictionStudy {
  /** Indices of the two recipes whose difference is on show. */
  pair = $state.raw<readonly [number, number]>([0, 1]);
  /** What the analyst says of the recipes, once the view was opened. */
  desk: Desk | null = null;
  /** Whether settings change in all recipes at once; otherwise in the recipe on show. */
  areAllEdited = $state(true);

  constructor(bench: Workbench) {
    super(bench, 'compare');
  }

  override get edited(): number[] {
    return this.areAllEdited ? this.draft.values.recipes.map((_, i) => i) : super.edited;
  }
}
