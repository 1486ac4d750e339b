/**
 * Numbers as tables write them: with either decimal mark, thousands in any style, suffixes of sizes, powers of ten. One mark before
 * three digits may be either of the two; what else stands in its column and in the table settles it, or it is asked about.
 */

type Mark = '.' | ',';

/** What each mark does in a column; "ask" where nothing tells. */
export type Marks = Record<Mark, 'decimal' | 'thousands' | 'ask'>;

const POWERS: Record<string, number> = {
  ...{ k: 3, tsd: 3, thousand: 3 },
  ...{ m: 6, mn: 6, mio: 6, mln: 6, million: 6, millions: 6 },
  ...{ b: 9, g: 9, bn: 9, mrd: 9, bln: 9, billion: 9, billions: 9 },
  ...{ t: 12, tn: 12, trillion: 12, trillions: 12 },
};

/** What no number begins with. */
const BEGINS_A_WORD = /^[a-z]/i;

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const SUFFIX = Object.keys(POWERS)
  .sort((one, other) => other.length - one.length)
  .join('|');
const NUMBER = new RegExp(`^[~≈]?([+-]?)([\\d.,'_ ]*\\d[.,]?)(?:e([+-]?\\d+)| ?(${SUFFIX})\\.?)?$`, 'i');
const POWER = /^(?:([+-]?\d+(?:[.,]\d+)?) ?[x×*·] ?)?(10|2)(?:\^|\*\*)[{(]?([+-]?\d+)[)}]?$/i;
/** One group only: 1,024 and 12.288. */
const ONE_GROUP = /^[1-9]\d{0,2}([.,])\d{3}$/;
const GROUPS = /^[1-9]\d{0,2}(?:([.,'_ ])\d{3})(?:\1\d{3})*$/;

interface Parts {
  sign: string;
  digits: string;
  /** Of ten. */
  power: number;
  /** Whether it has an exponent, whose mantissa nobody writes in groups. */
  isScientific: boolean;
}

/** Minus signs, apostrophes and spaces of every kind as those of a keyboard, and superscripts as powers; emphasis of Markdown off. */
const plainly = (cell: string): string =>
  /^[\d.+-]*$/.test(cell)
    ? cell
    : cell
        .replace(/^(\*\*|__|[*_`])(.+)\1$/, '$2')
        // Marks of footnotes.
        .replace(/(?<=[\d.kmbgt])\s?(?:[*†‡§¶]+|\^[a-z*†]|\[[a-z\d]\]|[ᵃᵇᶜ])$/i, '')
        .replace(/(?<=\d)(⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/, '^$1')
        .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(SUPERSCRIPTS.indexOf(digit)))
        .replace(/[−⁻]/g, '-')
        .replace(/[’ʼ]/g, "'")
        .replace(/\s/g, ' ')
        .trim();

function partsOf(cell: string): Parts | null {
  const found = NUMBER.exec(cell);
  if (!found) return null;
  const [, sign, digits, exponent, suffix] = found;
  const power = exponent === undefined ? (suffix ? POWERS[suffix.toLowerCase()]! : 0) : Number(exponent);
  return { sign: sign!, digits: digits!, power, isScientific: exponent !== undefined };
}

/** Which decimal mark a cell shows beyond doubt; null where it shows none, or could be read in two ways. */
function certainMark(cell: string): Mark | null {
  if (BEGINS_A_WORD.test(cell)) return null;
  const parts = partsOf(plainly(cell));
  if (!parts) return null;
  const { digits, isScientific } = parts;
  const marks = digits.replace(/[^.,]/g, '');
  if (marks === '') return null;
  const other = (mark: string): Mark => (mark === '.' ? ',' : '.');
  const last = marks.at(-1) as Mark;
  if (/\..*,|,.*\./.test(digits)) return marks.split(last).length === 2 ? last : null;
  if (marks.length > 1) return GROUPS.test(digits) ? other(last) : null;
  if (!isScientific && ONE_GROUP.test(digits)) return null;
  return last;
}

/** Of the cells of one column: the marks that are certain. */
export function certainMarks(cells: Iterable<string>): Set<Mark> {
  const marks = new Set<Mark>();
  for (const cell of cells) {
    // A cell without the other mark shows nothing new.
    const isNew = marks.has('.') ? cell.includes(',') : marks.has(',') ? cell.includes('.') : /[.,]/.test(cell);
    const mark = isNew ? certainMark(cell) : null;
    if (mark) marks.add(mark);
    if (marks.size === 2) break;
  }
  return marks;
}

/** Before what may be a suffix or emphasis. */
const ENDS_IN_A_GROUP = /\d[.,]\d{3}(?!\d)/;

/** Whether a cell has one group of three behind a mark, so that it may be two numbers. */
export function isDoubtful(cell: string): Mark | null {
  if (BEGINS_A_WORD.test(cell) || !ENDS_IN_A_GROUP.test(cell)) return null;
  const parts = partsOf(plainly(cell));
  if (!parts || parts.isScientific) return null;
  return (ONE_GROUP.exec(parts.digits)?.[1] as Mark | undefined) ?? null;
}

/**
 * @param own marks that are certain in the column itself
 * @param others marks that are certain elsewhere in the table
 * @param isSmall whether the column holds losses and the like, of which nobody has thousands
 */
export function marksOf(own: ReadonlySet<Mark>, others: ReadonlySet<Mark>, isSmall: boolean): Marks {
  const of = (mark: Mark): Marks[Mark] => {
    const other = mark === '.' ? ',' : '.';
    if (own.has(mark)) return own.has(other) ? 'ask' : 'decimal';
    if (own.has(other)) return 'thousands';
    if (isSmall) return 'decimal';
    if (others.has(mark)) return others.has(other) || mark === ',' ? 'ask' : 'decimal';
    if (others.has(other)) return 'thousands';
    // Programs write a decimal dot, and people a comma before thousands; but of commas the one is as frequent as the other.
    return mark === '.' ? 'decimal' : 'ask';
  };
  return { '.': of('.'), ',': of(',') };
}

const scaled = ({ sign, power }: Parts, plain: string): number => Number(`${sign}${plain}e${power}`);

/** As programs write numbers. */
const PROGRAMS = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Both readings of a doubtful cell: with its mark as a mark of thousands, and as a decimal mark. */
export function readingsOf(cell: string): { whole: number; decimal: number } {
  const parts = partsOf(plainly(cell))!;
  return {
    whole: scaled(parts, parts.digits.replace(/[.,]/, '')),
    decimal: scaled(parts, parts.digits.replace(',', '.')),
  };
}

/** NaN for what is no number. A doubtful cell whose marks are to be asked about is read with a decimal mark. */
export function numberIn(cell: string, marks: Marks): number {
  if (cell === '' || BEGINS_A_WORD.test(cell)) return NaN;
  if (PROGRAMS.test(cell) && !ONE_GROUP.test(cell)) return Number(cell);
  const plain = plainly(cell);
  const power = POWER.exec(plain);
  if (power) {
    const [, factor = '1', base, exponent] = power;
    const mantissa = factor.replace(',', '.');
    return base === '10' ? Number(`${mantissa}e${exponent}`) : Number(mantissa) * 2 ** Number(exponent);
  }
  const parts = partsOf(plain);
  if (!parts) return NaN;
  const { digits } = parts;
  if (/^\d+$/.test(digits)) return scaled(parts, digits);
  if (ONE_GROUP.test(digits) && !parts.isScientific) {
    const mark = ONE_GROUP.exec(digits)![1] as Mark;
    return scaled(parts, marks[mark] === 'thousands' ? digits.replace(mark, '') : digits.replace(',', '.'));
  }
  if (GROUPS.test(digits) && !parts.isScientific) return scaled(parts, digits.replace(/[.,'_ ]/g, ''));
  const [, groups, decimals] = /^(.*?)(?:[.,](\d*))?$/.exec(digits)!;
  if (/[.,'_ ]/.test(groups!) && !GROUPS.test(groups!)) return NaN;
  if (/[.,]/.test(groups!) && groups!.includes(digits.at(-(decimals ?? '').length - 1)!)) return NaN;
  return scaled(parts, `${groups!.replace(/[.,'_ ]/g, '') || '0'}.${decimals || '0'}`);
}

const DIVERGED = /^[+-]?(nan|inf|infinity|∞|1\.#(inf|ind|qnan))(\s?\(.{0,40}\))?$/i;
/** "diverged", "(div.)", "diverged at step 300". */
const IN_WORDS =
  /^\W?(diverge[ds]?|div|divergent|diverging|exploded?|blew up|blow[sn]?[- ]?up|did not converge|divergiert|divergé|divergió)([\s.,:;@(*†)].{0,40})?$/i;
const UNFINISHED =
  /^\W?(oom|out of memory|cuda oom|crash(ed)?|fail(ed|ure)?|kill(ed)?|cancell?ed|preempted|aborted|error|timed?[- ]?out|unfinished|did not finish|dnf)\W?$/i;
const MISSING =
  /^(|-+|–|—|\.|…|\.\.\.|\?|n\/?a|n\.\s?a\.|#n\/a|#nv|#div\/0!|#value!|#wert!|#ref!|#name\?|null|none|nil|<na>|pending|running|queued|todo|tbd|missing)$/i;

/** Most cells are numbers, and no word begins with a digit; what old C libraries wrote for nan does. */
const isWord = (cell: string): boolean => !(cell[0]! >= '0' && cell[0]! <= '9') || cell.startsWith('1.#');

/** Whether a cell says that there is a training, but no loss at its end. */
export const saysDiverged = (cell: string): boolean => isWord(cell) && (DIVERGED.test(cell) || IN_WORDS.test(cell));
/** Whether it says so in a word, which is no slip as a number that is none may be. */
export const saysItDiverged = (cell: string): boolean => IN_WORDS.test(cell);
/** Whether a cell says that its training came to no end, for reasons that say nothing of its loss. */
export const saysUnfinished = (cell: string): boolean => isWord(cell) && UNFINISHED.test(cell);
/** Whether a cell says that nothing is known. */
export const saysNothing = (cell: string): boolean => isWord(cell) && MISSING.test(cell);
