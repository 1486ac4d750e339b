/** What a view has found, as its headline says it. */
export interface Finding {
  title: string;
  /** What it rests on. */
  sub: string;
}
