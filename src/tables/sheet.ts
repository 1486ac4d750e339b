/** A table whose cells are told apart, but not yet what they mean: what every form of file comes down to. */

/** A record and its number in the file, counted as a spreadsheet does: from 1, header and blank lines included. */
export interface Row {
  number: number;
  cells: string[];
}

export interface Sheet {
  /** Names of the columns; their numbers from 1 where the table gives none. */
  header: string[];
  /** Whether those names are the table's own. */
  isNamed: boolean;
  /** Places of columns that have no name among others that have one: they go by their number. */
  unnamed?: readonly number[];
  rows: Row[];
  /** What was done to the text on the way, in sentences that a reader may want to check: lines passed over, columns turned into rows. */
  said: string[];
}

/** A text and, where it came from a file, that file's name. */
export interface NamedText {
  name: string | null;
  text: string;
}

/** "1 line", "3 lines" */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Names for people: "a, b and c" in quotation marks. */
export const quoted = (names: readonly string[], join = 'and'): string => {
  const words = names.map((name) => `"${name}"`);
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${join} ${words.at(-1)}`;
};

/** The cells of a row, as many as there are columns. */
export const padded = (cells: readonly string[], length: number): string[] =>
  cells.length === length ? [...cells] : Array.from({ length }, (_, i) => cells[i] ?? '');
