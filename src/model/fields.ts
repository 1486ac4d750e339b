/** Building blocks of every schema: numbers and texts whose refusal names the field and says what is allowed. */
import * as v from 'valibot';

export const whole = (name: string, min: number, max: number) =>
  v.pipe(
    v.number(`${name} must be a whole number from ${min} to ${max}`),
    v.check(
      (n) => Number.isInteger(n) && n >= min && n <= max,
      (issue) => `${name} must be a whole number from ${min} to ${max}, not ${issue.input}`,
    ),
  );

export const real = (name: string, min: number, max: number, allowed = `a number from ${min} to ${max}`) =>
  v.pipe(
    v.number(`${name} must be ${allowed}`),
    v.check(
      (n) => Number.isFinite(n) && n >= min && n <= max,
      (issue) => `${name} must be ${allowed}, not ${issue.input}`,
    ),
  );

/** Numbers of a file, whose refusal is put behind the path of the field. */
export const number = v.pipe(v.number('must be a number'), v.finite('must be finite'));
export const positive = v.pipe(number, v.gtValue(0, 'must be above 0'));

export const text = (name: string, max = 120) =>
  v.pipe(
    v.string(`${name} must be text`),
    v.check((s) => s.trim().length > 0 && s.length <= max, `${name} must be text of 1 to ${max} characters`),
  );

export const yesOrNo = (name: string) => v.boolean(`${name} must be true or false`);

/** One of a few words, e.g. `norm must be "layernorm" or "rmsnorm"`. */
export const oneOf = <const T extends readonly string[]>(name: string, words: T) =>
  v.picklist(words, `${name} must be ${quoted(words)}`);

function quoted(words: readonly string[]): string {
  const each = words.map((word) => `"${word}"`);
  return each.length === 1 ? each[0] : `${each.slice(0, -1).join(', ')} or ${each.at(-1)}`;
}

/** Defaults make a hand-written experiment short; validation fills them in, so the engine never guesses. */
export const optional = <S extends v.GenericSchema>(schema: S, fallback: v.InferInput<S>) =>
  v.optional(schema, fallback as never) as unknown as v.OptionalSchema<S, v.InferInput<S>>;
