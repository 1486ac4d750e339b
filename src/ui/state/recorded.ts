/** The recorded experiments that come with the page. */
import type { ExperimentResult } from '../../model/result.ts';
import type { StudyKind } from '../../model/study.ts';
import { recordedPreset } from './presets-of.ts';

/**
 * The recorded experiment that comes with the page; null where it is missing or was served as something else. It is taken as it
 * is: the tests check every recorded file with its seals, and the first look at the page need not load what does that.
 */
export async function fetchRecorded(kind: StudyKind): Promise<ExperimentResult | null> {
  const name = recordedPreset(kind);
  if (name === null) return null;
  try {
    const response = await fetch(`${import.meta.env.BASE_URL}recorded/${name}.json`);
    return response.ok ? ((await response.json()) as ExperimentResult) : null;
  } catch {
    // An example that cannot be had is left out; everything else works without it.
    return null;
  }
}
