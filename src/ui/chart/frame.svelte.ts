/** What the marks of one chart share: its size, its margins and its two axes. */
import { createContext } from 'svelte';
import { makeAxis, type AxisSpec } from './axis.ts';

interface Margin {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface FrameSpec {
  x: AxisSpec;
  y: AxisSpec;
  margin: Margin;
  /** CSS pixels; a function of the width where the drawing is laid out anew on narrow screens. */
  height: number | ((width: number) => number);
}

/** Height of a chart on paper as a share of its width, at most: in a narrow column it is no tower. */
const TALLEST = 0.8;

export class Frame {
  /** CSS pixels; follows the element the chart stands in. */
  pageWidth = $state(640);
  #otherWidth = $state<number | null>(null);
  readonly #spec: () => FrameSpec;

  constructor(spec: () => FrameSpec) {
    this.#spec = spec;
  }

  /** Lays the chart out in another width, as for paper; null for that of the page. */
  resize = (width: number | null) => (this.#otherWidth = width);
  width = $derived.by(() => this.#otherWidth ?? this.pageWidth);
  height = $derived.by(() => {
    const { height } = this.#spec();
    if (typeof height === 'function') return height(this.width);
    return this.#otherWidth === null ? height : Math.min(height, Math.round(TALLEST * this.#otherWidth));
  });
  margin = $derived.by(() => this.#spec().margin);
  left = $derived.by(() => this.margin.left);
  right = $derived.by(() => Math.max(this.left + 40, this.width - this.margin.right));
  top = $derived.by(() => this.margin.top);
  bottom = $derived.by(() => this.height - this.margin.bottom);
  x = $derived.by(() => makeAxis(this.#spec().x, [this.left, this.right], Math.max(3, (this.right - this.left) / 90)));
  y = $derived.by(() => makeAxis(this.#spec().y, [this.bottom, this.top], Math.max(3, (this.bottom - this.top) / 60)));
}

export const [getFrame, setFrame] = createContext<Frame>();
