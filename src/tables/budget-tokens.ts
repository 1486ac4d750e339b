/**
 * Tables without tokens that tell them another way: by budgets, as isoFLOP sets do, from C = 6 N D; or by tokens per parameter. And
 * tables without parameters that have FLOPs and tokens, of which neither is told by the other.
 */
import { looksAt, type ColumnLook } from './columns.ts';
import { plain, unitOf } from './meanings.ts';
import { padded, type Sheet } from './sheet.ts';

/** FLOPs of the smallest training: numbers below are in some other unit. */
const LEAST_BUDGET = 1e12;
const DIGITS = 12;

export function withTokens(sheet: Sheet): Sheet {
  if (!sheet.isNamed) return sheet;
  const looks = looksAt(sheet);
  const of = (...meanings: (string | null)[]) =>
    looks.filter((look) => meanings.includes(look.meaning) && look.filled > 0);
  const parameters = of('parameters').filter(({ isNumeric }) => isNumeric);
  if (of('parameters', 'width', 'size', 'layers').length === 0 && of('loss').length > 0) return withParameters(sheet);
  const hasLength = of('tokens', 'steps').length > 0 || looks.some(({ name }) => /^[dt]$/i.test(name.trim()));
  if (parameters.length !== 1 || hasLength || of('loss').length === 0) return sheet;
  const size = parameters[0]!;
  const count = (i: number) => size.numbers[i]! * 10 ** unitOf(size.name);
  const ratio = of('ratio').find(({ name, isNumeric }) => isNumeric && timesOf(name) !== null);
  const budgets = of('budget', 'compute').filter(({ isNumeric }) => isNumeric);
  const isBudget = budgets.length === 1 && isOfFlops(budgets[0]!) && areShared(budgets[0]!, size);
  if (!ratio && !isBudget) return sheet;
  const tokensOf = (i: number) =>
    ratio ? ratio.numbers[i]! * timesOf(ratio.name)! * count(i) : budgets[0]!.numbers[i]! / (6 * count(i));
  const rows = sheet.rows.map(({ number, cells }, i) => {
    const tokens = tokensOf(i);
    return {
      number,
      cells: [...padded(cells, sheet.header.length), tokens > 0 ? String(Number(tokens.toPrecision(DIGITS))) : ''],
    };
  });
  const times = ratio && timesOf(ratio.name)! > 1 ? `${timesOf(ratio.name)}·` : '';
  const said = ratio
    ? `"tokens" is ${times}${ratio.name}·${size.name}.`
    : `"tokens" is ${budgets[0]!.name} / (6·${size.name}), as C = 6 N D.`;
  return { ...sheet, header: [...sheet.header, 'tokens'], rows, said: [...sheet.said, said] };
}

function withParameters(sheet: Sheet): Sheet {
  const numeric = looksAt(sheet).filter(({ isNumeric, filled }) => isNumeric && filled > 0);
  const tokens = numeric.filter(({ meaning, name }) => meaning === 'tokens' || /^d$/i.test(name.trim()));
  const compute = numeric.filter(({ meaning }) => meaning === 'compute' || meaning === 'budget');
  const [length, flops] = [tokens[0], compute[0]];
  if (!length || !flops || tokens.length > 1 || compute.length > 1) return sheet;
  if (!isOfFlops(flops) || !areShared(flops, length)) return sheet;
  const rows = sheet.rows.map(({ number, cells }, i) => {
    const parameters = flops.numbers[i]! / (6 * length.numbers[i]! * 10 ** unitOf(length.name));
    return {
      number,
      cells: [
        ...padded(cells, sheet.header.length),
        parameters > 0 ? String(Number(parameters.toPrecision(DIGITS))) : '',
      ],
    };
  });
  const said = `"parameters" is ${flops.name} / (6·${length.name}), as C = 6 N D.`;
  return { ...sheet, header: [...sheet.header, 'parameters'], rows, said: [...sheet.said, said] };
}

/** Tokens per parameter that a ratio of one means; null for a ratio of who knows what. A model of Chinchilla has 20. */
function timesOf(name: string): number | null {
  if (/chinchilla/.test(plain(name))) return 20;
  return /^(tok(en)?s?(per)?(non|active|param)|tpp$|dn$|dovern$|tokenparamratio)/.test(plain(name)) ? 1 : null;
}

const isOfFlops = ({ numbers }: ColumnLook): boolean =>
  numbers.every((value) => Number.isNaN(value) || value >= LEAST_BUDGET);

/** Whether models of several sizes share a budget, and a size stands at several budgets or one budget has many sizes. */
function areShared(budget: ColumnLook, size: ColumnLook): boolean {
  const sizes = new Map<number, Set<number>>();
  budget.numbers.forEach((value, i) => sizes.set(value, (sizes.get(value) ?? new Set()).add(size.numbers[i]!)));
  return budget.distinct > 1 && [...sizes.values()].filter((all) => all.size > 1).length > sizes.size / 2;
}
