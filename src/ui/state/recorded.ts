/** The recorded experiments that come with the page. */
import type { ExperimentResult } from '../../model/result.ts';
import type { StudyKind } from '../../model/study.ts';
import { presets } from '../../model/presets.ts';
import { recordedPreset } from './presets-of.ts';

/** The file of the calibration study's figures. */
export const CALIBRATION = 'calibration';

const found = new Map<string, unknown>();

/** What stands in a file that comes with the page; kept, for it may be asked for again without a connection. @throws where it cannot be had. */
export async function recordedFile(name: string): Promise<unknown> {
  if (!found.has(name)) {
    const response = await fetch(`${import.meta.env.BASE_URL}recorded/${name}.json`);
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    found.set(name, await response.json());
  }
  return found.get(name);
}

/**
 * The recorded experiment that comes with the page; null where it is missing or was served as something else. It is taken as it
 * is: the tests check every recorded file with its seals, and the first look at the page need not load what does that.
 */
export async function fetchRecorded(kind: StudyKind): Promise<ExperimentResult | null> {
  const name = recordedPreset(kind);
  if (name === null) return null;
  try {
    return (await recordedFile(name)) as ExperimentResult;
  } catch {
    // An example that cannot be had is left out; everything else works without it.
    return null;
  }
}

/** Loads every file that comes with the page, one by each. */
export const recordedFiles = (): (() => Promise<unknown>)[] => {
  const examples = presets.filter(({ isRecorded }) => isRecorded).map(({ id }) => id);
  return [...examples, CALIBRATION].map((name) => () => recordedFile(name));
};
