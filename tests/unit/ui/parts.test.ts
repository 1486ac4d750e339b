import { expect, test } from 'vitest';
import { InputError } from '../../../src/model/parse.ts';
import { parts } from '../../../src/ui/state/parts.svelte.ts';

test('a part that is there is handed on; one that is gone after a new deployment is said, in a sentence', async () => {
  expect(await parts.load(() => Promise.resolve(7))).toBe(7);
  expect(parts.areMissing).toBe(false);

  const gone = parts.load(() => Promise.reject(new TypeError('Failed to fetch dynamically imported module')));
  await expect(gone).rejects.toThrow(InputError);
  await expect(gone).rejects.not.toThrow(/fetch/);
  expect(parts.areMissing).toBe(true);
});
