/** The views by name, in the order in which they stand in the header. */
import type { StudyKind } from '../../model/study.ts';

/** Views that train nothing. Losses are those that were measured elsewhere, what was learnt is asked of the models of other views. */
const WITHOUT_STUDY = ['learnt', 'losses'] as const;

/** A view is that of a study, or one of those. */
export type ViewName = StudyKind | (typeof WITHOUT_STUDY)[number];

export const hasStudy = (view: ViewName): view is StudyKind => !(WITHOUT_STUDY as readonly string[]).includes(view);

export const VIEWS: readonly { kind: ViewName; name: string; about: string }[] = [
  { kind: 'prediction', name: 'Predict', about: 'What will the loss be at a width nobody has trained?' },
  { kind: 'compare', name: 'Compare', about: 'Which of two recipes is better at a width nobody has trained?' },
  { kind: 'transfer', name: 'Transfer', about: 'Does the best learning rate stay the same as the model grows?' },
  { kind: 'coordinates', name: 'Coordinates', about: 'Do activations keep their size as the model grows?' },
  { kind: 'basin', name: 'Basin', about: 'Is there one region of good settings for all widths?' },
  { kind: 'learnt', name: 'Learnt', about: 'What have the models learnt: what do they write, where do they look?' },
  {
    kind: 'losses',
    name: 'Tables',
    about: 'What do measurements from anywhere say: losses, sweeps, coordinate checks?',
  },
];

export const viewName = (kind: ViewName): string => VIEWS.find((view) => view.kind === kind)!.name;
