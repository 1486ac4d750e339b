/** What the analyst says of the recipes on show: the law of each, and every pair of them. */
import { createContext } from 'svelte';
import type { Comparison } from '../../model/scaling-results.ts';
import type { FitReport } from '../../scaling/width/report.ts';
import { canCompare, pairsOf, withRemarks, type PairQuestion } from '../../analysis/compare-request.ts';
import {
  measuredDifferences,
  outcomesOf,
  pairIn,
  questionsOf,
  sidesOf,
  wholeRungs,
  type ComparedSide,
  type MeasuredDifference,
  type Outcome,
} from '../law/compare-scene.ts';
import { lawOf } from '../law/ladder-scene.ts';
import type { CompareStudy } from './compare-study.svelte.ts';
import { lasting } from './lasting.svelte.ts';

export class Desk {
  readonly study: CompareStudy;

  constructor(study: CompareStudy) {
    this.study = study;
  }

  readonly sides: ComparedSide[] = $derived.by(() => sidesOf(this.study));
  /** What is asked about: an answer over another axis, or about other results, is not shown. */
  readonly #subject = $derived.by(() => JSON.stringify([this.study.shown.id, this.study.abscissa]));
  readonly pairQuestions: PairQuestion[] = $derived.by(() => questionsOf(this.study).filter(canCompare));
  readonly #laws = $derived.by(() =>
    this.sides.map(({ name, scene }) =>
      this.study.bench.findings.on(`law of ${name} ${this.#subject}`, lawOf(scene.request)),
    ),
  );
  readonly #comparisons = $derived.by(() =>
    this.pairQuestions.map((question) => {
      const { a, b } = question.inputs;
      return {
        a: a.name,
        b: b.name,
        ...this.study.bench.findings.on(`${JSON.stringify([a.name, b.name])} ${this.#subject}`, question),
      };
    }),
  );
  /** Why a law is missing, and why a comparison is, in one sentence each. */
  readonly lawProblem = $derived.by(() => this.#laws.find(({ problem }) => problem)?.problem ?? '');
  readonly comparisonProblem = $derived.by(() => this.#comparisons.find(({ problem }) => problem)?.problem ?? '');

  /** The law of a recipe as it was last answered. */
  lawOf({ index }: ComparedSide): FitReport | null {
    return this.#laws[index]?.answered?.finding ?? null;
  }

  /** What the pair is found to be, once it is known. */
  comparisonOf(a: string, b: string): Comparison | null {
    const answered = this.#comparisons.find((one) => one.a === a && one.b === b)?.answered;
    return answered ? withRemarks(answered.question, answered.finding) : null;
  }

  readonly pair: [ComparedSide, ComparedSide] = $derived.by(() => {
    const [i, j] = pairIn(this.sides.length, this.study.pair);
    return [this.sides[i], this.sides[j]];
  });
  readonly comparison: Comparison | null = $derived.by(() => {
    const [a, b] = this.pair;
    return this.comparisonOf(a.name, b.name);
  });
  /** Whether rungs of the pair still train, so that what is found of it may change. */
  readonly isProvisional: boolean = $derived.by(() => {
    const { isTraining, shown, shownExperiment } = this.study;
    const whole = wholeRungs(shownExperiment, this.pair, shown.runs);
    return isTraining && whole.length < shownExperiment.ladder.rungs.length;
  });
  readonly differences: MeasuredDifference[] = $derived.by(() => {
    const { shown, shownExperiment } = this.study;
    return measuredDifferences(...this.pair, shown.runs, shownExperiment.seeds);
  });
  readonly outcomes: Outcome[] = $derived.by(() => outcomesOf(...this.pair, this.comparison, this.differences));
  readonly pairs: [ComparedSide, ComparedSide][] = $derived.by(() => pairsOf(this.sides));
}

/** The desk of a study, made when its view is first opened. */
export const deskOf = (study: CompareStudy): Desk => (study.desk ??= lasting(() => new Desk(study)));

export const [getDesk, setDesk] = createContext<Desk>();
