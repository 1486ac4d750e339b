/** A table of losses in the address, with all that was chosen and sealed, so that a paper can link to its own fit. */
import { parseLossDocument, type LossDocument } from '../state/loss-document.ts';
import { LONGEST, packedHash, unpackedFrom } from './packed.ts';

/** The part of an address behind `#`; null where the table is too long to stand in one. */
export function lossesHash(document: LossDocument): string | null {
  // Packed, a text is longer still, and packing it takes its time with every letter that is typed.
  if (document.text.length > LONGEST) return null;
  const hash = packedHash('losses', document);
  return hash.length > LONGEST ? null : hash;
}

export const TOO_LONG = `This table is too long for a link, which may hold ${LONGEST.toLocaleString('en')} characters; hand on its fit.json instead.`;

/**
 * The table a hash carries, or null when it carries none.
 * @throws InputError with one sentence when it carries one that cannot be used.
 */
export const lossesFromHash = (hash: string): LossDocument | null =>
  unpackedFrom(hash, 'losses', 'a table that cannot be used', parseLossDocument);
