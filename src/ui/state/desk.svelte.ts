/** What the fitter says of the recipes on show: the law of each, and every pair of them. */
import { createContext } from 'svelte';
import type { Comparison } from '../../model/scaling-results.ts';
import type { FitReport, FitRequest } from '../../scaling/width/report.ts';
import { canCompare, compareAll, pairsOf, type PairQuestion } from '../../analysis/compare-request.ts';
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
import { Answer } from './answer.svelte.ts';
import type { CompareStudy } from './compare-study.svelte.ts';
import { lasting } from './lasting.svelte.ts';

/** The law of a recipe; null for one without points. */
interface LawQuestion {
  name: string;
  request: FitRequest | null;
}

const isSame = <T>(one: T, other: T) => JSON.stringify(one) === JSON.stringify(other);

export class Desk {
  readonly study: CompareStudy;
  readonly laws: Answer<LawQuestion[], (FitReport | null)[]>;
  readonly comparisons: Answer<PairQuestion[], Comparison[]>;

  constructor(study: CompareStudy) {
    this.study = study;
    const { services } = study.bench;
    this.laws = new Answer(
      (questions) =>
        Promise.all(questions.map(({ request }) => request && services.ask({ kind: 'law', inputs: request }))),
      isSame,
    );
    this.comparisons = new Answer((questions) => compareAll(services.ask, questions), isSame);
  }

  readonly sides: ComparedSide[] = $derived.by(() => sidesOf(this.study));
  readonly lawQuestions: LawQuestion[] = $derived.by(() =>
    this.sides.map(({ name, scene }) => ({ name, request: scene.request })),
  );
  /** What is asked about: an answer over another axis, or about other results, is not shown. */
  readonly #subject = $derived.by(() => JSON.stringify([this.study.shown.id, this.study.abscissa]));
  readonly pairQuestions: PairQuestion[] = $derived.by(() => questionsOf(this.study).filter(canCompare));

  /** Asks again whatever has changed. */
  follow(): void {
    const { lawQuestions, pairQuestions } = this;
    void this.laws.follow(lawQuestions.some(({ request }) => request !== null) ? lawQuestions : null, this.#subject);
    void this.comparisons.follow(pairQuestions.length > 0 ? pairQuestions : null, this.#subject);
  }

  /** The law of a recipe as it was last answered. */
  lawOf({ name }: ComparedSide): FitReport | null {
    const answered = this.laws.on(this.#subject);
    return answered?.reply[answered.question.findIndex((one) => one.name === name)] ?? null;
  }

  /** What the pair is found to be, once it is known. */
  comparisonOf(a: string, b: string): Comparison | null {
    return this.comparisons.on(this.#subject)?.reply.find((one) => one.a === a && one.b === b) ?? null;
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
