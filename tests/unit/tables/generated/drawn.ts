/** A table drawn at random before it is written in any form, and what is true of it. */

export type Cell = number | string | null;

/** What a column is to those who made the table. */
export type Purpose =
  'size' | 'loss' | 'tokens' | 'step' | 'series' | 'swept' | 'seed' | 'error' | 'noise' | 'module' | 'value';

export interface DrawnColumn {
  purpose: Purpose;
  name: string;
  cells: Cell[];
  /** How people write its numbers: sizes in groups or with a suffix, losses with so many decimals. */
  style: 'size' | 'decimal' | 'plain';
}

/** One training of the table: what a reader has to find. */
export interface Truth {
  series: string | null;
  size: number;
  /** Of the same training in the other columns of sizes, by their names. */
  otherSizes: Record<string, number>;
  tokens: number | null;
  settings: Record<string, number>;
  /** Null where it diverged. */
  loss: number | null;
}

export interface TrueActivation {
  series: string | null;
  width: number;
  module: string;
  step: number;
  value: number;
}

/** Why a person would have to ask, too. */
export type Doubt =
  /** Trainings differ in length, and not along a ladder: a law of both, or what else? */
  | 'lengths'
  /** A column differs where all else is equal, and its name says nothing. */
  | 'nonsense'
  /** One mark before three digits, and nothing else in the table tells which. */
  | 'marks'
  /** Several held-out losses, none before the others. */
  | 'losses'
  /** Numbers without names. */
  | 'nameless';

export interface Drawn {
  kind: string;
  columns: DrawnColumn[];
  /** Its header in two lines, where it may have these: what spans the columns, and the rest. */
  lines?: [top: string[], bottom: string[]];
  truth: Truth[];
  activations: TrueActivation[];
  /** Rows whose loss is wanted. */
  wanted: number;
  doubts: Set<Doubt>;
}
