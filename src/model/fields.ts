/** Building blocks of every schema: numbers and texts whose refusal names the field and says what is allowed. */
import * as v from 'valibot';

/** What stands there instead; nothing where there is none, or a field of the page that holds no number yet. */
function found(input: unknown): string {
  if (typeof input === 'string')
    return `, not the text ${JSON.stringify(input.length > 40 ? `${input.slice(0, 40)}…` : input)}`;
  if (typeof input === 'boolean' || input === null) return `, not ${input}`;
  if (typeof input === 'object') return `, not ${Array.isArray(input) ? 'a list' : 'an object'}`;
  return typeof input === 'number' && !Number.isNaN(input) ? `, not the number ${input}` : '';
}

export const whole = (name: string, min: number, max: number) =>
  Object.assign(real(name, min, max, `a whole number from ${min} to ${max}`, Number.isInteger), { isWhole: true });

export function real(
  name: string,
  min: number,
  max: number,
  allowed = `a number from ${min} to ${max}`,
  isOne: (n: number) => boolean = Number.isFinite,
) {
  const schema = v.pipe(
    v.number(({ input }) => `${name} must be ${allowed}${found(input)}`),
    v.check(
      (n) => isOne(n) && n >= min && n <= max,
      (issue) => `${name} must be ${allowed}, not ${issue.input}`,
    ),
  );
  return Object.assign(schema, { allowed });
}

/** Numbers of a file, whose refusal is put behind the path of the field. */
export const number = v.pipe(
  v.number(({ input }) => `must be a number${found(input)}`),
  v.finite('must be finite'),
);
export const positive = v.pipe(number, v.gtValue(0, 'must be above 0'));

export const text = (name: string, max = 120) =>
  v.pipe(
    v.string(({ input }) => `${name} must be text${found(input)}`),
    v.check((s) => s.trim().length > 0 && s.length <= max, `${name} must be text of 1 to ${max} characters`),
  );

/** @param listed how a list of what is unusual says that it is on. */
export const yesOrNo = (name: string, listed?: string) =>
  Object.assign(
    v.boolean(({ input }) => `${name} must be true or false${found(input)}`),
    { listed },
  );

/** One of a few words, e.g. `norm must be "layernorm" or "rmsnorm"`. */
export const oneOf = <const T extends readonly string[]>(name: string, words: T) =>
  v.picklist(words, `${name} must be ${quoted(words)}`);

/** The same, with how each reads on the page; what stands there in parentheses is left out of lists. */
export const choice = <W extends string>(name: string, words: Record<W, string>) =>
  Object.assign(oneOf(name, Object.keys(words) as W[]), { words });

/** Objects of several kinds, each with fields of its own; `words` as above. */
export const kinds = <const K extends v.VariantOptions<'kind'>>(
  words: Record<KindOf<v.InferOutput<K[number]>>, string>,
  schemas: K,
) => Object.assign(v.variant('kind', schemas, `kind must be ${quoted(Object.keys(words))}`), { words });

type KindOf<T> = T extends { kind: infer K extends string } ? K : never;

/** "a", "b" or "c" */
export function quoted(words: readonly string[]): string {
  const each = words.map((word) => `"${word}"`);
  return each.length === 1 ? each[0] : `${each.slice(0, -1).join(', ')} or ${each.at(-1)}`;
}

/** Defaults make a hand-written experiment short; validation fills them in, so the engine never guesses. */
export const optional = <S extends v.GenericSchema>(schema: S, fallback: v.InferInput<S>) =>
  v.optional(schema, fallback as never) as unknown as v.OptionalSchema<S, v.InferInput<S>>;

/**
 * An option that recipes were given after the first seals. A seal must check for ever, so the same settings have to give the same
 * hash in every version: it is left out of the hash while it has the value `without`, at which a model is what it was before, and
 * stands in it as soon as it has another. That value is part of every seal's meaning, and does not follow a default that may change.
 */
export const addedLater = <S extends v.GenericSchema>(
  schema: S,
  fallback: v.InferInput<S>,
  without: v.InferOutput<S>,
) => Object.assign(optional(schema, fallback), { without });

/** A setting that does nothing where no token but the last says anything of the next one: it is of attention or positions alone. */
export const ofThePast = <S extends v.GenericSchema>(schema: S) =>
  Object.assign(schema, { isOfThePast: true as const });
