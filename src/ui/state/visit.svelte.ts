/** The course of a visit: links followed, what this browser kept opened again, examples shown, small presets for slow machines. Nothing of it takes the place of what a person entered meanwhile. */
import type { Experiment } from '../../model/experiment.ts';
import { own } from '../../model/own.ts';
import { MissingPart } from '../../model/missing-part.ts';
import { InputError } from '../../model/parse.ts';
import type { ExperimentResult } from '../../model/result.ts';
import type { StudyKind } from '../../model/study.ts';
import { experimentFromHash } from '../link/experiment-link.ts';
import type * as saved from '../storage/saved.ts';
import { Address, type AddressBar, type Step } from './address.ts';
import { plainSentence } from './draft.svelte.ts';
import type { StandingTable } from './losses.svelte.ts';
import { parts } from './parts.svelte.ts';
import type { Playground } from './playground.svelte.ts';
import { smallestPreset } from './presets-of.ts';
import { resultsOf } from './results-data.ts';
import { hasStudy, viewName, VIEWS, type ViewName } from './view-words.ts';

interface Surroundings {
  bar: AddressBar;
  kept: Pick<typeof saved, 'list' | 'open'>;
  /** The experiment that comes with the page for a view; null where it cannot be had. */
  recorded(kind: StudyKind): Promise<ExperimentResult | null>;
}

/** A result, packed or by the address of its file. */
const RESULT_LINK = /[#&](measured|result)=/;
const LOSSES_LINK = /^#(losses$|.*&losses=)/;

/** What was ended before anything was measured is in the list of what is kept, and takes nobody's place. */
const isWorthShowing = ({ trained, underWay }: saved.SavedEntry) => trained > 0 || underWay !== undefined;

export class Visit {
  readonly address: Address;
  /** Whether the first view is chosen and what was kept of it is open; the address follows from then on. */
  isReady = $state(false);
  /** Why a link was refused; it stays until it is closed. */
  refusal = $state('');
  /** Whose server a link would have asked for a result; it is asked once a person says so. */
  asks = $state.raw<{ host: string; open(): void } | null>(null);
  readonly #playground: Playground;
  readonly #surroundings: Surroundings;
  /** Views whose recorded experiment was asked for. */
  readonly #asked: StudyKind[] = [];
  /** The piece of work that each view holds: a link begins another, and a step back returns to an earlier one. */
  readonly #works: Partial<Record<ViewName, number>> = {};
  /** What stood in a view, by its piece of work, when a link took its place. */
  readonly #left: unknown[] = [];
  #engine: Promise<void> | null = null;

  constructor(playground: Playground, surroundings: Surroundings) {
    this.#playground = playground;
    this.#surroundings = surroundings;
    this.address = new Address(surroundings.bar);
  }

  async begin(): Promise<void> {
    const playground = this.#playground;
    const { view } = playground;
    this.#engine = playground.findEngine().then(() => this.#suitEngine());
    const isLinked = await this.follow();
    if (!isLinked) await this.#goToLatest(view);
    this.address.arrive(playground.view);
    await this.#open(playground.view);
    this.isReady = true;
    await this.#engine;
  }

  /** Enters what the address holds into the view it leads to; returns whether it leads anywhere. */
  async follow(): Promise<boolean> {
    const playground = this.#playground;
    const { step, hash } = this.address;
    this.asks = null;
    try {
      const linked = RESULT_LINK.test(hash)
        ? await (await parts.load(() => import('./linked-result.ts'))).linkedIn(hash, this)
        : null;
      // Another was followed meanwhile.
      if (hash !== this.address.hash) return false;
      const view = step?.view ?? this.#enter(hash, linked?.experiment);
      if (!view) return false;
      if (step && step.work !== this.#workOf(view)) this.#goBackTo(step);
      linked?.show(playground);
      this.address.arrive(view);
      playground.show(view);
      this.refusal = '';
      // A link followed later must not be overtaken by what was kept of its view.
      if (this.isReady) void this.#open(view);
      return true;
    } catch (error) {
      // Which the page says once for all parts.
      if (error instanceof MissingPart) return false;
      if (!(error instanceof InputError)) throw error;
      const subject = LOSSES_LINK.test(hash) ? 'table' : 'experiment';
      this.refusal = `${plainSentence(error)} ${this.isReady ? `The ${subject} shown stays as it was.` : 'The default experiment is shown instead.'}`;
      if (this.isReady) this.address.stay();
      return false;
    }
  }

  /** What was kept of a view, and its example, are looked for when the view is first opened. To be run as an effect. */
  followView(): void {
    const { view } = this.#playground;
    if (this.isReady) void this.#open(view);
  }

  /** The address follows what is entered, so that it can be copied at any time. To be run as an effect. */
  followWork(): void {
    const { view, study, losses } = this.#playground;
    const experiment = study?.draft.checked.experiment;
    if (!this.isReady || (study && !experiment)) return;
    // Before its table is there, the address may hold it.
    if (view === 'losses' && !losses && this.address.view === view) return;
    const hash = experiment ? study!.hashOf(experiment) : this.#playground.hashOf(view);
    this.address.tell({ view, work: this.#workOf(view) }, hash);
  }

  /** @throws InputError in one sentence where the link cannot be used. */
  #enter(hash: string, found?: Experiment): ViewName | null {
    if (LOSSES_LINK.test(hash)) {
      const { losses } = this.#playground;
      const before = losses?.standing;
      // Before it is opened, the view reads its table from the address itself.
      if (losses?.follow(hash)) this.#begin('losses', before);
      return 'losses';
    }
    const named = VIEWS.find(({ kind }) => `#${kind}` === hash && !hasStudy(kind));
    if (named) return named.kind;
    const linked = found ?? experimentFromHash(hash);
    if (!linked) return null;
    const { kind } = linked.study;
    const study = this.#playground.studies[kind];
    if (!found && JSON.stringify(linked) === this.#textOf(kind)) {
      // What stood there by itself is now somebody's choice.
      if (study.draft.isUntouched) study.draft.replace(linked);
      return kind;
    }
    if (study.isTraining) {
      throw new InputError('link', `${viewName(kind)} is training; follow the link again when it has ended.`);
    }
    this.#begin(kind, study.draft.snapshot());
    study.draft.replace(linked);
    return kind;
  }

  #begin(view: ViewName, before: unknown): void {
    this.#left[this.#workOf(view)] = before;
    this.#works[view] = this.#left.length;
  }

  #workOf(view: ViewName): number {
    return (this.#works[view] ??= this.#left.push(null) - 1);
  }

  /** A step that was left for a link in the same view returns to what stood there, also what the address did not say yet. */
  #goBackTo({ view, work }: Step): void {
    const before = this.#left[work];
    if (view === 'losses') {
      const losses = this.#playground.losses!;
      losses.keep();
      this.#left[this.#workOf(view)] = losses.standing;
      const { document, id } = before as StandingTable;
      losses.open(document, id);
    } else if (hasStudy(view)) {
      const study = this.#playground.studies[view];
      if (study.isTraining) {
        throw new InputError('link', `${viewName(view)} is training; go back when it has ended.`);
      }
      this.#left[this.#workOf(view)] = study.draft.snapshot();
      study.draft.replace(before as ReturnType<typeof study.draft.snapshot>);
      study.isLinkedShown = false;
    }
    this.#works[view] = work;
  }

  async #open(view: ViewName): Promise<void> {
    // Whose models are asked there.
    if (view === 'learnt') {
      void this.#showRecorded('prediction');
      await Promise.all([this.#restore('prediction'), this.#restore('compare')]);
    }
    if (!hasStudy(view)) return;
    void this.#showRecorded(view);
    await this.#restore(view);
  }

  /** The view of what was kept last, unless somebody has left the first one or begun meanwhile. */
  async #goToLatest(view: ViewName): Promise<void> {
    const playground = this.#playground;
    const latest = (await this.#surroundings.kept.list())?.find(isWorthShowing);
    const { draft, own } = playground.studies.prediction;
    if (latest && playground.view === view && draft.isUntouched && own.isEmpty) playground.show(latest.kind);
  }

  /** Opens the latest of a view's saved experiments, once; where something was entered, by hand or by a link, only that very one. */
  async #restore(kind: StudyKind): Promise<void> {
    const { kept } = this.#surroundings;
    const playground = this.#playground;
    const study = playground.studies[kind];
    if (study.isRestored) return;
    study.isRestored = true;
    const fits = (experiment: unknown) => study.draft.isUntouched || JSON.stringify(experiment) === this.#textOf(kind);
    const entry = (await kept.list())?.find((one) => one.kind === kind && isWorthShowing(one) && fits(one.experiment));
    const found = entry ? await kept.open(entry.id) : null;
    if (!found || !study.own.isEmpty || study.isTraining || !fits(found.data.experiment)) return;
    const isOtherText = ([file, text]: [string, string]) => (own(playground.texts, file) ?? text) !== text;
    if (!Object.entries(found.texts).some(isOtherText))
      playground.load(found.data, found.texts, found.origin, found.doubt);
    if (entry?.underWay && study.own.id === entry.id) study.left = entry;
  }

  /** Shows a view's recorded example, once, until there is something of one's own. */
  async #showRecorded(kind: StudyKind): Promise<void> {
    if (this.#asked.includes(kind)) return;
    this.#asked.push(kind);
    const result = await this.#surroundings.recorded(kind);
    if (result?.experiment.study.kind !== kind) return;
    const { [kind]: study, prediction } = this.#playground.studies;
    study.example.load(resultsOf(result), 'recorded');
    await this.#engine;
    if (study === prediction && study.isExample) void prediction.learnFacts(study.example);
  }

  /** Full presets would take far too long on a machine without a GPU: one that nobody chose gives way. */
  #suitEngine(): void {
    const { engine, studies } = this.#playground;
    if (engine?.kind !== 'reference' && !engine?.adapter.software) return;
    for (const { kind, draft, own } of Object.values(studies)) {
      if (draft.isUntouched && own.isEmpty) draft.startFrom(smallestPreset(kind));
    }
  }

  #textOf(kind: StudyKind): string {
    return JSON.stringify(this.#playground.studies[kind].draft.checked.experiment);
  }
}
