/** What a check of seals says: one claim, how it stands, and why, in a sentence. */

export type Standing = 'holds' | 'does not hold' | 'cannot be known';

export type Claim =
  /** The hash is that of all that is sealed. */
  | 'hash'
  /** Recipe, losses, target and level are those that the prediction was made from. */
  | 'inputs'
  /** The losses that it was made from are those that were measured. */
  | 'losses'
  /** The text is that of the runs. */
  | 'text'
  /** The prediction is what the law says of the sealed losses. */
  | 'prediction'
  /** The training curve is what the law says of the curves of the runs. */
  | 'curve'
  /** What the file says elsewhere of the same target is the sealed prediction. */
  | 'shown'
  /** What was measured lies where the verdict says. */
  | 'verdict'
  /** It was sealed before its target was measured. */
  | 'order'
  /** A hash that was published elsewhere is that of a seal. */
  | 'published'
  /** Every target has one seal, every run stands there once. */
  | 'whole'
  /** The losses are what training gives. */
  | 'training';

export interface Statement {
  claim: Claim;
  /** The seal that it is about, e.g. `muP, width 48`; null where it is about the whole file. */
  seal: string | null;
  standing: Standing;
  sentence: string;
}

/** A statement whose seal is not said yet. */
export type Said = Omit<Statement, 'seal'>;

export const holds = (claim: Claim, sentence: string): Said => ({ claim, standing: 'holds', sentence });
export const fails = (claim: Claim, sentence: string): Said => ({ claim, standing: 'does not hold', sentence });
export const unknown = (claim: Claim, sentence: string): Said => ({ claim, standing: 'cannot be known', sentence });

export const about = (seal: string | null, said: readonly (Said | null)[]): Statement[] =>
  said.flatMap((one) => (one ? [{ ...one, seal }] : []));

/** How all of it stands: as badly as the worst, and `holds` where only what no file can tell is left open. */
export const standsAll = (statements: readonly Statement[]): boolean =>
  statements.every(({ standing }) => standing !== 'does not hold');
