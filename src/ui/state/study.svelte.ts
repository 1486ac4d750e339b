/** What one view of the page works on: the experiment being entered, what was measured of it, and the way from one to the other. */
import { own } from '../../model/own.ts';
import { createContext } from 'svelte';
import { fileOf, NO_TEXT, type CorpusKind } from '../../model/corpora.ts';
import type { Experiment } from '../../model/experiment.ts';
import { InputError } from '../../model/parse.ts';
import type { ExperimentResult, RunResult, SealedPrediction } from '../../model/result.ts';
import type { Run } from '../../model/run.ts';
import type { StudyKind } from '../../model/study.ts';
import { isOfTable } from '../../experiment/admission.ts';
import type { cpuRefusal } from '../../experiment/cpu-refusal.ts';
import { cohortsOf } from '../../experiment/cohorts.ts';
import type { EngineDescription, Texts } from '../../experiment/protocol.ts';
import { runsOf } from '../../experiment/queue.ts';
import { isOver } from '../../model/result.ts';
import type { takenEngine, TakenEngine } from './engine-choice.ts';
import { linkHash } from '../link/experiment-link.ts';
import { Draft, plainSentence } from './draft.svelte.ts';
import type { Findings } from './findings.svelte.ts';
import { parts } from './parts.svelte.ts';
import type { ResultsData } from './results-data.ts';
import { Results, type Origin } from './results.svelte.ts';
import { idsOf } from './run-ids.ts';
import type { Services } from './services.ts';
import type { MachineSpeed, TimeNeeded } from './speed.svelte.ts';
import type { SavedEntry } from '../storage/saved.ts';
import type { Fault, Trained, Training } from './training.svelte.ts';

/** What the studies of a page share. */
export interface Workbench {
  readonly services: Services;
  readonly findings: Findings;
  readonly training: Training;
  /** Contents of text corpora, by file name. */
  texts: Texts;
  notice: string;
  readonly engine: EngineDescription | null;
  /** Of two engines, the one that a person asked for; null for whichever is faster. */
  engineWish: EngineDescription['kind'] | null;
  /** The rule by which one of two engines is taken; null where there is one, and until it is loaded. */
  readonly takenEngine: typeof takenEngine | null;
  /** Why the services could not start; empty where they did. */
  readonly engineFault: string;
  readonly speed: MachineSpeed;
  /** The trainer's rule of what the CPU may train; null on a GPU, and until it is loaded. */
  readonly cpuRefusal: typeof cpuRefusal | null;
}

export abstract class StudyState implements Trained {
  readonly kind: StudyKind;
  readonly draft: Draft;
  /** Measured here, opened from what was saved, or imported. */
  readonly own = new Results();
  /** A recorded experiment, shown until there is something of one's own. */
  readonly example = new Results();
  /** What somebody measured elsewhere and handed on as a link: to be looked at, and never kept. */
  readonly linked = new Results();
  /** The address that it came by, behind `#`. */
  linkedHash = '';
  /** Whether it is on show rather than what was measured here. */
  isLinkedShown = $state(false);
  readonly bench: Workbench;

  /** The recipe on show, of an experiment that has several. */
  recipeIndex = $state(0);
  areSettingsOpen = $state(false);
  fault = $state.raw<Fault | null>(null);
  /** What was under way when its page was left, until it is gone on with or discarded. */
  left = $state.raw<SavedEntry | null>(null);
  /** Whether what this browser kept was looked for, or must not be, because an experiment came from elsewhere. */
  isRestored = false;
  /** The texts of the page when what was measured here began to train, or was opened: another view may have others by their names since. */
  ownTexts: Texts = {};

  constructor(kind: StudyKind, bench: Workbench) {
    this.kind = kind;
    this.bench = bench;
    this.draft = new Draft(kind);
  }

  /** Whether what was measured belongs to settings that the draft no longer has. */
  protected abstract hasOtherSettings(): boolean;
  /** Finished runs that hold for the draft's settings, also those that it no longer asks for. */
  protected abstract usableRuns(over: readonly RunResult[]): RunResult[];
  /** Seals that the next training keeps. */
  protected abstract keptSeals(): SealedPrediction[];
  /** Widths taken out of the fit, by recipe name. */
  abstract readonly excluded: Record<string, number[]>;
  /** Indices of the recipes that a changed setting changes. */
  abstract readonly edited: number[];

  readonly isTraining = $derived.by(() => this.bench.training.isBusy && this.bench.training.study === this);
  /** Another view's study, while it trains: there is one training at a time. */
  readonly blocker = $derived.by(() => {
    const { isBusy, study } = this.bench.training;
    return isBusy && study !== this ? study : null;
  });

  /** Whether some of what was measured was trained by a table that an earlier version made of the recipe. */
  readonly isOfEarlierTable = $derived.by(() => {
    const { experiment, runs } = this.own;
    return experiment !== null && runs.some((run) => !isOfTable(experiment.recipes, run));
  });

  /** Whether what was measured belongs to settings, to a table or a text other than those entered now. */
  readonly isStale = $derived.by(() => {
    const measured = this.own.experiment;
    if (!measured) return false;
    if (this.hasOtherSettings() || this.isOfEarlierTable || this.own.holdsOtherText) return true;
    return measured.recipes.some(({ corpus }) => this.#isOtherText(fileOf(corpus)));
  });

  readonly shown = $derived.by(() => {
    if (this.isLinkedShown) return this.linked;
    return this.own.isEmpty && !this.example.isEmpty ? this.example : this.own;
  });
  readonly isExample = $derived.by(() => this.shown === this.example);

  /** Whether what is shown was recorded for the page, also where such a file was opened again. */
  readonly isRecorded = $derived.by(() => this.shown.origin === 'recorded');

  /** The experiment on the charts: what was measured while it is stale or an example, else what is being entered. */
  readonly shownExperiment = $derived.by(() => {
    const measured = this.shown.experiment;
    const isForeign = this.shown !== this.own;
    if (measured && (isForeign || this.isStale || !this.draft.checked.experiment)) return measured;
    return this.draft.checked.experiment ?? measured ?? this.draft.snapshot();
  });

  readonly shownRecipe = $derived.by(() => {
    const { recipes } = this.shownExperiment;
    return recipes[Math.min(this.recipeIndex, recipes.length - 1)];
  });

  /** Runs that training the draft would not have to repeat, and those that it no longer asks for. */
  readonly finished = $derived.by((): RunResult[] => {
    if (this.own.isEmpty || this.own.holdsOtherText) return [];
    return this.usableRuns(this.own.runs.filter(isOver));
  });

  /** The cohorts that the draft asks for. */
  readonly plan = $derived.by((): Run[][] => {
    const { rungs, targets } = cohortsOf(this.draft.checked.experiment ?? this.draft.snapshot());
    return [...rungs, ...targets];
  });
  /** Finished runs among those that the draft asks for. */
  readonly finishedInPlan = $derived.by((): RunResult[] => {
    const wanted = idsOf(this.plan.flat().filter((run) => this.counts(run)));
    return this.finished.filter(({ id }) => wanted.has(id));
  });
  readonly missing = $derived.by((): Run[][] => {
    const there = idsOf(this.finishedInPlan);
    return runsOf(this.plan, ({ id }) => !there.has(id));
  });
  /** Whether what is entered asks for what is missing beside what was measured, and not for all of it again. */
  readonly canGoOn = $derived.by(
    () => this.draft.checked.experiment !== null && this.finishedInPlan.length > 0 && this.missing.length > 0,
  );
  /** What the button trains: what is missing, or everything again when nothing is. */
  readonly toTrain = $derived.by(() => (this.missing.length > 0 ? this.missing : this.plan));

  /** Of two engines the one that trains what the button asks for, and why; null where there is one, and until it is looked at. */
  readonly taken = $derived.by((): TakenEngine | null => this.bench.takenEngine?.(this) ?? null);
  readonly engine = $derived.by((): EngineDescription | null => this.taken?.engine ?? this.bench.engine);

  /** Time of what the button trains; null while that cannot be told. */
  readonly timeToTrain = $derived.by((): TimeNeeded | null => {
    if (!this.draft.checked.experiment || !this.engine || this.bench.training.isBusy) return null;
    return this.bench.speed.timeOf(this.engine, this.stagesToTrain);
  });

  /** Of an experiment that is allowed: its rungs, and the targets that wait for them. */
  get stagesToTrain(): Run[][][] {
    const { targets } = this.draft.checked.experiment!.ladder;
    const isTarget = ([{ width }]: Run[]) => targets.includes(width);
    return [this.toTrain.filter((runs) => !isTarget(runs)), this.toTrain.filter(isTarget)];
  }

  /** Why what the button trains is too much for the CPU, as the trainer would refuse it, in one sentence; empty where it is not. */
  readonly refusal = $derived.by((): string => {
    const { cpuRefusal, training } = this.bench;
    // Of two engines the other one takes what is too much for the CPU.
    if (!cpuRefusal || (this.bench.engine?.beside && this.engine?.kind === 'gpu')) return '';
    if (training.isBusy || !this.draft.checked.experiment) return '';
    const refused = cpuRefusal(this.toTrain);
    return refused ? plainSentence(refused) : '';
  });

  /** Whether the button that trains cannot be pressed, whatever is entered. */
  readonly isOff = $derived.by(() => this.blocker !== null || this.bench.engineFault !== '' || this.refusal !== '');

  /** What a failure has left, and the way on from there, in words; empty where it left nothing. */
  readonly leftByFailure = $derived.by((): string => {
    const { phase, study } = this.bench.training;
    if (phase !== 'failed' || study !== this || this.finishedInPlan.length === 0) return '';
    const canPress = this.canGoOn && !this.isOff;
    return `What was measured is kept${canPress ? '; press the button to go on from there' : ''}.`;
  });

  /** Whether a finished run needs no other beside it, as a target needs its seal. */
  protected counts(_run: Run): boolean {
    return true;
  }

  /** Forgets what a person chose about runs that are not kept. */
  protected forgetChoices(): void {}

  /** Trains what is still missing, or everything again when nothing is. */
  async train(): Promise<void> {
    const { experiment, problem } = this.draft.checked;
    if (problem) {
      this.fault = { field: problem.field, message: plainSentence(problem) };
      return;
    }
    this.fault = this.#missingText(experiment.recipes);
    if (this.fault) return;
    const isAgain = this.missing.length === 0;
    const finished = isAgain ? [] : this.finished;
    const sealed = isAgain ? [] : this.keptSeals();
    if (finished.length === 0) this.forgetChoices();
    const { bench, excluded } = this;
    const { texts } = bench;
    const engine = this.taken?.why === 'tried' ? 'faster' : this.engine?.kind;
    this.ownTexts = texts;
    bench.notice = '';
    this.left = null;
    this.isLinkedShown = false;
    await bench.training.start(this, experiment, finished, sealed, (listener) =>
      bench.services.conduct({ experiment, texts, finished, sealed, excluded, engine }, (event) => {
        listener(event);
        if (event.kind === 'engine')
          for (const one of event.tried ?? []) bench.speed.keep(one.engine.adapter, one.speed);
        if (event.kind === 'run' && this.own.adapter) bench.speed.learn(this.own.adapter, this.plan, this.own.runs);
      }),
    );
  }

  /** Shows results that come from elsewhere and enters their experiment. */
  open(data: ResultsData, origin: Origin): void {
    this.own.load(data, origin);
    this.draft.replace(data.experiment);
    this.isRestored = true;
    this.left = null;
    this.ownTexts = this.bench.texts;
    this.recipeIndex = 0;
    this.fault = null;
  }

  /** The address of an experiment that is entered here, behind `#`: with the result that came with it, while that is on show. */
  hashOf(experiment: Experiment): string {
    const isLinked = this.isLinkedShown && JSON.stringify(experiment) === JSON.stringify(this.linked.experiment);
    return isLinked ? this.linkedHash : linkHash(experiment);
  }

  /** Shows what a link holds, whose experiment is entered already. */
  showLinked(data: ResultsData, hash: string): void {
    this.linked.load(data, 'linked');
    this.linkedHash = hash;
    this.isLinkedShown = true;
    this.recipeIndex = 0;
    this.forgetChoices();
  }

  /** A corpus of another kind, with the defaults of that kind, and the text at hand where it is made of one. */
  chooseCorpus(indices: readonly number[], kind: CorpusKind): void {
    this.draft.set(indices, 'corpus.kind', kind);
    for (const { corpus } of indices.map((i) => this.draft.values.recipes[i])) {
      if (fileOf(corpus) === NO_TEXT)
        this.draft.set(indices, 'corpus.file', Object.keys(this.bench.texts)[0] ?? NO_TEXT);
    }
  }

  useText(indices: readonly number[], file: string, text: string): void {
    this.bench.texts = { ...this.bench.texts, [file]: text };
    this.own.forgetOtherText();
    this.chooseCorpus(indices, 'text');
    this.draft.set(indices, 'corpus.file', file);
  }

  /**
   * What is shown, as a `result.json`.
   * @param hasFindings whether with what follows from it
   * @throws InputError when there is nothing to hand out.
   */
  async result(hasFindings = true): Promise<ExperimentResult> {
    const mark = this.isRecorded
      ? ({ source: 'recorded example' } as const)
      : this.isLinkedShown
        ? ({ source: 'link' } as const)
        : {};
    const [data, { excluded }] = [this.shownData(), this];
    const { measuredFrom, resultFrom } = await parts.load(() => import('./result-export.ts'));
    const result = hasFindings ? await resultFrom(data, this.bench.services.ask, excluded) : measuredFrom(data);
    return { ...result, ...mark };
  }

  /** @throws InputError when there is nothing to hand out. */
  protected shownData(): ResultsData {
    const data = this.shown.data();
    if (!data) throw new InputError('result', 'There is no result yet; train something first.');
    return data;
  }

  #missingText(recipes: ResultsData['experiment']['recipes']): Fault | null {
    for (const [i, { corpus }] of recipes.entries()) {
      const file = fileOf(corpus);
      if (file === null || own(this.bench.texts, file) !== undefined) continue;
      const message =
        file === NO_TEXT
          ? 'There is no text yet; choose a file or paste one.'
          : `The text "${file}" is not on this page; choose its file or paste it.`;
      return { field: `recipes[${i}].corpus.file`, message };
    }
    return null;
  }

  #isOtherText(file: string | null): boolean {
    if (file === null) return false;
    const [now, before] = [own(this.bench.texts, file), own(this.ownTexts, file)];
    return now !== undefined && before !== undefined && now !== before;
  }
}

export const [getStudy, setStudy] = createContext<StudyState>();
