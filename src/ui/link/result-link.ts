/** A result in the address, packed and deflated: whoever opens it sees what was measured and sealed, without training anything. */
import { asLinked, packResult, unpackResult } from '../../experiment/packed-result.ts';
import { InputError } from '../../model/parse.ts';
import type { ExperimentResult } from '../../model/result.ts';
import { bytesIn, damaged, hashOfBytes, LONGEST, packedIn, parsedAs, valueIn } from './packed.ts';

const FIELD = 'measured';
/** Points of each training curve in a link that has them. */
export const CURVE_POINTS = 20;
/** Bytes beyond which nothing is unpacked: a short text may stand for gigabytes. */
const MOST_BYTES = 4e6;

/**
 * The part of an address behind `#`.
 * @throws InputError where the result is too long for one, or holds more than one can say
 */
export async function resultHash(result: ExperimentResult, hasCurves: boolean): Promise<string> {
  const text = JSON.stringify(packResult(asLinked(result, hasCurves ? CURVE_POINTS : 0)));
  const hash = hashOfBytes(
    FIELD,
    await read(new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))),
  );
  if (hash.length > LONGEST) {
    throw new InputError(
      'result',
      `This result is too long for a link, which may hold ${LONGEST.toLocaleString('en')} characters; put its result.json on a server, and #result= with its address behind that of this page.`,
    );
  }
  return hash;
}

/**
 * The result that a hash carries, or null where it carries none.
 * @throws InputError with one sentence where it carries one that cannot be used
 */
export async function resultFromHash(hash: string): Promise<ExperimentResult | null> {
  const packed = packedIn(hash, FIELD);
  if (packed === null) return null;
  let value: unknown;
  try {
    const inflated = new Blob([bytesIn(packed)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    value = valueIn(await read(inflated));
  } catch {
    throw damaged('result');
  }
  return parsedAs('a result that cannot be used', unpackResult, value);
}

/** @throws where there is more than `MOST_BYTES` of it. */
async function read(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_BYTES) {
      void reader.cancel().catch(() => undefined);
      throw new RangeError('too long');
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
