/**
 * Numbers as people type them: with the decimal mark and the thousands mark of their country, as powers of two, and sizes of
 * models as the field writes them: 8k, 125M, 1.3B, 2T. What may mean two numbers is not guessed at.
 */

/** What a number is for: it decides which readings are sensible. A size is of a model, a corpus or a computation. */
export type Meant = 'whole' | 'size' | 'real';

export interface Reading {
  /** NaN for what is no number, and for what may mean two. */
  value: number;
  /** One sentence that names both readings of an ambiguous number; null otherwise. */
  question: string | null;
}

const POWERS: Record<string, number> = { k: 3, K: 3, M: 6, B: 9, G: 9, T: 12 };

const NONE: Reading = { value: NaN, question: null };
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Minus signs, apostrophes and spaces of every kind as those of a keyboard, and 2⁻⁵ as 2^-5. */
const plainly = (text: string): string =>
  text
    .trim()
    .replace(/^2(?=⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+$)/, '2^')
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(SUPERSCRIPTS.indexOf(digit)))
    .replace(/[−⁻]/g, '-')
    .replace(/[’ʼ]/g, "'")
    .replace(/\s/g, ' ');

const POWER_OF_TWO = /^2(?:\^|\*\*) ?(-?\d+(?:[.,]\d+)?)$/;
/** Digits and marks, and behind them an exponent or a suffix. */
const PARTS = /^([+-]?[\d.,'_ ]*\d[.,]?)(?:(e[+-]?\d+)| ?([kmbgt]))?$/i;
/** Groups of three behind one that does not begin with zero, all with one mark; then perhaps decimals behind another. */
const GROUPED = /^([+-]?[1-9]\d{0,2}(?:([,.'_ ])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d*))?$/;
const DECIMAL = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)$/;

/**
 * Reads 10000, 10,000, 10'000, 10_000, 10 000, 0.5, 0,5, 1e-3, 2^-5 and 2⁻⁵; of whole numbers and sizes also 1.2M. A dot is the
 * decimal mark, as the page and every program write it, unless there are several groups or the number is a whole one.
 */
export function readNumber(text: string, meant: Meant): Reading {
  const plain = plainly(text);
  const power = POWER_OF_TWO.exec(plain);
  if (power) return { value: finite(2 ** Number(power[1]!.replace(',', '.'))), question: null };
  const [, digits, exponent, suffix] = PARTS.exec(plain) ?? [];
  if (digits === undefined || (suffix && meant === 'real')) return NONE;
  const scale = suffix ? `e${POWERS[suffix.toUpperCase()]}` : (exponent ?? '');
  const values = readingsOf(digits).map((one) => Number(one + scale));
  const sensible = meant === 'whole' ? wholeOf(values, digits, scale) : asWritten(values, digits);
  if (sensible.length < 2) return { value: sensible.find(Number.isFinite) ?? NaN, question: null };
  return { value: NaN, question: `"${text.trim()}" may mean ${sensible.join(' or ')}; write one of these.` };
}

const finite = (value: number): number => (Number.isFinite(value) ? value : NaN);

/** Each as JavaScript writes it: with its marks as marks of thousands first, then as a decimal mark. */
function readingsOf(digits: string): string[] {
  const grouped = GROUPED.exec(digits);
  const whole = grouped?.[1]!.replace(/[,.'_ ]/g, '');
  return [
    ...(grouped ? [grouped[3] ? `${whole}.${grouped[3]}` : whole!] : []),
    ...(DECIMAL.test(digits) ? [digits.replace(',', '.')] : []),
  ];
}

/** Nobody writes 10 as 10,000, but 10,00 and 1000,000 may be thousands gone wrong; 1,024k could be meant either way. */
function wholeOf(values: number[], digits: string, scale: string): number[] {
  const distinct = [...new Set(values)];
  const whole = distinct.filter(Number.isInteger);
  if (scale !== '') return whole.length > 0 ? whole : distinct.slice(0, 1);
  const isGone = !GROUPED.test(digits) && /\d[.,]00+$/.test(digits);
  return isGone ? [...new Set([...whole, Number(digits.replace(/[.,]/, ''))])] : distinct.slice(0, 1);
}

const asWritten = (values: number[], digits: string): number[] => [
  ...new Set(digits.includes(',') ? values : values.slice(-1)),
];

/**
 * A list behind spaces, semicolons or commas. A comma inside an item is a decimal mark, or parts two whole numbers; what may be
 * the groups of one number instead is asked about.
 */
export function readNumbers(text: string, meant: Meant): { values: number[]; question: string | null } {
  const readings = text.split(/;|,(?:\s+|$)|\s{2,}|[\n\t]/).flatMap((item) => readItem(item.trim(), meant));
  return {
    values: readings.map(({ value }) => value),
    question: readings.find(({ question }) => question)?.question ?? null,
  };
}

/** What could be one number in groups, as long as it goes on. */
const SPACED = /(?<![\d.,^*-])[1-9]\d{0,2}([^\S\n\t])\d{3}(?:\1\d{3})*(?![\d.,])/g;
const MARKED = /(?<!\d)[1-9]\d{0,2}(,|[^\S\n\t])\d{3}(?!\d)(?:\1\d{3}(?!\d))*/g;

/** Numbers with nothing but single spaces between them, or commas between whole ones. */
function readItem(item: string, meant: Meant): Reading[] {
  const readings: Reading[] = [];
  let rest = item;
  for (let group = doubtfulIn(rest, meant); group; group = doubtfulIn(rest, meant)) {
    const [run, mark] = [group[0], group[1]!];
    readings.push(...readItem(rest.slice(0, group.index), meant), { value: NaN, question: questionOf(run, mark) });
    rest = rest.slice(group.index + run.length);
  }
  const isWhole = meant === 'whole';
  for (const part of rest.split(isWhole ? /[\s,]+/ : /\s+/).filter(Boolean)) {
    readings.push(isWhole && /^00+$/.test(part) ? NONE : readNumber(part, meant));
  }
  return readings;
}

/** The first run of digits that may be several numbers or the groups of one. */
function doubtfulIn(item: string, meant: Meant): RegExpExecArray | null {
  for (const match of item.matchAll(meant === 'whole' ? MARKED : SPACED)) {
    if (isDoubtful(match[0], match[1]!, item)) return match;
  }
  return null;
}

function questionOf(run: string, mark: string): string {
  const parts = run.split(mark);
  const advice =
    mark === ',' ? 'leave the comma out, or put a space behind it' : 'leave the space out, or put a comma before it';
  return `"${run}" may mean ${parts.join('')} or ${parts.map(Number).join(' and ')}; ${advice}.`;
}

/** Nobody begins a number of a list with zeros; of several that do not, a list is what somebody means who types a list. */
function isDoubtful(run: string, mark: string, item: string): boolean {
  const [, ...groups] = run.split(mark);
  if (groups.some((group) => group.startsWith('0'))) return true;
  return mark !== ' ' && run === item && groups.length === 1;
}
