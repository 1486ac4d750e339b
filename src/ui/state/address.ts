/** The address of the page: what is entered stands in it, and each view visited is a step back. */
import { newId } from '../../model/identity.ts';
import type { ViewName } from './view-words.ts';

/** What the page needs of its window. */
export interface AddressBar {
  readonly location: { hash: string };
  readonly history: Pick<History, 'state' | 'pushState' | 'replaceState'>;
}

/** What a step of the history says of itself, where this visit of the page made it. */
export interface Step {
  view: ViewName;
  /** Which of the pieces of work that were entered in this view. */
  work: number;
}

/** Browsers refuse an address that changes with every key. */
const DELAY_MS = 300;

export class Address {
  readonly #bar: AddressBar;
  /** Steps of an earlier visit say nothing about what this one holds. */
  readonly #visit = newId();
  #view: ViewName = 'prediction';
  /** What it was to say last, written or not, or what a link said that was followed. */
  #told: { state: unknown; hash: string };
  #pending: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(bar: AddressBar) {
    this.#bar = bar;
    this.#told = this.#standing;
  }

  get hash(): string {
    return this.#bar.location.hash;
  }

  /** The view that it leads to. */
  get view(): ViewName {
    return this.#view;
  }

  /** The step that the browser stands on; null where another visit, or a link, made it. */
  get step(): Step | null {
    const state = this.#bar.history.state as ({ visit?: string } & Step) | null;
    return state?.visit === this.#visit ? { view: state.view, work: state.work } : null;
  }

  /** Somebody went to a step by the browser: what was still to be written belongs to the one left. */
  arrive(view: ViewName): void {
    this.#drop();
    this.#view = view;
    this.#told = this.#standing;
  }

  /** Stands where a link leads that was left for a while: meanwhile the address may have told what is entered. */
  goTo(hash: string): void {
    this.#drop();
    this.#bar.history.pushState(null, '', hash);
  }

  /**
   * A step or a link was refused: what is entered stays, and is said again. A refused step stays behind it, to be gone to later; a
   * refused link gives way.
   */
  stay(): void {
    this.#drop();
    const { state, hash } = this.#told;
    const { history } = this.#bar;
    if (this.step) history.pushState(state, '', hash);
    else history.replaceState(state, '', hash);
  }

  /** Says what is entered: a view newly opened at once and as a step of its own, a change of it after a while. */
  tell(step: Step, hash: string): void {
    const state = { ...step, visit: this.#visit };
    const url = `#${hash}`;
    const told = { state, hash: url };
    if (step.view === this.#view) {
      this.#drop();
      this.#told = told;
      this.#pending = () => this.#bar.history.replaceState(state, '', url);
      this.#timer = setTimeout(() => this.flush(), DELAY_MS);
      return;
    }
    this.flush();
    this.#view = step.view;
    this.#told = told;
    this.#bar.history.pushState(state, '', url);
  }

  /** Writes what waits. */
  flush(): void {
    const write = this.#pending;
    this.#drop();
    write?.();
  }

  get #standing() {
    return { state: this.#bar.history.state as unknown, hash: this.hash };
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#pending = null;
  }
}
