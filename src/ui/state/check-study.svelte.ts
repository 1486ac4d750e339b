/** The study of a view that checks muP: transfer, coordinates or basin, with recipes side by side and no law. */
import { createContext } from 'svelte';
import type { Checks } from '../../model/check-results.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { Recipe } from '../../model/recipe.ts';
import type { RunResult } from '../../model/result.ts';
import type { CheckKind } from '../../model/study.ts';
import { checksQuestion } from '../../analysis/checks-question.ts';
import { isOfTable } from '../../experiment/admission.ts';
import { idsOf } from './run-ids.ts';
import type { ResultsData } from './results-data.ts';
import { StudyState, type Workbench } from './study.svelte.ts';

const NOTHING_FOUND: Checks = { transfer: [], coordinates: [], basin: [] };

export class CheckStudy extends StudyState {
  /** No point is left out of a check. */
  readonly excluded = {};

  constructor(kind: CheckKind, bench: Workbench) {
    super(kind, bench);
  }

  /** Recipes stand side by side to differ in one thing, so every other setting changes in all of them. */
  get edited(): number[] {
    return this.draft.values.recipes.map((_, i) => i);
  }

  /** The experiment as it is checked: the margin of a basin may change at any time, for it asks for no new run. */
  readonly checked = $derived.by((): Experiment => {
    const { shownExperiment } = this;
    const { study } = this.draft.values;
    if (shownExperiment.study.kind !== 'basin' || study.kind !== 'basin' || Number.isNaN(study.margin)) {
      return shownExperiment;
    }
    return { ...shownExperiment, study: { ...shownExperiment.study, margin: study.margin } };
  });

  readonly question = $derived.by(() => checksQuestion(this.checked, this.shown.runs));

  /** An answer about other results, sizes or values would be drawn where it is not. */
  readonly #subject = $derived.by(() => JSON.stringify([this.shown.id, placesOf(this.checked)]));
  readonly checks = $derived.by(() => this.bench.findings.on(`checks ${this.#subject}`, this.question));
  /** What the checks say, and of which experiment: that on show, with the margin that the answer was found with. */
  readonly found = $derived.by((): { experiment: Experiment; checks: Checks } => {
    const { answered } = this.checks;
    return answered
      ? { experiment: answered.question.inputs.experiment, checks: answered.finding }
      : { experiment: this.checked, checks: NOTHING_FOUND };
  });

  /** A new value, width or seed changes nothing of what is there; a changed recipe, or another sweep, does. */
  protected hasOtherSettings(): boolean {
    const measured = this.own.experiment!;
    if (measured.recipes.some((recipe) => this.#hasChanged(recipe))) return true;
    const wanted = idsOf(this.plan.flat());
    return this.own.runs.length > 0 && !this.own.runs.some(({ id }) => wanted.has(id));
  }

  protected usableRuns(over: readonly RunResult[]): RunResult[] {
    const recipes = this.own.experiment!.recipes.filter((recipe) => !this.#hasChanged(recipe));
    return over.filter((run) => recipes.some(({ name }) => name === run.recipe) && isOfTable(recipes, run));
  }

  protected keptSeals(): never[] {
    return [];
  }

  protected override shownData(): ResultsData {
    return { ...super.shownData(), experiment: this.checked };
  }

  #hasChanged(measured: Recipe): boolean {
    const now = this.draft.values.recipes.find(({ name }) => name === measured.name);
    return !!now && JSON.stringify(now) !== JSON.stringify(measured);
  }
}

/** Where a chart puts what is said of an experiment: recipes, sizes and swept values; a basin's margin moves nothing. */
const placesOf = ({ recipes, ladder, study }: Experiment) => [
  recipes.map(({ name }) => name),
  ladder,
  { ...study, margin: null },
];

export const [getCheckStudy, setCheckStudy] = createContext<CheckStudy>();
