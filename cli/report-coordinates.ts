/** A coordinate check in a terminal: how the activations of each module grow with width after a few updates. */
import type { CoordinateCheck, ModuleCheck } from '../src/model/check-results.ts';
import { table } from './words.ts';

/** Updates after which slopes are shown; the last measurement is shown too. */
const SHOWN_STEPS = [0, 1, 3];

export function coordinatesText({ recipe, widths, steps, tolerance, modules, sentence }: CoordinateCheck): string {
  const shown = steps.flatMap((step, i) => (SHOWN_STEPS.includes(step) || i === steps.length - 1 ? [i] : []));
  const head = ['module', ...shown.map((i) => `step ${steps[i]}`), 'verdict'];
  const rows = modules.map((module) => [
    // What lies inside a module stands before it, set in.
    module.level === 'part' ? `  ${module.name}` : module.name,
    ...shown.map((i) => slopeText(module, i)),
    module.verdict,
  ]);
  return [
    `${recipe}: slope of log(mean |x|) on log(width) over widths ${widths.join(', ')}; flat is within ±${tolerance}`,
    table(head, rows),
    sentence,
  ].join('\n');
}

function slopeText({ slopes, slopeErrors }: ModuleCheck, i: number): string {
  const slope = slopes[i];
  if (slope === null) return '–';
  const error = slopeErrors[i];
  return `${slope < 0 ? '' : '+'}${slope.toFixed(2)}${error === null ? '' : ` ±${error.toFixed(2)}`}`;
}
