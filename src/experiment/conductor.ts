/**
 * Leads an experiment through its order: prepare, check that all fits, train cohort after cohort smallest first, or, where
 * each run trains by itself, several at once. What is
 * predicted is sealed once its rungs are over, and only then are its targets trained and set beside what was predicted. A seal
 * is all that training waits for; what else follows from the runs is asked of the analysis by whoever shows it.
 */
import { fileOf } from '../model/corpora.ts';
import { parseExperiment, type Experiment, type Ladder } from '../model/experiment.ts';
import { InputError } from '../model/parse.ts';
import type { RunResult } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { isPredicted } from '../model/study.ts';
import type { RunOutcome } from '../model/training.ts';
import { assertCohortsFit, assertSameText, assertTargetsUnmeasured, usableRuns, usableSeals } from './admission.ts';
import type { Ask } from '../analysis/ask.ts';
import type { ExperimentRecord } from '../analysis/assemble.ts';
import { triedEngines } from './faster-engine.ts';
import { locate } from './field-at-fault.ts';
import { cohortName, cohortsOf, isProbed, type Cohorts } from './cohorts.ts';
import { Ending } from './ending.ts';
import { inOrder } from './in-order.ts';
import { Predictions, type Measured } from './predictions.ts';
import { ExperimentProgress } from './progress.ts';
import type {
  ConductorEvent,
  ConductorOptions,
  CorpusFacts,
  EngineDescription,
  Phase,
  TrainerService,
  TriedEngine,
} from './protocol.ts';
import { nextStep, runsOf, sealOf, stagesLeft, type Standing } from './queue.ts';
import { isOver } from '../model/result.ts';
import { CohortRecorder } from './recorder.ts';
import { listenToReports } from './report-port.ts';

/** A worker that is gone is told of by the call that waits for it, not by a message that needs no answer. */
const quietly = (sent: Promise<void>): void => void sent.catch(() => undefined);

export class Conductor {
  #experiment: Experiment;
  #cohorts: Cohorts;
  /** By id. */
  readonly #runs: Map<string, RunResult>;
  readonly #facts = new Map<string, CorpusFacts>();
  readonly #predictions: Predictions;
  readonly #progress: ExperimentProgress;
  #engine: EngineDescription | null = null;
  #phase: Phase = 'preparing';
  /** Whether nothing trains any more; the phase tells so a little later, once everything else is told. */
  #hasEnded = false;
  #isCancelled = false;
  /** Nothing that only prepares is waited for then: it may never be answered. */
  readonly #cancelled = new Ending();
  #isPaused = false;
  /** Cohorts that train now, by what records them. */
  readonly #underWay = new Map<CohortRecorder, Promise<void>>();
  /** Why the first cohort that failed did. */
  #failure: { error: unknown } | null = null;
  /** Lets the queue be looked at again. */
  #wake = () => {};
  /** Resolves once every cohort was found to fit, rejects when one does not. */
  #isChecked: Promise<void> = Promise.resolve();
  /** Resolves once every change that was asked for on the way is made or refused. */
  #changing: Promise<unknown> = Promise.resolve();

  /** @param trainer and @param ask may be local or stand for workers. */
  constructor(
    private readonly trainer: TrainerService,
    ask: Ask,
    private readonly options: ConductorOptions,
    private readonly listener: (event: ConductorEvent) => void,
  ) {
    const { experiment, finished = [], sealed = [], excluded } = options;
    this.#experiment = experiment;
    this.#cohorts = cohortsOf(experiment);
    // Beside the runs of another study a seal would be set against what it did not predict.
    const seals = usableSeals(experiment, finished, sealed);
    const predicted = isPredicted(experiment.study) ? { sealed: seals, excluded } : {};
    this.#predictions = new Predictions(
      ask,
      predicted,
      (recipe) => this.#facts.get(recipe)!.textHash,
      (event) => {
        // A seal that was not waited for comes too late for who listens.
        if (!this.#hasEnded) listener(event);
      },
    );
    this.#progress = new ExperimentProgress(
      (recipe) => this.#facts.get(recipe)!.vocabulary,
      (progress) => this.listener({ kind: 'progress', progress }),
    );
    // Runs and seals of widths outside the ladder stay too: whoever adds such a width again finds it measured.
    this.#runs = new Map(usableRuns(experiment, finished).map((run) => [run.id, run]));
  }

  /**
   * Resolves with what there is when all is done, when cancelled, and when training failed on the way. How it ended is the
   * last thing that is told: another experiment may begin from then on.
   * @throws InputError when the experiment is refused, which is before anything trains; Error when it is cancelled before it is known on
   * what it would train.
   */
  async run(): Promise<ExperimentRecord> {
    this.#enter('preparing');
    let end: Phase = 'failed';
    try {
      this.#isChecked = this.#prepare();
      await this.#isChecked;
      end = await this.#trainAll();
      return this.#recordOf(end);
    } catch (error) {
      if (this.#isCancelled) end = 'cancelled';
      else this.#tellFailure(error);
      if (this.#isCancelled && this.#engine) return this.#recordOf(end);
      throw error;
    } finally {
      await this.#endTraining();
      // The next experiment must not find the trainer paused.
      if (this.#isPaused) quietly(this.trainer.resume());
      this.#enter(end);
    }
  }

  pause(): void {
    if (this.#isPaused || this.#hasEnded) return;
    this.#isPaused = true;
    this.#progress.pause();
    quietly(this.trainer.pause());
    if (this.#phase === 'training') this.#enter('paused');
  }

  resume(): void {
    if (!this.#isPaused || this.#hasEnded) return;
    this.#isPaused = false;
    this.#progress.resume();
    quietly(this.trainer.resume());
    if (this.#phase === 'paused') this.#enter('training');
    this.#wake();
  }

  /** Ends training soon; everything finished is kept, and the runs under way keep the losses they reported. */
  cancel(): void {
    if (this.#hasEnded) return;
    this.#isCancelled = true;
    this.#cancelled.tell(new Error('Cancelled before training began.'));
    quietly(this.trainer.cancel());
    this.#wake();
  }

  /**
   * Changes the ladder while training goes on: new widths join the queue, untrained ones that are gone leave it. Changes are
   * made in the order in which they were asked for, so that the last one stays.
   * @throws InputError for a ladder that is not allowed or a width that does not fit; the ladder before then stays.
   * Error once training has ended.
   */
  setLadder(ladder: Ladder): Promise<void> {
    return this.#inTurn(() => this.#changeLadder(ladder));
  }

  /** Takes widths out of the fits that seals are made from, by recipe name. Predictions that are sealed already stay as they are. */
  setExcluded(excluded: Record<string, number[]>): void {
    this.#predictions.exclude(excluded);
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  async #changeLadder(ladder: Ladder): Promise<void> {
    const changed = parseExperiment({ ...this.#experiment, ladder });
    await this.#isChecked;
    const cohorts = cohortsOf(changed);
    const known = new Set([...this.#experiment.ladder.rungs, ...this.#experiment.ladder.targets]);
    await this.#assertFits(changed, cohorts, ({ width }) => !known.has(width));
    if (this.#hasEnded) throw new Error('Training has ended; start it again with the new ladder.');
    this.#assertTargetsUnmeasured(changed);
    this.#experiment = changed;
    this.#cohorts = cohorts;
    this.#tellProgress();
    this.#predictions.reveal(this.#measured);
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.listener({ kind: 'phase', phase });
  }

  #tellFailure(error: unknown): void {
    const field = error instanceof InputError ? error.field : null;
    this.listener({ kind: 'error', field, message: error instanceof Error ? error.message : String(error) });
  }

  /** Nothing trains from here on, and every change is made or refused. */
  async #endTraining(): Promise<void> {
    this.#hasEnded = true;
    await this.#changing;
  }

  /** @returns how training ended. */
  async #trainAll(): Promise<Phase> {
    try {
      if (!this.#isCancelled) this.#enter(this.#isPaused ? 'paused' : 'training');
      this.#predictions.reveal(this.#measured);
      await this.#work().finally(() => this.#endUnderWay());
      return this.#isCancelled ? 'cancelled' : 'done';
    } catch (error) {
      // What did not end by itself was ended with its worker.
      if (this.#isCancelled) return 'cancelled';
      this.#tellFailure(error);
      return 'failed';
    } finally {
      await this.#endTraining();
    }
  }

  async #prepare(): Promise<void> {
    this.#assertTargetsUnmeasured(this.#experiment);
    const { engine, texts } = this.options;
    const isOpen = engine === 'faster';
    const described = await this.#cancelled.or(this.trainer.describe(isOpen ? undefined : engine));
    const tries = isOpen && described.beside !== undefined;
    if (!tries) this.#trainOn(described);
    for (const [i, recipe] of this.#experiment.recipes.entries()) {
      if (this.#isCancelled) return;
      const file = fileOf(recipe.corpus);
      const own = file !== null && Object.hasOwn(texts, file) ? [[file, texts[file]]] : [];
      const onProgress = (share: number) => this.listener({ kind: 'preparing', recipe: recipe.name, share });
      const preparing = this.#cancelled.or(this.trainer.prepare(recipe, Object.fromEntries(own), onProgress));
      const facts = await locate(`recipes[${i}]`, null, preparing);
      this.#facts.set(recipe.name, facts);
      this.listener({ kind: 'corpus', facts });
      assertSameText(recipe, i, facts, [...this.#runs.values()]);
    }
    await this.#assertFits(this.#experiment, this.#cohorts, () => true);
    if (tries && !this.#isCancelled) await this.#cancelled.or(this.#takeFaster(described));
  }

  #trainOn(engine: EngineDescription, tried?: TriedEngine[]): void {
    this.#engine = engine;
    if (this.#cores > 1) this.#progress.trainsOn(this.#cores);
    this.listener({ kind: 'engine', engine, ...(tried && { tried }) });
  }

  /** @param described the engine that is taken where neither could be timed. */
  async #takeFaster(described: EngineDescription): Promise<void> {
    this.listener({ kind: 'trying' });
    const tried = await triedEngines(this.trainer, {
      stages: stagesLeft(this.#standing),
      workOf: (runs) => this.#progress.work(runs),
      probe: isProbed(this.#experiment),
      isOver: () => this.#isCancelled,
    });
    if (this.#isCancelled) return;
    this.#trainOn(await this.trainer.describe(tried[0]?.engine.kind ?? described.kind), tried);
  }

  #assertFits(experiment: Experiment, { rungs, targets }: Cohorts, isWanted: (run: Run) => boolean): Promise<void> {
    const cohorts = runsOf([...rungs, ...targets], isWanted);
    return this.#cancelled.or(assertCohortsFit(this.trainer, experiment, cohorts, () => !this.#isCancelled));
  }

  #assertTargetsUnmeasured({ recipes, ladder }: Experiment): void {
    const measured = { recipes, runs: [...this.#runs.values()], sealed: this.#predictions.sealed };
    assertTargetsUnmeasured(ladder.targets, measured, this.#progress.training);
  }

  get #measured(): Measured {
    return { experiment: this.#experiment, runs: [...this.#runs.values()] };
  }

  #recordOf(end: Phase): ExperimentRecord {
    const { runs, ...measured } = this.#measured;
    const unfinished = end === 'done' ? {} : { unfinished: true as const };
    return {
      ...measured,
      runs: inOrder(runs, this.#cohorts),
      adapter: this.#engine!.adapter,
      sealed: [...this.#predictions.sealed],
      ...unfinished,
    };
  }

  get #standing(): Standing {
    const measured = this.#measured;
    return {
      experiment: this.#experiment,
      cohorts: this.#cohorts,
      isOver: (id) => this.#runs.has(id) && isOver(this.#runs.get(id)!),
      isUnderWay: (id) => [...this.#underWay.keys()].some((recorder) => recorder.records(id)),
      atOnce: this.#cores > 1,
      sealed: this.#predictions.sealed,
      isGivenUp: (recipe, width) => this.#predictions.isGivenUp(recipe, width, measured),
    };
  }

  async #work(): Promise<void> {
    for (;;) {
      if (this.#isCancelled) return;
      if (this.#failure) throw this.#failure.error;
      const step = this.#isPaused ? null : nextStep(this.#standing);
      if (step?.kind === 'seal') await this.#cancelled.or(this.#predictions.seal(step, this.#measured));
      else if (step && this.#hasRoom) this.#begin(step.runs);
      else if (this.#isPaused || this.#underWay.size > 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      else {
        // A change that is still being asked about may bring widths.
        const changing = this.#changing;
        await changing;
        if (changing === this.#changing && !nextStep(this.#standing)) return;
      }
    }
  }

  get #cores(): number {
    return this.#engine?.cores ?? 1;
  }

  /** Whether another cohort may begin: where each run trains by itself, as soon as a core has nothing to do. */
  get #hasRoom(): boolean {
    if (this.#underWay.size === 0) return true;
    const running = [...this.#underWay.keys()].reduce((sum, recorder) => sum + recorder.running, 0);
    return this.#cores > 1 && running < this.#cores;
  }

  /** Those beside one that failed end with it, and keep what they have. */
  async #endUnderWay(): Promise<void> {
    if (this.#underWay.size === 0) return;
    if (!this.#isCancelled) quietly(this.trainer.cancel());
    await Promise.all(this.#underWay.values());
  }

  /** @param runs of one cohort. */
  #begin(runs: Run[]): void {
    this.#assertSealed(runs);
    const cohort = cohortName(runs);
    const recorder = new CohortRecorder(runs, this.#facts.get(runs[0].recipe.name)!);
    this.#progress.begin(runs);
    this.listener({ kind: 'cohort', cohort, runs: runs.map((run) => run.id) });
    this.#underWay.set(recorder, this.#train(runs, recorder));
    this.#tellProgress();
  }

  async #train(runs: Run[], recorder: CohortRecorder): Promise<void> {
    try {
      await this.#record(runs, recorder);
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#underWay.delete(recorder);
    }
    this.#tellProgress();
    if (!this.#failure) this.#predictions.reveal(this.#measured);
    this.#wake();
  }

  #assertSealed(runs: readonly Run[]): void {
    if (this.#experiment.ladder.rungs.includes(runs[0].width)) return;
    const open = runs.find(({ recipe, width }) => !sealOf(this.#predictions.sealed, recipe, width));
    if (open) throw new Error(`${open.id} must not train: its prediction is not sealed.`);
  }

  /** Trains a cohort and keeps what each of its runs reported, however it ends. */
  async #record(runs: Run[], recorder: CohortRecorder): Promise<void> {
    const reports = listenToReports((report) => {
      if (!recorder.add(report)) return;
      this.listener({ kind: 'report', report });
      this.#progress.advance(runs, recorder);
      if (this.#hasRoom) this.#wake();
    });
    let outcomes: RunOutcome[] | null = null;
    try {
      const { keepParameters } = this.options;
      const probe = isProbed(this.#experiment);
      const [, next] = stagesLeft(this.#standing).flat();
      const ended = await this.trainer.train({ runs, keepParameters, probe, next }, reports.port);
      await reports.ended;
      recorder.assertPossible(ended);
      outcomes = ended;
    } catch (error) {
      await reports.endedOrGone();
      throw error;
    } finally {
      reports.close();
      this.#progress.finish(runs, outcomes !== null && outcomes.every((one) => one.status !== 'cancelled'));
      this.#keep(recorder.results(outcomes ?? (this.#isCancelled ? [] : null)), outcomes);
    }
  }

  #keep(results: readonly RunResult[], outcomes: readonly RunOutcome[] | null): void {
    const parametersOf = new Map(outcomes?.map(({ id, parameters }) => [id, parameters]));
    for (const result of results) {
      const parameters = parametersOf.get(result.id);
      this.#runs.set(result.id, result);
      this.listener({ kind: 'run', result, ...(parameters ? { parameters } : {}) });
    }
  }

  #tellProgress(): void {
    if (!this.#hasEnded) this.#progress.setLeft(stagesLeft(this.#standing));
  }
}
