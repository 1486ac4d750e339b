/** The recorded experiments that come with the page. */
import type { ExperimentResult } from '../../model/result.ts';
import type { StudyKind } from '../../model/study.ts';

/** By the view that shows it. */
const RECORDED: Record<StudyKind, string> = {
  prediction: 'first-light',
  compare: 'compare-smoke',
  transfer: 'transfer-smoke',
  coordinates: 'coordinates-smoke',
  basin: 'basin-smoke',
};

/**
 * The recorded experiment that comes with the page; null where it is missing or was served as something else. It is taken as it
 * is: the tests check every recorded file with its seals, and the first look at the page need not load what does that.
 */
export async function fetchRecorded(kind: StudyKind): Promise<ExperimentResult | null> {
  try {
    const response = await fetch(`${import.meta.env.BASE_URL}recorded/${RECORDED[kind]}.json`);
    return response.ok ? ((await response.json()) as ExperimentResult) : null;
  } catch {
    // An example that cannot be had is left out; everything else works without it.
    return null;
  }
}
