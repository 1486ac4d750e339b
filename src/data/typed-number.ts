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

/**
 * 1.3B as 1.3e9: as an exponent of the text the power is exact, which a product with 1e9 is not. Any other text comes back as
 * it was; a number with an exponent of its own then is none.
 */
export const withExponent = (text: string): string =>
  text.replace(/(?<=[\d.])[kKMBGT]$/, (letter) => `e${POWERS[letter]}`);

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
  if (power) return { value: 2 ** Number(power[1]!.replace(',', '.')), question: null };
  const [, digits, exponent, suffix] = PARTS.exec(plain) ?? [];
  if (digits === undefined || (suffix && meant === 'real')) return NONE;
  const scale = suffix ? `e${POWERS[suffix.toUpperCase()]}` : (exponent ?? '');
  const values = readingsOf(digits).map((one) => Number(one + scale));
  const sensible = meant === 'whole' ? wholeOf(values, digits, scale) : asWritten(values, digits);
  if (sensible.length < 2) return { value: sensible.find(Number.isFinite) ?? NaN, question: null };
  return { value: NaN, question: `"${text.trim()}" may mean ${sensible.join(' or ')}; write one of these.` };
}

/** Each as JavaScript writes it: with its marks as marks of thousands first, then as a decimal mark. */
function readingsOf(digits: string): string[] {
  const grouped = GROUPED.exec(digits);
  const whole = grouped?.[1]!.replace(/[,.'_ ]/g, '');
  return [
    ...(grouped ? [grouped[3] ? `${whole}.${grouped[3]}` : whole!] : []),
    ...(DECIMAL.test(digits) ? [digits.replace(',', '.')] : []),
  ];
}

/** Nobody writes 10 as 10,000, and 1000,000 may be a million gone wrong; 1,024k could be meant either way. */
function wholeOf(values: number[], digits: string, scale: string): number[] {
  const distinct = [...new Set(values)];
  const whole = distinct.filter(Number.isInteger);
  if (scale !== '') return whole.length > 0 ? whole : distinct.slice(0, 1);
  return !GROUPED.test(digits) && /[.,]000$/.test(digits) ? [] : distinct.slice(0, 1);
}

const asWritten = (values: number[], digits: string): number[] => [
  ...new Set(digits.includes(',') ? values : values.slice(-1)),
];

/** A list behind spaces, semicolons or commas. A comma inside an item is a decimal mark, or parts two whole numbers. */
export function readNumbers(text: string, meant: Meant): { values: number[]; question: string | null } {
  const items = text.split(/[\s;]+|,(?:\s+|$)/).filter(Boolean);
  const readings = items.flatMap((item) => (meant === 'whole' ? wholesIn(item) : [readNumber(item, meant)]));
  return {
    values: readings.map(({ value }) => value),
    question: readings.find(({ question }) => question)?.question ?? null,
  };
}

function wholesIn(item: string): Reading[] {
  const parts = item.split(',').filter(Boolean);
  // Of several groups none of which begins with a zero, a list is what somebody means who types a list.
  const isList = parts.length > 2 && parts.every((part) => !part.startsWith('0'));
  if (parts.length < 2 || isList || !GROUPED.test(item)) return parts.map((part) => readNumber(part, 'whole'));
  const apart = parts.map(Number).join(' and ');
  const question = `"${item}" may mean ${parts.join('')} or ${apart}; leave the comma out, or put a space behind it.`;
  return [{ value: NaN, question }];
}
