/** The views by name, in the order in which they stand in the header. */
import type { StudyKind } from '../../model/study.ts';

export const VIEWS: readonly { kind: StudyKind; name: string; about: string }[] = [
  { kind: 'prediction', name: 'Predict', about: 'What will the loss be at a width nobody has trained?' },
  { kind: 'compare', name: 'Compare', about: 'Which of two recipes is better at a width nobody has trained?' },
  { kind: 'transfer', name: 'Transfer', about: 'Does the best learning rate stay the same as the model grows?' },
  { kind: 'coordinates', name: 'Coordinates', about: 'Do activations keep their size as the model grows?' },
  { kind: 'basin', name: 'Basin', about: 'Is there one region of good settings for all widths?' },
];

export const viewName = (kind: StudyKind): string => VIEWS.find((view) => view.kind === kind)!.name;
