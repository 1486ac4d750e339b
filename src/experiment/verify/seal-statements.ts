/** What can be said alike of a seal of an experiment and of one of a table. */
import { hashSeal } from '../seal.ts';
import { apart, digitsWords, farthest, isSame, numbersOf, type Prediction } from './sameness.ts';
import { fails, holds, unknown, type Said } from './statement.ts';

interface AnySeal {
  sealedAt: string;
  inputsHash: string;
  sealHash?: string;
}

/** By which a seal was published: of early versions, which hashed no more, that of what it was made from. */
export const hashOfSeal = ({ sealHash, inputsHash }: AnySeal): string => sealHash ?? inputsHash;

/** The same, made anew of what stands in the seal, whatever it says itself. */
const hashAnew = (seal: AnySeal): string => (seal.sealHash === undefined ? seal.inputsHash : hashSeal(seal));

/**
 * The hash of the whole seal.
 * @param made what else is said of what is sealed: where all of that holds, it is told what is left to have been changed.
 */
export function wholeSeal(
  seal: AnySeal,
  made: readonly (Said | null)[],
  others: readonly { name: string; seal: AnySeal }[],
): Said {
  const { sealHash } = seal;
  if (sealHash === undefined) {
    return unknown('hash', 'It was sealed by an early version that kept no hash of the prediction and its time.');
  }
  const found = hashSeal(seal);
  if (found === sealHash) return holds('hash', `All that is sealed makes the hash ${sealHash}.`);
  const theirs = others.find((one) => one.seal.sealHash === found || hashSeal(one.seal) === sealHash);
  const isAllRight = made.every((one) => one?.standing !== 'does not hold');
  const why = theirs
    ? `that is the hash of ${theirs.name}, with which it was exchanged`
    : isAllRight
      ? 'its time, the names of its runs or the hash itself was changed'
      : 'it was changed after it was sealed';
  return fails('hash', `What stands here makes the hash ${found}, and the seal says ${sealHash}: ${why}.`);
}

/** A sealed prediction against the one that today's law makes of the same losses. */
export function againstLaw(seal: Prediction & { sealHash?: string }, law: Prediction): Said {
  const far = farthest(numbersOf(seal), numbersOf(law));
  if (isSame(far)) {
    return holds('prediction', `The law fitted anew to the sealed losses predicts the same, ${digitsWords(far)}.`);
  }
  const [said, found] = apart(seal, law);
  const sentence = `The law fitted anew to the sealed losses predicts ${found}, and the seal says ${said}`;
  // Versions that sealed without a hash of the whole had another law.
  return seal.sealHash === undefined
    ? unknown('prediction', `${sentence}: an early version, which kept no hash of it, had another law.`)
    : fails('prediction', `${sentence}: it was changed, or made by a version with another law.`);
}

/** @param target "width 48" */
export const orderOf = ({ sealedAt }: AnySeal, target: string): Said =>
  unknown(
    'order',
    `By its own clock it was sealed at ${sealedAt}. No file can tell that this was before ${target} was measured; its hash can, where it was published by then.`,
  );

/**
 * Of a hash that somebody kept; nothing where it is none of this seal's.
 * @param made what else is said of what is sealed.
 */
export function publishedOf(seal: AnySeal, published: readonly string[], made: readonly (Said | null)[]): Said | null {
  const hash = hashAnew(seal);
  if (!published.includes(hash)) return null;
  const name = `The published hash ${hash.slice(0, 12)}…`;
  if (seal.sealHash !== undefined) {
    return holds('published', `${name} is that of this seal: since it was published, nothing sealed was changed.`);
  }
  return made.some((one) => one?.claim === 'inputs' && one.standing === 'does not hold')
    ? fails('published', `${name} is that of what the prediction was made from, which no longer stands here.`)
    : holds(
        'published',
        `${name} is that of what the prediction was made from; of the prediction itself there is none.`,
      );
}

/** Published hashes that no seal has. */
export const unmatched = (seals: readonly AnySeal[], published: readonly string[]): string[] =>
  published.filter((hash) => !seals.some((seal) => hashAnew(seal) === hash));
