/** Which rule is broken, when outputs change their size with width: the tensor whose own output went wrong first. */
import type { CoordinateCheck, ModuleCheck } from '../model/check-results.ts';
import type { ModuleSlopes } from './coordinate-slopes.ts';
import { breaksOf, isRandomStart, TOLERANCE, worstSlope } from './flatness.ts';
import { mean, standardError } from './mean.ts';

export type Suspect = ModuleCheck & Pick<ModuleSlopes, 'seedSlopes'>;

type Direction = 'grows' | 'shrinks';

/** What updates made of a slope: its change since before the first of them, which a bad rule alone can explain. */
interface Change {
  size: number;
  error: number;
}

/** A change counts beyond this many standard errors, so that noise is not blamed. */
const SURE_ERRORS = 2;

/** In the step that shows the break, an output counts as wrong from this share of the largest change on. */
const SHARE_OF_GROWTH = 1 / 6;
const SHARE_OF_SHRINKING = 1 / 2;

/** Growth is blamed before shrinking, of which small widths have some of their own, unless it is smaller by more than this. */
const SHRINKING_OVER_GROWTH = 2;

/**
 * The module or part at which a broken rule shows first: at the earliest step that has a change out of tolerance, the first
 * output in the forward pass that is clearly part of it. A tensor whose updates are too large has a wrong output right after
 * its first update, and so has all that follows it in the forward pass; what stands before it suffers later, if at all. It is
 * the first one that counts, not the one that changed most: an output that starts large hides a change which the next one,
 * starting small, shows in full.
 *
 * Small widths make many outputs shrink a little by themselves (the incoherent part of an update is 1/√width of it), so of
 * outputs that shrink only those count that reach half of the worst at any step.
 *
 * @param modules in the order of the forward pass, parts before the module they belong to
 */
export function culpritOf(modules: readonly Suspect[]): CoordinateCheck['culprit'] {
  const breaks = breaksOf(modules);
  if (breaks.length === 0) return null;
  const direction = directionOf(breaks);
  const suspects = modules.filter((module) => module.verdict === direction && !isRandomStart(module));
  const steps = Array.from({ length: modules[0].slopes.length - 1 }, (_, i) => i + 1);
  const changes = steps.map((step) => suspects.map((suspect) => changeOf(suspect, step, direction)));
  const worst = Math.max(...changes.flat().map(({ size }) => size));
  const least = direction === 'grows' ? TOLERANCE : Math.max(TOLERANCE, SHARE_OF_SHRINKING * worst);
  for (const sure of [SURE_ERRORS, 0]) {
    for (const [i, step] of steps.entries()) {
      const out = changes[i].filter(({ size, error }) => size > least + sure * error);
      if (out.length === 0) continue;
      const share = direction === 'grows' ? SHARE_OF_GROWTH * Math.max(...out.map(({ size }) => size)) : least;
      const first = changes[i].findIndex(({ size, error }) => size >= share && size > sure * error);
      return { module: suspects[first].name, role: suspects[first].role, step };
    }
  }
  // No update changed a slope by more than the tolerance: the sizes were wrong from the start.
  return { module: breaks[0].name, role: breaks[0].role, step: 0 };
}

function directionOf(breaks: readonly Suspect[]): Direction {
  const worst = (direction: Direction) =>
    Math.max(0, ...breaks.filter(({ verdict }) => verdict === direction).map((one) => Math.abs(worstSlope(one)!)));
  return worst('shrinks') > SHRINKING_OVER_GROWTH * worst('grows') ? 'shrinks' : 'grows';
}

/** In the direction asked for; none where there is no slope. An output that was zero at first has all of its slope from updates. */
function changeOf({ seedSlopes }: Suspect, step: number, direction: Direction): Change {
  const slopes = seedSlopes[step];
  if (!slopes) return { size: 0, error: 0 };
  const sign = direction === 'grows' ? 1 : -1;
  const changes = slopes.map((slope, seed) => sign * (slope - (seedSlopes[0]?.[seed] ?? 0)));
  return { size: mean(changes), error: standardError(changes) ?? 0 };
}
