/** What stands in a field for a number while it is being typed, as long as it means the number that it was taken for. */
import { readNumber, type Meant } from '../tables/typed-number.ts';

interface Options {
  /** The number as it is kept; NaN while what was typed is none. */
  value: () => unknown;
  meant: () => Meant;
  /** How a number stands there that was not typed; as JavaScript writes it where left out. */
  words?: (value: unknown) => string;
}

export class Typing {
  #text = $state<string | null>(null);
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  readonly #reading = $derived.by(() => {
    if (this.#text === null) return null;
    const reading = readNumber(this.#text, this.#options.meant());
    return Object.is(reading.value, this.#options.value()) ? reading : null;
  });

  /** A preset or a link replaces what was typed; what is no number yet stays for its author to finish. */
  readonly shown = $derived.by((): string => {
    const { value, words = String } = this.#options;
    if (this.#reading) return this.#text!;
    return Number.isNaN(value()) ? '' : words(value());
  });

  /** Both readings of what may mean two numbers, in one sentence. */
  readonly question = $derived.by(() => this.#reading?.question ?? null);

  /** Takes what stands in the field now; NaN where it is no number, or may mean two. */
  enter(text: string): number {
    this.#text = text;
    return readNumber(text, this.#options.meant()).value;
  }

  /** The field is left: a number then stands there as the page writes it. */
  leave(): void {
    if (!Number.isNaN(this.#options.value())) this.#text = null;
  }
}
