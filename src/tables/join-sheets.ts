/** One table from one file or several, each with what its name says. */
import { InputError } from '../model/parse.ts';
import { looksAt } from './columns.ts';
import { errorsApart } from './errors-apart.ts';
import { longForm } from './long-form.ts';
import { lossesApart } from './losses-apart.ts';
import { factsIn } from './name-facts.ts';
import { withoutOtherMetrics } from './metric-rows.ts';
import { groupsNamed, mergedFilled } from './merged-cells.ts';
import { readSheet } from './read-sheet.ts';
import { isOf } from './roles.ts';
import { withTokens } from './budget-tokens.ts';
import { unitsApart } from './units-apart.ts';
import { padded, type NamedText, type Row, type Sheet } from './sheet.ts';

/** @throws InputError where one holds no table, or they cannot be one */
export function sheetsJoined(texts: readonly NamedText[]): Sheet {
  const names = toldApart(texts.map(({ name }) => name ?? ''));
  const sheets = texts.map(({ name, text }, i) => ({
    name: name === null ? null : names[i]!,
    sheet: named(name, () =>
      namesApart(
        withTokens(
          withoutOtherMetrics(
            lossesApart(
              longForm(unitsApart(errorsApart(mergedFilled(groupsNamed(readSheet(text))))), tellsWidth(names[i]!)),
            ),
          ),
        ),
      ),
    ),
  }));
  if (sheets.length === 1) return fromFile(sheets[0]!);
  const header = [...new Set(sheets.flatMap(({ sheet }) => sheet.header))];
  if (sheets.some(({ sheet }) => !sheet.isNamed) && sheets.some(({ sheet }) => sheet.header.length !== header.length)) {
    throw new InputError(
      'file',
      'Several files are read as one table only where their columns have names, or where they have as many.',
    );
  }
  const rows = sheets.flatMap(({ name, sheet }) => {
    const places = header.map((one) => sheet.header.indexOf(one));
    return sheet.rows.map(({ number, cells }): Row => ({
      number,
      cells: [...places.map((at) => (at < 0 ? '' : (cells[at] ?? ''))), name ?? ''],
    }));
  });
  const said = sheets.flatMap(({ name, sheet }) => sheet.said.map((one) => `${name ?? 'A table'}: ${one}`));
  return {
    header: [...header, 'file'],
    isNamed: sheets.every(({ sheet }) => sheet.isNamed),
    rows,
    said: [...said, `${sheets.length} files are read as one table, with their names as a column.`],
  };
}

/** Columns of one name, told apart by a number behind it: "loss" and "loss (2)". */
function namesApart(sheet: Sheet): Sheet {
  if (new Set(sheet.header).size === sheet.header.length) return sheet;
  const taken = new Set(sheet.header);
  const seen = new Set<string>();
  const header = sheet.header.map((name) => {
    let own = name;
    for (let k = 2; seen.has(own) || (own !== name && taken.has(own)); k++) own = `${name} (${k})`;
    seen.add(own);
    return own;
  });
  return { ...sheet, header };
}

/** The name of a file says what its one run was, where the file does not. */
function fromFile({ name, sheet }: { name: string | null; sheet: Sheet }): Sheet {
  if (name === null || !factsIn(name).some(({ meaning }) => meaning === 'width' || meaning === 'parameters'))
    return sheet;
  if (looksAt(sheet).some((look) => look.isNumeric && isOf(look, 'width', 'parameters', 'size', 'compute')))
    return sheet;
  return {
    ...sheet,
    header: [...sheet.header, 'file'],
    rows: sheet.rows.map((row) => ({ ...row, cells: [...padded(row.cells, sheet.header.length), name] })),
  };
}

/** Names of files; with their folders where the names alone are the same, as of the logs of several runs. */
function toldApart(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[/\\]/));
  const deepest = Math.max(...parts.map(({ length }) => length));
  for (let depth = 1; depth < deepest; depth++) {
    const names = parts.map((all) => all.slice(-depth).join('/'));
    if (new Set(names).size === names.length && (depth > 1 || paths.length > 1)) return names;
  }
  return paths.length === 1 ? [stem(paths[0]!)] : [...paths];
}

const tellsWidth = (name: string): boolean => factsIn(name).some(({ meaning }) => meaning === 'width');

const stem = (name: string | null): string => (name ?? '').split(/[/\\]/).at(-1)!;

function named<T>(name: string | null, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError && name !== null)
      throw new InputError(error.field, `${stem(name)}: ${error.message}`);
    throw error;
  }
}
