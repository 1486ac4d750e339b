/** All that a person enters where losses come from elsewhere: what is kept, and what a link carries. */
import * as v from 'valibot';
import { LOGARITHM_BASES } from '../../tables/meanings.ts';
import { ROLES, type Role } from '../../tables/roles.ts';
import { positive } from '../../model/fields.ts';
import { InputError, parseWith } from '../../model/parse.ts';
import { lossSealSchema } from '../../scaling/loss-seal.ts';
import { checkTableSeals } from '../../experiment/table-seal.ts';

/** Characters of a table that the page takes; the command line takes any. */
export const LONGEST_TEXT = 5_000_000;
const MOST_TARGETS = 32;
const LONGEST_NAME = 120;

/** A name of any length as it stands on the page: its beginning and its end. */
function shortName(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= LONGEST_NAME) return name;
  const [start, end] = [characters.slice(0, 80), characters.slice(-(LONGEST_NAME - 81))];
  return `${start.join('')}…${end.join('')}`;
}

const place = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Several where a role can be of several columns. */
const places = v.optional(v.nullable(v.union([place, v.array(place)])));

const lossDocumentSchema = v.strictObject({
  name: v.pipe(v.string(), v.transform(shortName)),
  text: v.pipe(v.string(), v.maxLength(LONGEST_TEXT, `must have at most ${LONGEST_TEXT} characters`)),
  /** Places of the columns, from 0; null for none, and what is left out is found. */
  columns: v.strictObject(Object.fromEntries(ROLES.map((role) => [role, places])) as Record<Role, typeof places>),
  /** Of logarithms whose columns do not say it; null while nobody has said it. */
  base: v.optional(v.nullable(v.picklist(LOGARITHM_BASES)), null),
  /** The series on show; null for the first. */
  series: v.nullable(v.string()),
  /** How many of the smallest x are fitted; null for all. */
  first: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(3, 'must be at least 3'))),
  /** x that are predicted beside those of rows without a loss. */
  targets: v.pipe(
    v.array(positive),
    v.transform((targets) => [...new Set(targets)]),
    v.maxLength(MOST_TARGETS),
  ),
  /** Points that were taken out of the fit. */
  leftOut: v.array(v.strictObject({ series: v.nullable(v.string()), x: positive, loss: positive })),
  sealed: v.pipe(v.array(lossSealSchema), v.maxLength(64)),
});

export type LossDocument = v.InferOutput<typeof lossDocumentSchema>;

export const newDocument = (name: string, text: string): LossDocument => ({
  name: shortName(name),
  text,
  columns: {},
  base: null,
  series: null,
  first: null,
  targets: [],
  leftOut: [],
  sealed: [],
});

/** @throws InputError naming the field, or the seal, at fault. */
export function parseLossDocument(input: unknown): LossDocument {
  const document = parseWith(lossDocumentSchema, input, 'table');
  checkTableSeals(document.sealed);
  return document;
}

/**
 * One more x to predict.
 * @throws InputError where it is none.
 */
export function withTarget(targets: readonly number[], x: number): number[] {
  if (!(Number.isFinite(x) && x > 0)) throw new InputError('x', 'x must be a number above 0.');
  if (targets.length >= MOST_TARGETS) throw new InputError('x', `x can be added ${MOST_TARGETS} times at most.`);
  return targets.includes(x) ? [...targets] : [...targets, x].sort((p, q) => p - q);
}
