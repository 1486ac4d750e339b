/** The coordinate check of activations from anywhere: modules by the names that a table gives them, nothing known of their tensors. */
import type { TableCoordinates } from '../model/check-results.ts';
import type { ActivationMeasurement } from '../model/measurement.ts';
import { moduleSlopes, type MeasuredRun } from './coordinate-slopes.ts';
import { FIRST_JUDGED, moduleVerdict, TOLERANCE } from './flatness.ts';
import { mean } from './mean.ts';
import { listed } from './wording.ts';

type Module = TableCoordinates['modules'][number];

/** Outputs whose random start shrinks with width by itself, until what is learnt outgrows it. */
const READOUT = /^(logits?|readout|output(_?layer)?|(lm_?)?head|unembed(ding)?|fc_?out|decoder)$/i;

/** The output of the model, and not of a block of it: those have numbers before them. */
const isReadout = (name: string): boolean => {
  const parts = name.replace(/\.(weight|bias|out(put)?)$/i, '').split(/[./]/);
  return READOUT.test(parts.at(-1)!) && !parts.slice(0, -1).some((part) => /\d/.test(part));
};

/**
 * As `checkCoordinates` judges: flat, or grows or shrinks with width, from the third update on; where a table ends before it, by its
 * last step, and says so.
 * @param name of the series
 */
export function coordinatesOf(name: string, measurements: readonly ActivationMeasurement[]): TableCoordinates {
  const ascending = (values: Iterable<number>) => [...new Set(values)].sort((a, b) => a - b);
  const widths = ascending(measurements.map(({ width }) => width));
  const steps = ascending(measurements.map(({ step }) => step));
  const names = [...new Set(measurements.map(({ module }) => module))];
  const runs = runsOf(measurements, names, steps);
  const modules = names.map((module): Module => {
    const { values, slopes, slopeErrors } = moduleSlopes(module, runs, widths, steps.length);
    const verdict = moduleVerdict({ slopes: inPlace(slopes, steps), slopeErrors: inPlace(slopeErrors, steps) });
    return { name: module, values, slopes, slopeErrors, verdict };
  });
  const broken = modules.filter(
    (module) => (module.verdict === 'grows' || module.verdict === 'shrinks') && !isRandomStart(module),
  );
  const judged = modules.filter(({ verdict }) => verdict !== 'silent');
  const holds =
    widths.length > 1 &&
    judged.length > 0 &&
    judged.every((module) => module.verdict === 'flat' || isRandomStart(module));
  const verdict = broken.length > 0 ? 'broken' : holds ? 'holds' : 'unclear';
  const found = {
    series: name,
    widths,
    steps,
    tolerance: TOLERANCE,
    modules,
    verdict,
    culprit: culpritOf(broken, steps),
  } as const;
  return { ...found, sentence: sentenceOf(found, runs) };
}

/** One for each width and seed, with its values by step and module. */
function runsOf(
  measurements: readonly ActivationMeasurement[],
  modules: string[],
  steps: readonly number[],
): MeasuredRun[] {
  const runs = new Map<string, MeasuredRun>();
  const stepAt = new Map(steps.map((step, i) => [step, i]));
  const moduleAt = new Map(modules.map((module, i) => [module, i]));
  // Several values of one place, as of the batches of a check, are of one run and count by their mean.
  const several = new Map<string, number[]>();
  for (const { width, seed, module, step, value } of measurements) {
    const key = `${width} ${seed}`;
    if (!runs.has(key))
      runs.set(key, { width, seed, activations: { modules, values: steps.map(() => modules.map(() => null)) } });
    const place = `${key} ${step} ${module}`;
    const values = several.get(place) ?? [];
    several.set(place, values);
    if (value !== null) values.push(value);
    runs.get(key)!.activations.values[stepAt.get(step)!]![moduleAt.get(module)!] =
      values.length > 0 ? mean(values) : null;
  }
  return [...runs.values()].sort((a, b) => a.seed - b.seed || a.width - b.width);
}

/** Slopes so that those which are judged stand from the place of the third update on, as the verdicts of a training here expect. */
function inPlace(slopes: readonly (number | null)[], steps: readonly number[]): (number | null)[] {
  const late = steps.findIndex((step) => step >= FIRST_JUDGED);
  const first = late < 0 ? steps.length - 1 : late;
  const early = slopes.slice(Math.max(0, first - FIRST_JUDGED), first);
  return [...Array<null>(FIRST_JUDGED - early.length).fill(null), ...early, ...slopes.slice(first)];
}

const lastSlope = ({ slopes }: Module): number | null => slopes.findLast((slope) => slope !== null) ?? null;

/** A readout that shrinks no more than it did at first. */
function isRandomStart(module: Module): boolean {
  const start = module.slopes.find((slope) => slope !== null) ?? 0;
  return (
    isReadout(module.name) &&
    module.verdict === 'shrinks' &&
    start < -TOLERANCE &&
    lastSlope(module)! >= start - TOLERANCE
  );
}

/** The module that changes most with width, from the first step at which it is out of tolerance. */
function culpritOf(broken: readonly Module[], steps: readonly number[]): TableCoordinates['culprit'] {
  const size = (module: Module) => Math.abs(lastSlope(module)!);
  const growing = broken.filter(({ verdict }) => verdict === 'grows');
  const among = growing.length > 0 ? growing : broken;
  if (among.length === 0) return null;
  const most = Math.max(...among.map(size));
  const culprit = among.find((module) => size(module) >= most / 2)!;
  const at = culprit.slopes.findIndex((slope) => slope !== null && Math.abs(slope) > TOLERANCE);
  return { module: culprit.name, step: steps[at]! };
}

function sentenceOf(
  { series, widths, steps, modules, verdict, culprit }: Omit<TableCoordinates, 'sentence'>,
  runs: readonly MeasuredRun[],
): string {
  const cased = (text: string) => `${series}: ${text}`;
  if (widths.length < 2) return cased(`slopes need two widths, and the table has ${widths.length}.`);
  const span = `from width ${widths[0]} to ${widths.at(-1)}`;
  const last = steps.at(-1)!;
  const early = last < FIRST_JUDGED ? `, judged at step ${last}, the last there is` : '';
  const single = new Set(runs.map(({ seed }) => seed)).size === 1 ? ', with one seed' : '';
  if (culprit) {
    const out = modules.filter((module) => module.verdict === 'grows' || module.verdict === 'shrinks');
    const worst = modules.find(({ name }) => name === culprit.module)!;
    const more =
      out.length > 1
        ? ` (and ${out.length - 1} more of ${modules.length} ${modules.length === 1 ? 'module' : 'modules'})`
        : '';
    return cased(
      `${culprit.module} ${worst.verdict} as width^${lastSlope(worst)!.toFixed(2)}${more}, ${span}, from step ${culprit.step} on${early}${single}.`,
    );
  }
  if (verdict === 'holds') {
    const largest = Math.max(
      ...modules.filter(({ verdict: one }) => one === 'flat').map((module) => Math.abs(lastSlope(module)!)),
      0,
    );
    const shrinking = modules.some(isRandomStart) ? '; the readout still shrinks as its random start does' : '';
    return cased(
      `${span} every module stays flat (largest |slope| ${largest.toFixed(2)})${shrinking}${early}${single}.`,
    );
  }
  const open = modules.filter(({ verdict: one }) => one === 'unclear').map(({ name }) => name);
  const silent = modules.filter(({ verdict: one }) => one === 'silent').map(({ name }) => name);
  const doubt =
    open.length > 0
      ? `${listed(open.slice(0, 4))} cannot be judged within this noise; more seeds, steps or widths would tell`
      : `there is nothing to judge at ${listed(silent.slice(0, 4))}`;
  return cased(`unclear ${span}: ${doubt}${early}${single}.`);
}
