/** The page's state in one place: what is being entered, what was measured, and the training between the two. */
import { createContext } from 'svelte';
import { InputError } from '../../model/parse.ts';
import type { ExperimentResult, RunResult } from '../../model/result.ts';
import { assertTargetsUnmeasured } from '../../workers/admission.ts';
import type { EngineDescription, Texts } from '../../workers/protocol.ts';
import type { Abscissa } from '../predict/abscissa.ts';
import { sceneOf } from '../predict/scene.ts';
import { Draft, plainSentence } from './draft.svelte.ts';
import { Law } from './law.svelte.ts';
import type { ResultsData } from './results-data.ts';
import { Results, type Origin } from './results.svelte.ts';
import type { Services } from './services.ts';
import { estimatedSeconds, rememberSpeed } from './speed.ts';
import { Training } from './training.svelte.ts';

/** Stands for the name of a text while none was chosen. */
export const NO_TEXT = 'your text';

export class Playground {
  readonly draft = new Draft();
  /** Measured here, opened from what was saved, or imported. */
  readonly own = new Results();
  /** A recorded experiment, shown until there is something of one's own. */
  readonly example = new Results();
  readonly training = new Training(this.own);
  readonly law: Law;
  readonly services: Services;

  /** The recipe on show, of an experiment that has several. */
  recipeIndex = $state(0);
  abscissa = $state<Abscissa>('width');
  /** Widths taken out of the fit, by recipe name. */
  excluded = $state<Record<string, number[]>>({});
  texts = $state.raw<Texts>({});
  /** Something to say that no control is to blame for, e.g. about a link. */
  notice = $state('');
  engine = $state.raw<EngineDescription | null>(null);
  /** Why the services could not start; nothing can be trained then. */
  engineFault = $state('');
  #ownTexts: Texts = {};

  constructor(services: Services) {
    this.services = services;
    this.law = new Law((request) => services.fit(request));
  }

  /**
   * Whether what was measured belongs to settings other than the ones entered now; training then starts over. Only the
   * ladder may change: a seal is worth keeping only beside the very runs it was made from.
   */
  readonly isStale = $derived.by(() => {
    const measured = this.own.experiment;
    if (!measured) return false;
    const { recipes, seeds } = this.draft.values;
    if (JSON.stringify([measured.recipes, measured.seeds]) !== JSON.stringify([recipes, seeds])) return true;
    if (this.own.holdsOtherText) return true;
    return measured.recipes.some(({ corpus }) => corpus.kind === 'text' && this.#isOtherText(corpus.file));
  });

  readonly shown = $derived.by(() => (this.own.isEmpty && !this.example.isEmpty ? this.example : this.own));
  readonly isExample = $derived.by(() => this.shown === this.example);

  /** The experiment on the charts: what was measured while it is stale or an example, else what is being entered. */
  readonly shownExperiment = $derived.by(() => {
    const measured = this.shown.experiment;
    if (measured && (this.isExample || this.isStale || !this.draft.checked.experiment)) return measured;
    return this.draft.checked.experiment ?? measured ?? this.draft.values;
  });

  readonly shownRecipe = $derived.by(() => {
    const { recipes } = this.shownExperiment;
    return recipes[Math.min(this.recipeIndex, recipes.length - 1)];
  });

  readonly scene = $derived.by(() =>
    sceneOf({
      recipe: this.shownRecipe,
      ladder: this.shownExperiment.ladder,
      seeds: this.shownExperiment.seeds,
      runs: this.shown.runs,
      sealed: this.shown.sealed,
      facts: this.shown.factsOf(this.shownRecipe.name),
      excluded: this.excluded[this.shownRecipe.name] ?? [],
      abscissa: this.abscissa,
    }),
  );

  /** Runs that training the draft would not have to repeat, and those of widths that left the ladder. */
  readonly finished = $derived.by((): RunResult[] => {
    if (this.own.isEmpty || this.isStale) return [];
    return this.own.runs.filter((run) => run.status === 'done' || run.status === 'diverged');
  });

  /** Finished runs of the draft's ladder; a target that was trained without a seal counts as missing, and is refused. */
  readonly finishedInLadder = $derived.by((): RunResult[] => {
    const { rungs, targets } = this.draft.values.ladder;
    const isSealed = (run: RunResult) =>
      this.own.sealed.some((one) => one.recipe === run.recipe && one.width === run.width);
    return this.finished.filter((run) => rungs.includes(run.width) || (targets.includes(run.width) && isSealed(run)));
  });

  readonly runsToTrain = $derived.by(() => {
    const { recipes, ladder, seeds } = this.draft.values;
    return recipes.length * (ladder.rungs.length + ladder.targets.length) * seeds.length - this.finishedInLadder.length;
  });

  /** Rough time the missing runs take; null where this adapter's speed was never measured. */
  readonly secondsToTrain = $derived.by(() => {
    const { experiment } = this.draft.checked;
    if (!experiment || !this.engine || this.training.isBusy) return null;
    return estimatedSeconds(this.engine.adapter, experiment, this.runsToTrain === 0 ? [] : this.finishedInLadder);
  });

  /**
   * Changes the ladder by way of the draft. A width that was trained must not become a target without a seal; while
   * training goes on, the conductor has its say too.
   * @throws InputError when the ladder is refused; it then is as it was.
   */
  async changeLadder(change: (draft: Draft) => void): Promise<void> {
    const { rungs, targets } = this.draft.values.ladder;
    const before = { rungs: [...rungs], targets: [...targets] };
    change(this.draft);
    try {
      if (!this.training.isBusy) return this.#assertTargetsUnmeasured();
      await this.training.changeLadder($state.snapshot(this.draft.values.ladder));
    } catch (error) {
      this.draft.values.ladder = before;
      throw error;
    }
  }

  toggleRung(width: number): void {
    const { name } = this.shownRecipe;
    const out = this.excluded[name] ?? [];
    this.excluded[name] = out.includes(width) ? out.filter((one) => one !== width) : [...out, width];
    this.training.exclude($state.snapshot(this.excluded));
  }

  /** Trains what is still missing, or everything again when nothing is. */
  async train(): Promise<void> {
    const { experiment, problem } = this.draft.checked;
    if (problem) {
      this.training.fault = { field: problem.field, message: plainSentence(problem) };
      return;
    }
    const missing = experiment.recipes.flatMap(({ corpus }, i) =>
      corpus.kind === 'text' && this.texts[corpus.file] === undefined
        ? [{ field: `recipes[${i}].corpus.file`, file: corpus.file }]
        : [],
    );
    if (missing.length > 0) {
      const message =
        missing[0].file === NO_TEXT
          ? 'There is no text yet; choose a file or paste one.'
          : `The text "${missing[0].file}" is not on this page; choose its file or paste it.`;
      this.training.fault = { field: missing[0].field, message };
      return;
    }
    const isAgain = this.runsToTrain === 0;
    const finished = isAgain ? [] : this.finished;
    const sealed = isAgain || this.isStale ? [] : this.own.sealed;
    this.#ownTexts = this.texts;
    this.notice = '';
    const excluded = $state.snapshot(this.excluded);
    await this.training.start(experiment, finished, sealed, (listener) =>
      this.services.conduct({ experiment, texts: this.texts, finished, sealed, excluded }, listener),
    );
    const fresh = this.own.runs.filter((run) => !finished.includes(run));
    if (this.own.adapter) rememberSpeed(this.own.adapter, experiment.recipes, fresh);
  }

  /** Shows results that come from elsewhere and enters their experiment. */
  open(data: ResultsData, texts: Texts, origin: Origin): void {
    this.own.load(data, origin);
    this.draft.replace(data.experiment);
    this.texts = { ...this.texts, ...texts };
    this.#ownTexts = this.texts;
    this.recipeIndex = 0;
    this.excluded = {};
    this.training.phase = 'idle';
    this.training.fault = null;
  }

  useText(index: number, file: string, text: string): void {
    const { corpus } = this.draft.values.recipes[index];
    const kept = corpus.kind === 'text' ? corpus : { heldOut: 0.1, characters: 256 };
    this.texts = { ...this.texts, [file]: text };
    this.own.forgetOtherText();
    this.draft.setCorpus(index, { ...kept, kind: 'text', file });
  }

  /** What is shown, as a `result.json`. */
  async result(): Promise<ExperimentResult> {
    const data = this.shown.data();
    if (!data) throw new InputError('result', 'There is no result yet; train something first.');
    const { toResult } = await import('./result-export.ts');
    return toResult(data, this.excluded, (request) => this.services.fit(request));
  }

  /** Asks what the corpora of results from elsewhere are like; without an answer only the entropy line is missing. */
  async learnFacts(results: Results): Promise<void> {
    for (const recipe of results.experiment?.recipes ?? []) {
      if (recipe.corpus.kind !== 'spectral' || results.factsOf(recipe.name)) continue;
      try {
        results.addFacts(await this.services.prepare($state.snapshot(recipe), {}));
      } catch {
        return;
      }
    }
  }

  async findEngine(): Promise<void> {
    try {
      this.engine = await this.services.describe();
    } catch (error) {
      this.engineFault =
        error instanceof InputError || error instanceof Error ? error.message : 'The training service did not start.';
    }
  }

  #assertTargetsUnmeasured(): void {
    const { recipes, ladder } = this.draft.values;
    const { finished: runs } = this;
    assertTargetsUnmeasured(ladder.targets, { recipes, runs, sealed: this.own.sealed }, null);
  }

  #isOtherText(file: string): boolean {
    const now = this.texts[file];
    return now !== undefined && this.#ownTexts[file] !== undefined && now !== this.#ownTexts[file];
  }
}

export const [getPlayground, setPlayground] = createContext<Playground>();
