/** A mark of a chart: a circle for what was trained, a diamond for what is predicted. */
export interface Mark {
  id: string;
  x: number;
  y: number;
  /** Ends of the error bar. */
  lo?: number;
  hi?: number;
  shape: 'circle' | 'diamond';
  isFilled: boolean;
  color: string;
  /** What a screen reader says. */
  label: string;
  /** For marks that can be taken out: whether the mark is in. */
  isIn?: boolean;
}
