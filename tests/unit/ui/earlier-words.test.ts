import { expect, it } from 'vitest';
import { newDocument } from '../../../src/ui/state/loss-document.ts';
import { earlierWords } from '../../../src/ui/tables/earlier-words.ts';

const changed = '2026-11-26T14:03:00';

it('a table of earlier is told by its name, kind, rows and time; by its first line where it has no name', () => {
  const table = { id: 'a', changed, document: newDocument('runs.csv', 'width,lr,loss\n64,1,3\n') };
  expect(earlierWords({ ...table, about: { kind: 'sweep', rows: 1200 } })).toBe(
    'runs.csv: a sweep, 1,200 rows, 2026-11-26 14:03',
  );
  const pasted = { id: 'b', changed, document: newDocument('', '\nwidth;loss\n16;4\n') };
  expect(earlierWords({ ...pasted, about: { kind: 'sizes', rows: 1 } })).toBe(
    '“width;loss”: losses over size, 1 row, 2026-11-26 14:03',
  );
  // As an earlier version kept it.
  expect(earlierWords(pasted)).toBe('“width;loss”: 2 lines, 2026-11-26 14:03');
});
