/** A worker that a service lives in. One that is gone rejects whatever waits for it, and the next call has another one. */
import { wrap, type Remote } from 'comlink';
import { Ending } from '../experiment/ending.ts';
import { MissingPart } from '../model/missing-part.ts';
import { PULSE } from './pulse.ts';

/** Milliseconds from one asking whether the worker is there to the next, while a call waits for it. */
const BEAT = 10_000;
/**
 * Beats without any message from it after which it counts as gone. A worker in the middle of a long calculation is silent, too; and beats, not
 * time, are counted, because a machine that slept has not heard anything.
 */
const MOST_SILENT_BEATS = 12;

/** What of a worker is needed. */
export type WorkerSide = Pick<Worker, 'addEventListener' | 'removeEventListener' | 'postMessage' | 'terminate'>;

interface Present<Service> {
  worker: WorkerSide;
  remote: Remote<Service>;
  ending: Ending;
  beating: ReturnType<typeof setInterval> | null;
  silentBeats: number;
}

export class RenewedWorker<Service> {
  #present: Present<Service> | null = null;
  /** Loaded, and asked nothing yet: stands in where the script of another one cannot be had any more. */
  #spare: WorkerSide | null = null;

  /**
   * @param what it does, e.g. training, for what is said when it is gone.
   * @param isAtOnce whether it is sure to be needed soon, or begins with the first call, or with the one that stands by.
   */
  constructor(
    private readonly what: string,
    private readonly start: () => WorkerSide,
    isAtOnce = true,
  ) {
    if (isAtOnce) this.#present = this.#begin();
  }

  /** @throws Error in one sentence when the worker is gone before it has answered. */
  call<Answer>(ask: (remote: Remote<Service>) => Promise<Answer>): Promise<Answer> {
    const present = (this.#present ??= this.#begin());
    present.beating ??= setInterval(() => this.#beat(present), BEAT);
    return present.ending.or(ask(present.remote));
  }

  /** Resolves once another worker stands by. @throws MissingPart where none can be loaded. */
  async haveSpare(): Promise<void> {
    this.#present ??= this.#begin();
    this.#spare ??= await loaded(this.start());
  }

  /** @param why is told to whoever waits for it. */
  end(why: Error): void {
    if (this.#present) this.#end(this.#present, why);
  }

  #begin(): Present<Service> {
    const worker = this.#spare ?? this.start();
    // Without its server the page had this one more.
    if (this.#spare) void this.#renewSpare();
    const present: Present<Service> = {
      worker,
      remote: wrap<Service>(worker),
      ending: new Ending(),
      beating: null,
      silentBeats: 0,
    };
    worker.addEventListener('message', () => (present.silentBeats = 0));
    // It failed outside of a call.
    worker.addEventListener('error', ({ message }) => {
      // Without a message its script cannot be loaded.
      this.#end(present, message ? new Error(`The ${this.what} worker stopped: ${message}.`) : new MissingPart());
    });
    return present;
  }

  async #renewSpare(): Promise<void> {
    this.#spare = null;
    await this.haveSpare().catch(() => undefined);
  }

  #beat(present: Present<Service>): void {
    if (present.ending.pending === 0) this.#rest(present);
    else if (present.silentBeats++ < MOST_SILENT_BEATS) present.worker.postMessage(PULSE);
    else this.#end(present, new Error(`The ${this.what} worker does not answer any more.`));
  }

  #rest(present: Present<Service>): void {
    if (present.beating !== null) clearInterval(present.beating);
    present.beating = null;
    present.silentBeats = 0;
  }

  #end(present: Present<Service>, why: Error): void {
    this.#rest(present);
    if (this.#present === present) this.#present = null;
    present.worker.terminate();
    present.ending.tell(why);
  }
}

/** A worker, once its script runs. @throws MissingPart where it does not. */
function loaded(worker: WorkerSide): Promise<WorkerSide> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', () => resolve(worker), { once: true });
    worker.addEventListener('error', () => (worker.terminate(), reject(new MissingPart())), { once: true });
    worker.postMessage(PULSE);
  });
}
