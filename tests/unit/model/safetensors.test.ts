import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSafetensors, writeSafetensors, type Tensor } from '../../../src/model/safetensors.ts';

const shape = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
const bits = (kind: 'F32' | 'I32', length: number) =>
  fc.uint8Array({ minLength: 4 * length, maxLength: 4 * length }).map(({ buffer }) => {
    const copy = buffer.slice(0, 4 * length) as ArrayBuffer;
    return kind === 'F32' ? new Float32Array(copy) : new Int32Array(copy);
  });
const tensor: fc.Arbitrary<Tensor> = fc.tuple(fc.constantFrom('F32', 'I32'), shape).chain(([kind, dims]) => {
  const length = dims.reduce((product, n) => product * n, 1);
  return bits(kind as 'F32' | 'I32', length).map((data) => ({ shape: dims, data }));
});
const name = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((text) => text !== '__metadata__' && text !== '__proto__');

test('what is written is read back, bit for bit, whatever the names, shapes and numbers', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, tensor), { maxLength: 6, selector: ([key]) => key }), (entries) => {
      const file = writeSafetensors(new Map(entries));
      // Node reads files as Buffers, whose methods are not those of other byte arrays.
      const read = readSafetensors(Buffer.from(file));
      expect(read.size).toBe(entries.length);
      for (const [key, { shape: dims, data }] of entries) {
        const back = read.get(key)!;
        expect(back.shape).toEqual(dims);
        expect(back.data.constructor).toBe(data.constructor);
        expect(new Uint8Array(back.data.buffer)).toEqual(new Uint8Array(data.buffer));
      }
    }),
  );
});

test('the bytes are those of the format: length, padded JSON, data in order', () => {
  const file = writeSafetensors(
    new Map<string, Tensor>([
      ['w', { shape: [2], data: Float32Array.of(1, -2) }],
      ['t', { shape: [1, 1], data: Int32Array.of(7) }],
    ]),
  );
  const view = new DataView(file.buffer);
  const length = Number(view.getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))).toEqual({
    w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
    t: { dtype: 'I32', shape: [1, 1], data_offsets: [8, 12] },
  });
  expect(file.length).toBe(8 + length + 12);
  expect(view.getFloat32(8 + length + 4, true)).toBe(-2);
  expect(view.getInt32(8 + length + 8, true)).toBe(7);
});

test('a shape that its data does not fill, and files that are cut short, are refused in a sentence', () => {
  const wrong = new Map([['w', { shape: [3], data: new Float32Array(2) }]]);
  expect(() => writeSafetensors(wrong)).toThrow('w: 2 numbers do not fill the shape [3].');
  const file = writeSafetensors(new Map([['w', { shape: [2], data: new Float32Array(2) }]]));
  expect(() => readSafetensors(file.subarray(0, 5))).toThrow('at least eight bytes');
  expect(() => readSafetensors(file.subarray(0, 20))).toThrow('ends before its header');
  expect(() => readSafetensors(file.subarray(0, file.length - 1))).toThrow('do not agree with its shape');
});
