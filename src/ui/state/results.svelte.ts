/** What is known of one experiment: its runs, its sealed predictions and its corpora, wherever they come from. */
import type { Experiment, Ladder } from '../../model/experiment.ts';
import type { RunResult, SealedPrediction } from '../../model/result.ts';
import type { AdapterInfo } from '../../model/training.ts';
import type { CorpusFacts } from '../../experiment/protocol.ts';
import { Curves } from './curves.svelte.ts';
import { newIdentity, type ResultsData } from './results-data.ts';

export type Origin = 'own' | 'recorded' | 'imported' | 'linked';

export class Results {
  id = $state('');
  created = $state('');
  origin = $state<Origin>('own');
  experiment = $state.raw<Experiment | null>(null);
  adapter = $state.raw<AdapterInfo | null>(null);
  runs = $state.raw<RunResult[]>([]);
  sealed = $state.raw<SealedPrediction[]>([]);
  facts = $state.raw<CorpusFacts[]>([]);
  #app: ResultsData['app'];
  readonly curves: Curves;

  constructor(curves = new Curves()) {
    this.curves = curves;
  }

  readonly isEmpty = $derived.by(() => this.experiment === null);

  /** Starts over with `experiment`, keeping `finished` runs and their sealed predictions. */
  begin(experiment: Experiment, finished: RunResult[], sealed: SealedPrediction[]): void {
    for (const run of this.runs) {
      if (!finished.some((kept) => kept.id === run.id)) this.curves.forget(run.id);
    }
    // What was left before its first run ended goes on as what it was.
    const isAnew = finished.length === 0 && this.runs.length > 0;
    if (isAnew || !this.id || this.#hasOtherRecipes(experiment)) {
      ({ id: this.id, created: this.created } = newIdentity());
    }
    this.origin = 'own';
    this.#app = undefined;
    this.experiment = experiment;
    this.runs = finished;
    this.sealed = sealed;
  }

  /** Results of a changed recipe are others, and what was saved of the earlier ones stays. */
  #hasOtherRecipes({ recipes }: Experiment): boolean {
    return !!this.experiment?.recipes.some((before) => {
      const now = recipes.find(({ name }) => name === before.name);
      return now && JSON.stringify(now) !== JSON.stringify(before);
    });
  }

  changeLadder(ladder: Ladder): void {
    if (this.experiment) this.experiment = { ...this.experiment, ladder };
  }

  addRun(run: RunResult): void {
    this.runs = [...this.runs.filter((other) => other.id !== run.id), run];
    if (run.steps.length > 0) this.curves.load(run);
  }

  addSealed(prediction: SealedPrediction): void {
    const isOther = (other: SealedPrediction) => other.recipe !== prediction.recipe || other.width !== prediction.width;
    this.sealed = [...this.sealed.filter(isOther), prediction].sort((a, b) => a.width - b.width);
  }

  addFacts(facts: CorpusFacts): void {
    this.facts = [...this.facts.filter((other) => other.recipe !== facts.recipe), facts];
  }

  factsOf(recipe: string): CorpusFacts | null {
    return this.facts.find((facts) => facts.recipe === recipe) ?? null;
  }

  /** Whether the text on hand was found to be another than the one that runs here were trained on. */
  readonly holdsOtherText = $derived.by(() => this.runs.some((run) => this.#isOfOtherText(run)));

  /** A new text was chosen: what was found of the one before says nothing of it. */
  forgetOtherText(): void {
    const others = this.runs.filter((run) => this.#isOfOtherText(run)).map((run) => run.recipe);
    if (others.length > 0) this.facts = this.facts.filter(({ recipe }) => !others.includes(recipe));
  }

  /** Runs and facts of earlier versions do not tell their text. */
  #isOfOtherText({ recipe, textHash }: RunResult): boolean {
    const found = this.factsOf(recipe)?.textHash;
    return textHash != null && found != null && found !== textHash;
  }

  load(data: ResultsData, origin: Origin): void {
    for (const run of this.runs) this.curves.forget(run.id);
    this.id = data.id;
    this.created = data.created;
    this.origin = origin;
    this.experiment = data.experiment;
    this.adapter = data.adapter;
    this.runs = data.runs;
    this.sealed = data.sealed;
    this.facts = data.facts;
    this.#app = data.app;
    for (const run of data.runs) this.curves.load(run);
  }

  clear(): void {
    for (const run of this.runs) this.curves.forget(run.id);
    this.experiment = null;
    this.runs = [];
  }

  data(): ResultsData | null {
    if (!this.experiment) return null;
    const { id, created, experiment, adapter, runs, sealed, facts } = this;
    return { id, created, experiment, adapter, runs, sealed, facts, ...(this.#app ? { app: this.#app } : {}) };
  }
}
