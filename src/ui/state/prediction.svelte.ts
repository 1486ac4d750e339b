/** The study of the home view: rungs, the law through them, and the targets it is held to. */
import { createContext } from 'svelte';
import { fileOf } from '../../model/corpora.ts';
import type { Ladder } from '../../model/experiment.ts';
import { InputError } from '../../model/parse.ts';
import type { RunResult, SealedPrediction } from '../../model/result.ts';
import type { Run } from '../../model/run.ts';
import type { FitReport } from '../../scaling/width/report.ts';
import { assertTargetsUnmeasured } from '../../experiment/admission.ts';
import { sealOf } from '../../experiment/queue.ts';
import type { Abscissa } from '../law/abscissa.ts';
import { lawOf, sceneOf } from '../law/ladder-scene.ts';
import type { Draft } from './draft.svelte.ts';
import { changeBetween, withChange, type LadderChange } from './ladder-change.ts';
import type { ResultsData } from './results-data.ts';
import type { Origin, Results } from './results.svelte.ts';
import { StudyState, type Workbench } from './study.svelte.ts';

export class PredictionStudy extends StudyState {
  abscissa = $state<Abscissa>('width');
  #excluded = $state<Record<string, number[]>>({});
  /** Changes of the ladder that the conductor has not answered yet, in the order in which they were asked for. */
  #asked: readonly LadderChange[] = [];
  #answered: Promise<unknown> = Promise.resolve();

  constructor(bench: Workbench, kind: 'prediction' | 'compare' = 'prediction') {
    super(kind, bench);
  }

  get excluded(): Record<string, number[]> {
    return $state.snapshot(this.#excluded);
  }

  get edited(): number[] {
    return [Math.min(this.recipeIndex, this.draft.values.recipes.length - 1)];
  }

  readonly scene = $derived.by(() =>
    sceneOf({
      recipe: this.shownRecipe,
      ladder: this.shownExperiment.ladder,
      seeds: this.shownExperiment.seeds,
      runs: this.shown.runs,
      sealed: this.shown.sealed,
      facts: this.shown.factsOf(this.shownRecipe.name),
      excluded: this.#excluded[this.shownRecipe.name] ?? [],
      abscissa: this.abscissa,
    }),
  );

  /** What is asked about: an answer about other results or another recipe is not shown. */
  readonly subject = $derived.by(() => JSON.stringify([this.shown.id, this.shownRecipe.name]));
  readonly law = $derived.by(() =>
    this.bench.findings.on(`law ${this.abscissa} ${this.subject}`, lawOf(this.scene.request)),
  );
  /** The law of the recipe on show, through the points that it tells itself: they may be fewer than there are by now. */
  readonly report = $derived.by((): FitReport | null => this.law.answered?.finding ?? null);

  /** Only the ladder may change: a seal is worth keeping only beside the very runs it was made from. */
  protected hasOtherSettings(): boolean {
    const measured = this.own.experiment!;
    const { recipes, seeds } = this.draft.values;
    return JSON.stringify([measured.recipes, measured.seeds]) !== JSON.stringify([recipes, seeds]);
  }

  protected usableRuns(over: readonly RunResult[]): RunResult[] {
    return this.isStale ? [] : [...over];
  }

  protected keptSeals(): SealedPrediction[] {
    return this.isStale ? [] : this.own.sealed;
  }

  /** A target that was trained without a seal counts as missing, and is refused. */
  protected override counts({ recipe, width }: Run): boolean {
    return !this.draft.values.ladder.targets.includes(width) || sealOf(this.own.sealed, recipe, width) !== null;
  }

  /**
   * Changes the ladder by way of the draft. A width that was trained must not become a target without a seal; while
   * training goes on, the conductor has its say too, on one change after another.
   * @throws InputError when the change is refused; it is taken back then, and changes that were asked for beside it stay.
   */
  async changeLadder(change: (draft: Draft) => void): Promise<void> {
    const { rungs, targets } = this.draft.values.ladder;
    const before = { rungs: [...rungs], targets: [...targets] };
    change(this.draft);
    if (this.isTraining) return this.#askForChange(changeBetween(before, this.draft.values.ladder));
    try {
      this.#assertTargetsUnmeasured();
    } catch (error) {
      this.draft.values.ladder = before;
      throw error;
    }
  }

  async #askForChange(change: LadderChange): Promise<void> {
    this.#asked = [...this.#asked, change];
    const { training } = this.bench;
    const made = this.#answered.then(() => training.changeLadder(withChange(this.#trained, change)));
    this.#answered = made.catch(() => undefined);
    try {
      await made;
      this.#settle(change);
    } catch (error) {
      this.#settle(change);
      this.draft.values.ladder = this.#asked.reduce(withChange, this.#trained);
      if (error instanceof InputError) throw error;
      // No refusal, so no control is to blame: the trainer is gone, or training has ended meanwhile.
      this.bench.notice = `The ladder was not changed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #settle(change: LadderChange): void {
    this.#asked = this.#asked.filter((one) => one !== change);
  }

  /** The ladder of what trains now, as far as the conductor has agreed to it. */
  get #trained(): Ladder {
    return this.own.experiment!.ladder;
  }

  toggleRung(width: number): void {
    const { name } = this.shownRecipe;
    const out = this.#excluded[name] ?? [];
    this.#excluded[name] = out.includes(width) ? out.filter((one) => one !== width) : [...out, width];
    if (this.isTraining) this.bench.training.exclude(this.excluded);
  }

  /** A point left out of one ladder says nothing of another, and what is sealed next must not miss it. */
  protected override forgetChoices(): void {
    this.#excluded = {};
  }

  override open(data: ResultsData, origin: Origin): void {
    super.open(data, origin);
    this.forgetChoices();
    if (origin !== 'own') void this.learnFacts(this.own);
  }

  /** Asks what the corpora of results from elsewhere are like; without an answer only the entropy line is missing. */
  async learnFacts(results: Results): Promise<void> {
    for (const recipe of results.experiment?.recipes ?? []) {
      if (fileOf(recipe.corpus) !== null || results.factsOf(recipe.name)) continue;
      try {
        results.addFacts(await this.bench.services.prepare($state.snapshot(recipe), {}));
      } catch {
        return;
      }
    }
  }

  #assertTargetsUnmeasured(): void {
    const { recipes, ladder } = this.draft.values;
    assertTargetsUnmeasured(ladder.targets, { recipes, runs: this.finished, sealed: this.own.sealed }, []);
  }
}

export const [getPrediction, setPrediction] = createContext<PredictionStudy>();
