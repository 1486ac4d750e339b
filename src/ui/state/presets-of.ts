/** The presets of one kind of study: each view offers its own. */
import { presets, type Preset } from '../../model/presets.ts';
import type { StudyKind } from '../../model/study.ts';

export const presetsOf = (kind: StudyKind): Preset[] =>
  presets.filter(({ experiment }) => (experiment.study?.kind ?? 'prediction') === kind);

/** The one whose results come with the page; null where there is none. */
export const recordedPreset = (kind: StudyKind): string | null =>
  presetsOf(kind).find(({ isRecorded }) => isRecorded)?.id ?? null;

/** The one that software adapters and CPUs finish within minutes. */
export const smallestPreset = (kind: StudyKind): string =>
  (presetsOf(kind).find(({ id }) => id.endsWith('smoke')) ?? presetsOf(kind)[0]).id;
