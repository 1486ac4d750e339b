/** What a walk through valibot's schemas needs to know of them. */
import type * as v from 'valibot';

export interface SchemaNode {
  wrapped?: SchemaNode;
  item?: SchemaNode;
  entries?: Record<string, SchemaNode>;
  /** Of a variant: its discriminator and its alternatives. */
  key?: string;
  options?: SchemaNode[];
  /** Of one that is made as its input asks. */
  getter?: (input: unknown) => SchemaNode;
  literal?: unknown;
  default?: unknown;
  /** What `fields.ts` adds to a setting's schema. */
  allowed?: string;
  isWhole?: boolean;
  words?: Readonly<Record<string, string>>;
  listed?: string;
  isOfThePast?: true;
  without?: unknown;
}

/** Valibot's own types tell each schema apart; a walk takes them all alike. */
export const nodeOf = (schema: v.GenericSchema): SchemaNode => schema as unknown as SchemaNode;

/** A discriminator that may be left out is wrapped. */
const literalOf = (entry: SchemaNode | undefined) => entry?.wrapped?.literal ?? entry?.literal;

/** The schema of an object or list behind optional wrappers, and of a variant the alternative that `input` names. */
export function chosen(node: SchemaNode, input: unknown): SchemaNode {
  if (node.wrapped) return chosen(node.wrapped, input);
  const { key, options } = node;
  if (key === undefined || !options) return node;
  const named = (input as Record<string, unknown> | null)?.[key];
  return (
    options.find((option) => literalOf(option.entries?.[key]) === named) ??
    options.find((option) => option.entries?.[key].wrapped) ??
    node
  );
}
