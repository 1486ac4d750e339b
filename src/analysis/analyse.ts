/** From measurements to findings: the one function that page, headless page, command line and tests ask. Pure, and plain data on both sides. */
import { checksOf } from '../checks/checks.ts';
import { previewOf } from '../data/preview.ts';
import type { Experiment } from '../model/experiment.ts';
import type { RunResult } from '../model/result.ts';
import { compare } from '../scaling/compare/compare.ts';
import { frontierReport, jointReport } from '../scaling/joint/joint.ts';
import { planFor } from '../scaling/plan/planning.ts';
import { fitReport } from '../scaling/width/fit.ts';
import { ghostCurves } from '../scaling/width/ghost.ts';
import { joinedText } from '../tables/joined-text.ts';
import type { NamedText } from '../tables/sheet.ts';
import { checksOfTable, tableReading } from './table-reading.ts';

const FINDERS = {
  /** The width law through points, and what it predicts. */
  law: fitReport,
  /** The law of parameters and tokens through points at several step counts. */
  joint: jointReport,
  /** The same with the compute-optimal frontier. */
  frontier: frontierReport,
  /** What a table of measurements is, and what is doubtful about it. */
  reading: tableReading,
  /** What it tells of transfer, coordinates or the basin. */
  table: checksOfTable,
  /** Several files as the text of one table. */
  joined: ({ texts }: { texts: readonly NamedText[] }) => joinedText(texts),
  /** Training curves of widths that are not trained. */
  ghosts: ghostCurves,
  /** Two recipes against each other. */
  comparison: compare,
  /** What to train next for a target's interval to shrink most. */
  plan: planFor,
  /** A generated corpus before anything is trained on it. */
  corpus: previewOf,
  /** What runs say of transfer, coordinates or the basin; their loss curves may be left out where the check needs none. */
  checks: ({ experiment, runs }: { experiment: Experiment; runs: RunResult[] }) => checksOf(experiment, runs),
};

export type Kind = keyof typeof FINDERS;
export type Inputs<K extends Kind> = Parameters<(typeof FINDERS)[K]>[0];
export type Finding<K extends Kind = Kind> = ReturnType<(typeof FINDERS)[K]>;

/** The kind of a question gives the type of its finding. */
export interface Question<K extends Kind = Kind> {
  kind: K;
  inputs: Inputs<K>;
}

/** @throws InputError for inputs that nothing can be found from, e.g. points that no law can be fitted to. */
export function analyse<K extends Kind>({ kind, inputs }: Question<K>): Finding<K> {
  return (FINDERS[kind] as (inputs: Inputs<K>) => Finding<K>)(inputs);
}
