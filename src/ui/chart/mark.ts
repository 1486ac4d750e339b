/** A mark of a chart: a diamond for what is predicted, another shape for what was trained. */
import type { Shape } from './shapes.ts';

export interface Mark {
  id: string;
  x: number;
  y: number;
  /** Ends of the error bar. */
  lo?: number;
  hi?: number;
  shape: Shape;
  isFilled: boolean;
  color: string;
  /** What a screen reader says. */
  label: string;
  /** For marks that can be taken out: whether the mark is in. */
  isIn?: boolean;
}
