/**
 * Errors across comlink. Its own handler keeps only name, message and stack, and an `InputError` must arrive as one, with
 * its field. Both ends call `carryErrors` before anything else.
 */
import { transferHandlers, type TransferHandler } from 'comlink';
import { InputError } from '../model/parse.ts';

interface Thrown {
  value: unknown;
}

type Wire =
  | { kind: 'input'; field: string; message: string }
  | { kind: 'error'; name: string; message: string; stack?: string }
  | { kind: 'value'; value: unknown };

export function carryErrors(): void {
  // comlink marks what was thrown with a symbol of its own, which only its handler can tell.
  const { canHandle } = transferHandlers.get('throw') as TransferHandler<Thrown, Wire>;
  transferHandlers.set('throw', { canHandle, serialize, deserialize } as TransferHandler<unknown, unknown>);
}

function serialize({ value }: Thrown): [Wire, Transferable[]] {
  if (value instanceof InputError) return [{ kind: 'input', field: value.field, message: value.message }, []];
  if (value instanceof Error) {
    const { name, message, stack } = value;
    return [{ kind: 'error', name, message, stack }, []];
  }
  return [{ kind: 'value', value }, []];
}

function deserialize(wire: Wire): never {
  if (wire.kind === 'input') throw new InputError(wire.field, wire.message);
  if (wire.kind === 'value') throw wire.value;
  const { name, message, stack } = wire;
  throw Object.assign(new Error(message), { name, stack });
}
