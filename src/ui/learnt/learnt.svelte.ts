/** What the view asks of models and has heard: which can be asked, what they write, and what they make of a passage. */
import { createContext, untrack } from 'svelte';
import type {
  ByPosition,
  LearntAnswer,
  LearntKind,
  LearntQuestion,
  ModelStanding,
  Passage,
  Written,
} from '../../experiment/learnt.ts';
import type { Recipe } from '../../model/recipe.ts';
import { runOf, type Run } from '../../model/run.ts';
import type { Refusal } from '../storage/database.ts';
import { forgetParameters, keepParameters, keptParameters, parametersOf } from '../storage/parameters.ts';
import type { Playground } from '../state/playground.svelte.ts';
import { isRecordedModel, recordedParameters } from './recorded-models.ts';

/** Views whose models are kept. */
export type Source = 'prediction' | 'compare';

/** Tokens that are asked for at once: few enough to be seen coming, enough to be worth the way. */
const PORTION = 8;

type Heard<T> = Record<string, T>;

const REFUSALS: Record<Refusal, string> = {
  full: 'this browser’s storage is full. Take them away as safetensors, or delete something that is kept.',
  blocked:
    'their results are not kept in this browser either, or its storage is blocked. Take them away as safetensors.',
};

export class LearntState {
  /** Whose models, where somebody chose. */
  chosenSource = $state<Source | null>(null);
  chosenRecipe = $state<string | null>(null);
  chosenSeed = $state<number | null>(null);
  /** Which window of the held-out part. */
  window = $state(0);

  passage = $state.raw<Passage | null>(null);
  /** Whether a prompt can be typed. */
  canType = $state(false);
  /** What was typed; null for the beginning of the passage. */
  typed = $state<string | null>(null);
  /** Tokens of the passage that a text goes on from. */
  given = $state(8);
  seed = $state(1);
  temperature = $state(0.8);
  length = $state(80);
  /** What the texts on show go on from, as it was read. */
  prompted = $state('');
  texts = $state.raw<Heard<Written>>({});
  isWriting = $state(false);
  /** By what the texts on show were written. */
  #writtenBy = $state('');
  /** Why something could not be asked, in one sentence. */
  problem = $state('');

  #standings = $state.raw<Heard<ModelStanding>>({});
  /** Ids and sizes of the runs whose parameters this browser keeps. */
  kept = $state.raw<{ id: string; bytes: number }[]>([]);
  isKeeping = $state(false);
  #losses = $state.raw<Heard<Float32Array>>({});
  #positions = $state.raw<Heard<ByPosition>>({});
  truth = $state.raw<ByPosition | null>(null);

  readonly #playground: Playground;
  #course = 0;
  #looking = 0;
  /** Of which recipe the corpus was prepared last. */
  #prepared = '';
  #truthOf = '';

  constructor(playground: Playground) {
    this.#playground = playground;
  }

  readonly source = $derived.by((): Source => {
    if (this.chosenSource) return this.chosenSource;
    const { studies, training } = this.#playground;
    const has = (kind: Source) => studies[kind].own.runs.some(({ status }) => status === 'done');
    const trained = training.study?.kind;
    if ((trained === 'prediction' || trained === 'compare') && has(trained)) return trained;
    return !has('prediction') && has('compare') ? 'compare' : 'prediction';
  });
  readonly study = $derived.by(() => this.#playground.studies[this.source]);
  /** Whether the models are those that come with the page, as long as nothing was trained. */
  readonly isExample = $derived.by(() => this.source === 'prediction' && this.study.isExample);
  readonly results = $derived.by(() => (this.isExample ? this.study.example : this.study.own));
  readonly recipes = $derived.by((): Recipe[] => this.results.experiment?.recipes ?? []);
  readonly recipe = $derived.by(
    (): Recipe | null => this.recipes.find(({ name }) => name === this.chosenRecipe) ?? this.recipes[0] ?? null,
  );
  /** Finished runs of the recipe, from the narrowest to the widest. */
  readonly #done = $derived.by(() =>
    this.results.runs
      .filter((run) => {
        if (this.isExample && !isRecordedModel(run)) return false;
        return run.recipe === this.recipe?.name && run.status === 'done' && Object.keys(run.overrides).length === 0;
      })
      .toSorted((one, other) => one.width - other.width),
  );
  readonly seeds = $derived.by(() =>
    this.#done
      .map(({ seed }) => seed)
      .filter((seed, i, all) => all.indexOf(seed) === i)
      .sort((a, b) => a - b),
  );
  readonly seedOfRuns = $derived.by(() => {
    return this.chosenSeed !== null && this.seeds.includes(this.chosenSeed) ? this.chosenSeed : (this.seeds[0] ?? 1);
  });
  /** Every finished run of that seed, and whether it can be asked. */
  readonly runs = $derived.by((): Run[] => {
    const { recipe } = this;
    if (!recipe) return [];
    return this.#done
      .filter(({ seed }) => seed === this.seedOfRuns)
      .map(({ width, seed }) => runOf(recipe, width, seed));
  });
  readonly here = $derived.by((): Run[] => this.runs.filter((run) => this.standingOf(run)?.status === 'here'));

  standingOf(run: Run): ModelStanding | null {
    return this.#standings[this.#nameOf(run)] ?? null;
  }
  lossesOf(run: Run): Float32Array | null {
    return this.#losses[`${this.#nameOf(run)} ${this.window}`] ?? null;
  }
  positionsOf(run: Run): ByPosition | null {
    return this.#positions[this.#nameOf(run)] ?? null;
  }
  textOf(run: Run): Written | null {
    return this.texts[this.#nameOf(run)] ?? null;
  }

  /** Asks what is on show and not heard yet. To be run as an effect. */
  look(): void {
    const { recipe, runs, window, results } = this;
    void results.id;
    untrack(() => void this.#look(recipe, runs, window));
  }

  async #look(recipe: Recipe | null, runs: Run[], window: number): Promise<void> {
    const { results, isExample } = this;
    const turn = ++this.#looking;
    if (!recipe) return;
    const isOver = () => turn !== this.#looking;
    try {
      await this.#learnStanding(runs, recipe);
      await this.#learnKept();
      if (isOver()) return;
      // What went to make room stays away: to bring it back would send others away.
      const away = runs.filter((run) => this.standingOf(run)?.status === 'absent' && (isExample || this.isKept(run)));
      for (const run of away) {
        const bytes = await (isExample ? recordedParameters(run.id) : parametersOf(results.id, run.id));
        if (isOver()) return;
        if (bytes) await this.ask('give', { run, bytes }, recipe);
      }
      if (away.length > 0) await this.#learnStanding(runs, recipe);
      const passage = await this.ask('passage', { recipe, window }, recipe);
      if (isOver()) return;
      this.passage = passage;
      this.window = Math.min(window, passage.windows - 1);
      this.given = Math.min(this.given, recipe.context);
      this.canType = (await this.ask('prompt', { recipe, text: '' }, recipe)) !== null;
      const name = `${results.id} ${recipe.name}`;
      if (this.#truthOf !== name) {
        this.truth = await this.ask('truth', recipe, recipe);
        this.#truthOf = name;
      }
      for (const run of this.here) {
        if (isOver()) return;
        const name = this.#nameOf(run);
        if (!this.lossesOf(run)) {
          const losses = await this.ask('losses', { run, tokens: passage.tokens }, recipe);
          this.#losses = { ...this.#losses, [`${name} ${window}`]: losses };
        }
      }
      for (const run of this.here) {
        if (isOver()) return;
        if (!this.positionsOf(run)) {
          this.#positions = { ...this.#positions, [this.#nameOf(run)]: await this.ask('positions', run, recipe) };
        }
      }
      if (!isOver()) this.problem = '';
      // What comes with the page is there to be read; one's own models write when they are asked.
      if (isExample && !isOver() && this.prompted === '') await this.write();
    } catch (error) {
      if (!isOver()) this.#tell(error);
    }
  }

  isKept(run: Run): boolean {
    return this.kept.some(({ id }) => id === run.id);
  }

  async #learnStanding(runs: Run[], recipe: Recipe): Promise<void> {
    const standings = await this.ask('standing', runs, recipe);
    const named = standings.map((one, i) => [this.#nameOf(runs[i]!), one] as const);
    this.#standings = { ...this.#standings, ...Object.fromEntries(named) };
  }

  async #learnKept(): Promise<void> {
    this.kept = await keptParameters(this.results.id, this.results.runs);
  }

  /** Keeps what these runs have learnt beside their results, so that a later visit can ask them. */
  async keep(runs: readonly Run[]): Promise<void> {
    const { results } = this;
    const { id } = results;
    this.isKeeping = true;
    this.problem = '';
    try {
      // One after another: each is as large as the model.
      for (const run of runs) {
        const ended = results.runs.find((one) => one.id === run.id);
        if (!ended) continue;
        const bytes = await this.ask('parameters', run, run.recipe);
        const refused = await keepParameters(id, [{ run: ended, bytes }]);
        if (refused) {
          this.problem = `The parameters of width ${run.width} are not kept: ${REFUSALS[refused.refusal]}`;
          break;
        }
      }
    } catch (error) {
      this.#tell(error);
    } finally {
      await this.#learnKept();
      this.isKeeping = false;
    }
  }

  async forget(): Promise<void> {
    if (!(await forgetParameters(this.results.id))) {
      this.problem = 'The parameters are still kept: this browser’s storage is blocked, or does not answer.';
    }
    await this.#learnKept();
  }

  readonly #writing = $derived.by(() =>
    JSON.stringify([this.window, this.given, this.typed, this.seed, this.temperature, this.length]),
  );
  /** Whether the texts on show were written by other settings than those that are entered. */
  readonly isOld = $derived.by(() => this.#writtenBy !== this.#writing);

  /** All widths go on from the same tokens, drawn by the same numbers. */
  async write(): Promise<void> {
    const { recipe, passage, here, seed, temperature, length } = this;
    if (!recipe || !passage) return;
    const course = ++this.#course;
    const isOver = () => course !== this.#course;
    this.isWriting = true;
    this.#writtenBy = this.#writing;
    this.problem = '';
    this.texts = {};
    try {
      const typed = this.canType && this.typed ? await this.ask('prompt', { recipe, text: this.typed }, recipe) : null;
      // What is typed may hold no character that the models know.
      const prompt = typed?.length ? typed : passage.tokens.slice(0, this.given);
      this.prompted = typed?.length ? this.typed! : passage.pieces.slice(0, this.given).join('');
      const each = here.map(async (run) => {
        let written = new Uint32Array();
        while (written.length < length && !isOver()) {
          const count = Math.min(PORTION, length - written.length);
          const answer = await this.ask('write', { run, prompt, written, seed, temperature, count }, recipe);
          if (isOver()) return;
          written = answer.written as typeof written;
          this.texts = { ...this.texts, [this.#nameOf(run)]: answer };
        }
      });
      await Promise.all(each);
    } catch (error) {
      if (!isOver()) this.#tell(error);
    } finally {
      if (!isOver()) this.isWriting = false;
    }
  }

  stop(): void {
    this.#course++;
    this.isWriting = false;
  }

  /** @param recipe whose corpus has to be prepared: another worker may have taken the place of the one that knew it. */
  async ask<K extends LearntKind>(
    kind: K,
    inputs: LearntQuestion<K>['inputs'],
    recipe: Recipe,
  ): Promise<LearntAnswer<K>> {
    const { services } = this.#playground;
    const name = `${this.results.id} ${recipe.name}`;
    if (this.#prepared !== name) await this.#prepare(recipe, name);
    try {
      return await services.learnt({ kind, inputs } as LearntQuestion<K>);
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('was not prepared'))) throw error;
      await this.#prepare(recipe, name);
      return services.learnt({ kind, inputs } as LearntQuestion<K>);
    }
  }

  async #prepare(recipe: Recipe, name: string): Promise<void> {
    await this.#playground.services.prepare(recipe, this.study.ownTexts);
    this.#prepared = name;
  }

  #nameOf(run: Run): string {
    return `${this.results.id} ${run.id}`;
  }

  #tell(error: unknown): void {
    this.problem = error instanceof Error ? error.message : String(error);
  }
}

export const [getLearnt, setLearnt] = createContext<LearntState>();
