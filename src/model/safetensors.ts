/**
 * The safetensors format (huggingface/safetensors): eight bytes with the header's length, little endian; a JSON header
 * of dtype, shape and byte offsets by name; the data, without gaps. Only the two types of a dump: F32 and I32.
 */

import { sizeOf } from './shape.ts';

export interface Tensor {
  shape: readonly number[];
  /** Row-major. */
  data: Float32Array | Int32Array;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [begin: number, end: number];
}

/** The header is padded with spaces to a multiple of this, so that the data is aligned. */
const ALIGNMENT = 8;
const LENGTH_BYTES = 8;
const ITEM_BYTES = 4;

/** @throws Error when a shape does not agree with its data. */
export function writeSafetensors(tensors: ReadonlyMap<string, Tensor>): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = [...tensors].map(([name, { shape, data }]): [string, Entry] => {
    if (data.length !== sizeOf(shape)) {
      throw new Error(`${name}: ${data.length} numbers do not fill the shape [${shape.join(', ')}].`);
    }
    const begin = end;
    end += data.byteLength;
    const dtype = data instanceof Float32Array ? 'F32' : 'I32';
    return [name, { dtype, shape: [...shape], data_offsets: [begin, end] }];
  });
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerLength = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(LENGTH_BYTES + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength);
  file.set(text, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerLength;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/** @throws Error with one sentence when the bytes are no safetensors file of F32 and I32 tensors. */
export function readSafetensors(file: Uint8Array): Map<string, Tensor> {
  const header = readHeader(file);
  const data = file.subarray(LENGTH_BYTES + header.length);
  return new Map(
    Object.entries(header.entries)
      .filter(([name]) => name !== '__metadata__')
      .map(([name, entry]) => [name, readTensor(name, entry, data)]),
  );
}

function readHeader(file: Uint8Array): { length: number; entries: Record<string, Entry> } {
  if (file.length < LENGTH_BYTES) throw new Error('A safetensors file has at least eight bytes; this one has fewer.');
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > file.length - LENGTH_BYTES) throw new Error('The safetensors file ends before its header does.');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
    return { length, entries: JSON.parse(text) as Record<string, Entry> };
  } catch {
    throw new Error('The header of the safetensors file is not JSON.');
  }
}

function readTensor(name: string, { dtype, shape, data_offsets: [begin, end] }: Entry, data: Uint8Array): Tensor {
  if (dtype !== 'F32' && dtype !== 'I32') throw new Error(`${name} is of type ${dtype}; F32 and I32 can be read.`);
  if (end - begin !== sizeOf(shape) * ITEM_BYTES || begin < 0 || end > data.length) {
    throw new Error(`${name}: its bytes do not agree with its shape [${shape.join(', ')}].`);
  }
  // A copy, because the offset in the file need not be a multiple of four. (`slice` would not copy a Node Buffer.)
  const { buffer } = new Uint8Array(data.subarray(begin, end));
  return { shape, data: dtype === 'F32' ? new Float32Array(buffer) : new Int32Array(buffer) };
}
