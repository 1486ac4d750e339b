import { expect, it } from 'vitest';
import { InputError } from '../../../src/model/parse.ts';
import { fileBytes } from '../../../src/ui/state/file-bytes.ts';

it('a file that cannot be read is refused in a sentence, not by a failure that nobody hears', async () => {
  const folder = { name: 'notes', arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) };
  const refusal = await fileBytes(folder).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(InputError);
  expect(refusal).toMatchObject({ message: expect.stringMatching(/^notes cannot be read/) });
  expect(await fileBytes(new File(['ab'], 'a.txt'))).toEqual(Uint8Array.of(97, 98));
});
