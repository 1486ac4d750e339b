/** Validation whose every refusal is one sentence that begins with the path of the field at fault. */
import * as v from 'valibot';
import { chosen, nodeOf, type SchemaNode } from './schema-node.ts';

/** Characters at the beginning and at the end of a sentence: what it quotes may be as long as a file. */
const LONGEST_END = 400;

/** Something the person can mend: `field` is the path of the control at fault, `message` one clear sentence. */
export class InputError extends Error {
  override readonly name = 'InputError';
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(
      message.length > 2 * LONGEST_END ? `${message.slice(0, LONGEST_END)}…${message.slice(-LONGEST_END)}` : message,
    );
  }
}

/** What may be squared and multiplied without leaving the range of float64. */
export const EXTREME = 1e60;

/** @throws InputError unless `value` is a size, loss, time or count that can be calculated with. */
export function checkPositive(value: number, field: string): void {
  if (value >= 1 / EXTREME && value <= EXTREME) return;
  const allowed = Number.isFinite(value) && value > 0 ? `between 1e-60 and 1e60` : 'a finite number above 0';
  throw new InputError(field, `${field} must be ${allowed}, not ${value}.`);
}

/** Validates `input` against a schema; the first problem becomes one sentence that begins with the field's path. */
export function parseWith<S extends v.GenericSchema>(schema: S, input: unknown, what: string): v.InferOutput<S> {
  const parsed = v.safeParse(schema, input, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const field = fieldPath(issue) || what;
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    throw new InputError(field, `${field}: unknown key; ${allowedKeys(schema, issue)}`);
  }
  if (issue.type === 'strict_object' && issue.received === 'undefined') {
    throw new InputError(field, `${field} is missing.`);
  }
  if (issue.type === 'strict_object') throw new InputError(field, `${field} must be an object.`);
  if (issue.type === 'variant' && issue.received !== 'undefined' && issue.expected === 'Object') {
    throw new InputError(field, `${field} must be an object; its ${issue.message}.`);
  }
  throw new InputError(field, `${field}: ${issue.message}.`);
}

/** "recipes[0].optimizer.beta1" for a valibot issue. */
function fieldPath(issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? [])
    .map((item) => item.key)
    .reduce<string>((path, key) => {
      if (typeof key === 'number') return `${path}[${key}]`;
      return path ? `${path}.${String(key)}` : String(key);
    }, '');
}

/** Walks the schema along the path of an unknown key, and the input beside it to know which variant was meant. */
function allowedKeys(schema: v.GenericSchema, issue: v.BaseIssue<unknown>): string {
  const path = issue.path ?? [];
  const parent = path.reduce<SchemaNode>((node, item) => {
    const found = chosen(node, item.input);
    const here = found.getter?.(item.input) ?? found;
    return item === path.at(-1) ? here : (here.item ?? here.entries?.[String(item.key)] ?? {});
  }, nodeOf(schema));
  return `allowed here: ${Object.keys(parent.entries ?? {}).join(', ')}.`;
}
