/**
 * Which encoding a text is in, where it does not say: of all that the web knows (https://encoding.spec.whatwg.org), that in which its
 * characters beyond ASCII are most like those of a language.
 */

/** What a text can be read as, by the label of `TextDecoder`. */
export const ENCODINGS = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (little endian)',
  'utf-16be': 'UTF-16 (big endian)',
  'windows-1252': 'Windows-1252 (Western Europe, Latin-1)',
  'windows-1250': 'Windows-1250 (Central Europe)',
  'windows-1251': 'Windows-1251 (Cyrillic)',
  'koi8-r': 'KOI8-R (Cyrillic)',
  'windows-1253': 'Windows-1253 (Greek)',
  'windows-1254': 'Windows-1254 (Turkish)',
  'windows-1255': 'Windows-1255 (Hebrew)',
  'windows-1256': 'Windows-1256 (Arabic)',
  shift_jis: 'Shift_JIS (Japanese)',
  'euc-jp': 'EUC-JP (Japanese)',
  gb18030: 'GB18030 (simplified Chinese, GBK)',
  big5: 'Big5 (traditional Chinese)',
  'euc-kr': 'EUC-KR (Korean)',
} as const;

export type Encoding = keyof typeof ENCODINGS;

/** The name alone. */
export const nameOf = (encoding: Encoding): string => ENCODINGS[encoding].replace(/ \(.*/, '');

/** How much a character beyond ASCII speaks for its encoding, from 0 to 1, and below 0 what no text holds. */
type Weigh = (character: string, before: string, after: string) => number;

const [OFTEN, SELDOM, RARE] = [1, 0.6, 0.2];
const IMPOSSIBLE = -1;

const isImpossible = (c: string) => /[\u0080-\u009f\ufffd\ue000-\uf8ff]/.test(c);
const isMark = (c: string) => /[\u00a0–—“”‘’„«»…•€£§°№ºª·]/.test(c);
const isAsciiLetter = (c: string) => /[A-Za-z]/.test(c);
const isLetter = (c: string) => /\p{L}/u.test(c);

/** Letters among those of ASCII, which seldom stand beside each other. */
function latin(common: string): Weigh {
  const often = new Set(common + common.toUpperCase());
  return (c, before, after) => {
    if (isImpossible(c)) return IMPOSSIBLE;
    if (/[¿¡]/.test(c)) return !isLetter(before) && isLetter(after) ? OFTEN : 0;
    if (!isLetter(c)) return isMark(c) ? SELDOM : 0;
    const isAmongOthers = [before, after].every((one) => isLetter(one) && !isAsciiLetter(one));
    if (isAmongOthers) return 0;
    return often.has(c) ? OFTEN : SELDOM;
  };
}

/** Words of a script of their own. A capital does not follow a small letter. */
function script(letters: RegExp, common: string): Weigh {
  const often = new Set(common + common.toUpperCase());
  return (c, before, after) => {
    if (isImpossible(c)) return IMPOSSIBLE;
    if (!letters.test(c)) return isMark(c) ? SELDOM : 0;
    if (isAsciiLetter(before) || isAsciiLetter(after)) return 0;
    if (letters.test(before) && before !== before.toUpperCase() && c !== c.toLowerCase()) return 0;
    return often.has(c) ? OFTEN : SELDOM;
  };
}

/** What the rows of a national standard hold that are in daily use. */
function rows(label: string, first: number, last: number): Set<string> {
  const bytes: number[] = [];
  for (let lead = first; lead <= last; lead++) for (let trail = 0xa1; trail <= 0xfe; trail++) bytes.push(lead, trail);
  return new Set(new TextDecoder(label).decode(Uint8Array.from(bytes)));
}

/** @param often what every text has; @param daily the rest of what is in use. */
function wide(often: (c: string) => boolean, daily: Set<string>): Weigh {
  return (c) => {
    if (isImpossible(c)) return IMPOSSIBLE;
    if (often(c)) return OFTEN;
    if (daily.has(c) || /[\u3000-\u303f\uff01-\uff5e]/.test(c) || isMark(c)) return SELDOM;
    return /\p{Script=Han}/u.test(c) ? RARE : 0;
  };
}

const isKana = (c: string) => /[\u3040-\u30ff]/.test(c);
const SIMPLIFIED = new Set(
  '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实',
);
const TRADITIONAL = new Set(
  '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作里用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實',
);

/** In the order in which one of equals is taken. Tables are made once one is asked for. */
const GUESSED: readonly (readonly [Encoding, () => Weigh])[] = [
  ['windows-1252', () => latin('éèàçêâîôûùëïüöäßñóíáúãõåæøì')],
  ['windows-1251', () => script(/\p{Script=Cyrillic}/u, 'оеаинтсрвлкмдпуяыьі')],
  ['koi8-r', () => script(/[а-яё]/iu, 'оеаинтсрвлкмдпуяыь')],
  ['windows-1253', () => script(/\p{Script=Greek}/u, 'αοιετσνηυρπκμλςάέίόή')],
  ['windows-1250', () => latin('ěščřžýáíéůúąęłśżźćńóőűöüäăâî')],
  ['shift_jis', () => wide(isKana, rows('euc-jp', 0xb0, 0xcf))],
  ['euc-jp', () => wide(isKana, rows('euc-jp', 0xb0, 0xcf))],
  ['gb18030', () => wide((c) => SIMPLIFIED.has(c), rows('gb18030', 0xb0, 0xd7))],
  ['big5', () => wide((c) => TRADITIONAL.has(c), rows('big5', 0xa4, 0xc6))],
  ['euc-kr', () => wide((c) => /[\uac00-\ud7a3]/.test(c), new Set())],
];

/** Above it that share of the characters beyond ASCII is UTF-8, which no other encoding has by chance. */
const SURELY_UTF8 = 0.5;

/** Of bytes that are not all UTF-8. @param sample from the first byte on that is not ASCII. */
export function guessed(sample: Uint8Array): Encoding {
  const asUtf8 = meanWeight(new TextDecoder('utf-8').decode(sample, { stream: true }), (c) => (c === '\ufffd' ? 0 : 1));
  if (asUtf8 > SURELY_UTF8) return 'utf-8';
  let best: { encoding: Encoding; weight: number } = { encoding: 'windows-1252', weight: -Infinity };
  for (const [encoding, weigh] of GUESSED) {
    const text = decodedWhole(encoding, sample);
    if (text === null) continue;
    const weight = meanWeight(text, weigh());
    if (weight > best.weight) best = { encoding, weight };
  }
  return best.encoding;
}

/** null where it cannot be that. The last character may be cut. */
function decodedWhole(encoding: Encoding, sample: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(sample, { stream: true });
  } catch {
    return null;
  }
}

function meanWeight(text: string, weigh: Weigh): number {
  let [sum, count] = [0, 0];
  const characters = [...text];
  characters.forEach((c, i) => {
    if (c < '\u0080') return;
    sum += weigh(c, characters[i - 1] ?? ' ', characters[i + 1] ?? ' ');
    count++;
  });
  return count === 0 ? 0 : sum / count;
}

/**
 * UTF-16 without a mark, by the zero bytes of what it has in common with ASCII: they stand at one side of each pair. null where it is
 * no such text.
 */
export function unmarkedUtf16(sample: Uint8Array): Encoding | null {
  const zeros = [0, 0];
  sample.forEach((byte, i) => byte === 0 && zeros[i % 2]++);
  const [encoding, one, other] =
    zeros[1] > zeros[0] ? (['utf-16le', zeros[1], zeros[0]] as const) : (['utf-16be', zeros[0], zeros[1]] as const);
  if (one === 0 || one < 10 * other) return null;
  const text = decodedWhole(encoding, sample);
  // What binary files hold soon makes characters that there are not.
  return text === null || /[\p{Cn}\p{Co}]|(?!\s)\p{Cc}/u.test(text) ? null : encoding;
}
