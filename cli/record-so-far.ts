/** What the events of a training have told so far: no end of whoever trains, also not of a killed browser, takes it away. */
import type { ExperimentRecord } from '../src/analysis/assemble.ts';
import type { ConductorEvent, ConductorOptions } from '../src/experiment/protocol.ts';
import type { AdapterInfo } from '../src/model/training.ts';
import type { RunResult, SealedPrediction } from '../src/model/result.ts';

type Begun = Pick<ConductorOptions, 'experiment' | 'finished' | 'sealed'>;

export class RecordSoFar {
  readonly #begun: Begun;
  readonly #keep: (record: ExperimentRecord) => void;
  #adapter: AdapterInfo | null = null;
  readonly #runs: Map<string, RunResult>;
  #sealed: SealedPrediction[];
  /** Of each cohort that trains now, the runs whose end was not told yet. */
  #training: Set<string>[] = [];
  #isDone = false;
  #isKept = true;

  /** @param keep is given the record after every cohort, and before the next one where a seal was made in between. */
  constructor(begun: Begun, keep: (record: ExperimentRecord) => void = () => {}) {
    this.#begun = begun;
    this.#keep = keep;
    this.#runs = new Map(begun.finished?.map((run) => [run.id, run]));
    this.#sealed = [...(begun.sealed ?? [])];
  }

  hear(event: ConductorEvent): void {
    switch (event.kind) {
      case 'engine':
        this.#adapter = event.engine.adapter;
        break;
      case 'phase':
        this.#isDone = event.phase === 'done';
        break;
      case 'cohort':
        this.#keepNews();
        this.#training.push(new Set(event.runs));
        break;
      case 'run':
        this.#isKept = false;
        this.#runs.set(event.result.id, event.result);
        for (const cohort of this.#training) cohort.delete(event.result.id);
        if (this.#training.some(({ size }) => size === 0)) this.#keepNews();
        this.#training = this.#training.filter(({ size }) => size > 0);
        break;
      case 'sealed':
        this.#isKept = false;
        this.#addSeal(event.prediction);
        break;
      case 'revealed':
        // No news to a file: whoever reads one makes verdicts of its runs.
        this.#addSeal(event.prediction);
        break;
    }
  }

  /** Null until it is known what trains. */
  get record(): ExperimentRecord | null {
    if (!this.#adapter) return null;
    const { experiment } = this.#begun;
    const unfinished = this.#isDone ? {} : { unfinished: true as const };
    return { experiment, adapter: this.#adapter, runs: [...this.#runs.values()], sealed: this.#sealed, ...unfinished };
  }

  #addSeal(seal: SealedPrediction): void {
    const isOther = (one: SealedPrediction) => one.recipe !== seal.recipe || one.width !== seal.width;
    this.#sealed = this.#sealed.every(isOther)
      ? [...this.#sealed, seal]
      : this.#sealed.map((one) => (isOther(one) ? one : seal));
  }

  #keepNews(): void {
    const { record } = this;
    if (this.#isKept || !record) return;
    this.#isKept = true;
    this.#keep(record);
  }
}
