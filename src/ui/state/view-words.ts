/** The views by name, in the order in which they stand in the header. */
import type { StudyKind } from '../../model/study.ts';

/** A view is that of a study, or of losses that were measured elsewhere. */
export type ViewName = StudyKind | 'losses';

export const VIEWS: readonly { kind: ViewName; name: string; about: string }[] = [
  { kind: 'prediction', name: 'Predict', about: 'What will the loss be at a width nobody has trained?' },
  { kind: 'compare', name: 'Compare', about: 'Which of two recipes is better at a width nobody has trained?' },
  { kind: 'transfer', name: 'Transfer', about: 'Does the best learning rate stay the same as the model grows?' },
  { kind: 'coordinates', name: 'Coordinates', about: 'Do activations keep their size as the model grows?' },
  { kind: 'basin', name: 'Basin', about: 'Is there one region of good settings for all widths?' },
  { kind: 'losses', name: 'Your losses', about: 'What do losses that you measured elsewhere say of larger models?' },
];

export const viewName = (kind: ViewName): string => VIEWS.find((view) => view.kind === kind)!.name;
