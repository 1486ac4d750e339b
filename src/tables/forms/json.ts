/** JSON of any usual shape as a table: records, lists under a key, columns, dictionaries of dictionaries, one record a line. */
import { InputError } from '../../model/parse.ts';
import { lossNamed, meaningOf, type Meaning } from '../meanings.ts';
import { counted, type Row, type Sheet } from '../sheet.ts';
import { looksNumeric, sheetOf, sheetOfRows } from './delimited.ts';

type Dictionary = Record<string, unknown>;
/** A record with nested names joined by dots, and lists left out. */
type Flat = Map<string, string>;

/** Nobody nests a table deeper; a file that does is not one. */
const DEEPEST = 32;

const isDictionary = (value: unknown): value is Dictionary =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** Also where a bracket is missing or names are not quoted; but [width] may head a column, and a time in brackets a line of a log. */
export const isJson = (text: string): boolean =>
  /^\s*(\[\s*(\]|[[{"'\d.-]|true|false|null)|\{\s*(["']|[\w.]+\s*:|\}))/.test(text) &&
  !/^\s*\[[^\]\n["]*\]\s*[,;\t|A-Za-z]/.test(text);

/** @throws InputError where the text is not JSON, or holds no table. */
export function readJson(text: string): Sheet {
  return sheetOfValue(parsed(text));
}

/** What JSON and YAML hold, as a table. @throws InputError where it is none. */
export function sheetOfValue(value: unknown): Sheet {
  if (Array.isArray(value) && value.length > 1 && value.every(Array.isArray)) return sheetOfLists(value as unknown[][]);
  return sheetOfRecords(recordsIn(value));
}

/** @throws InputError where they have no names. */
export function sheetOfRecords(found: Records): Sheet {
  const { records, said } = unfolded(found);
  const flat = records.map((record) => flatten(record));
  const header = [...new Set(flat.flatMap((record) => [...record.keys()]))];
  if (header.length === 0) throw nothing();
  const rows = flat.map((record, i) => ({ number: i + 1, cells: header.map((name) => record.get(name) ?? '') }));
  return sheetOf(header, rows, said);
}

export interface Records {
  records: Dictionary[];
  said: string[];
}

/** The column that tells the losses of a list apart, where nothing else does. */
const PLACE = 'place in the list';
const isLoss = (name: string): boolean => lossNamed(name)?.kind === 'loss';

/** Records whose losses stand in lists, as of {"width": 64, "steps": [100, 200], "losses": [3.4, 3.1]}: a row for each. */
function unfolded({ records, said }: Records): Records {
  const hasLoss = records.some((record) => [...flatten(record).keys()].some(isLoss));
  if (hasLoss) return { records, said };
  const rows = records.map(rowsOfLists);
  if (!rows.some((one) => one !== null)) return { records, said };
  return {
    records: rows.flatMap((one, i) => one ?? [records[i]!]),
    said: [...said, 'Lists of losses are read as a row for each loss.'],
  };
}

/** Null of a record without a list of losses. */
function rowsOfLists(record: Dictionary): Dictionary[] | null {
  const lists = listsIn(record);
  const nested = lists.find(
    ({ list }) => list.every(isDictionary) && list.some((one) => Object.keys(one as Dictionary).some(isLoss)),
  );
  if (nested) return (nested.list as Dictionary[]).map((one) => ({ ...record, ...one }));
  const losses = lists.find(({ name, list }) => isLoss(name) && list.every(isScalar));
  if (!losses) return null;
  // Beside them others may stand, such as the betas of an optimizer.
  const columns = lists.filter(({ list }) => list.length === losses.list.length && list.every(isScalar));
  return losses.list.map((_, i) => ({
    ...record,
    ...Object.fromEntries(columns.map(({ name, list }) => [stepName(name), list[i]])),
    ...(columns.length === 1 ? { [PLACE]: i + 1 } : {}),
  }));
}

/** In one record many steps are those of one training. */
const stepName = (name: string): string => (name.toLowerCase() === 'steps' ? 'step' : name);

/** Lists of two and more, by the last of the names above them. */
function listsIn(record: Dictionary, depth = 0): { name: string; list: unknown[] }[] {
  if (depth > DEEPEST) throw nothing();
  return Object.entries(record).flatMap(([name, one]) =>
    Array.isArray(one)
      ? one.length > 1
        ? [{ name, list: one as unknown[] }]
        : []
      : isDictionary(one)
        ? listsIn(one, depth + 1)
        : [],
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(withNumbers(text)) as unknown;
  } catch (error) {
    const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
    if (lines.length > 1 && lines.every((line) => /^\s*[{[]/.test(line))) {
      return lines.map((line, i) => {
        try {
          return JSON.parse(withNumbers(line)) as unknown;
        } catch {
          if (i === 0) throw notJson(error);
          throw new InputError(`row ${i + 1}`, `Line ${i + 1} is not JSON, although the first one is.`);
        }
      });
    }
    throw notJson(error);
  }
}

const notJson = (error: unknown): InputError =>
  new InputError(
    'file',
    `The file begins like JSON and is none: ${error instanceof Error ? error.message : String(error)}.`,
  );

/** Python writes NaN and Infinity, which JSON does not know, as they are. */
const withNumbers = (source: string): string => {
  // Names of a dictionary may be numbers in Python, and have no quotation marks in JavaScript.
  const keyed = source.includes('"')
    ? source
    : source.replace(/(?<=[{,]\s{0,80})(\d[\d.e]{0,30}|[A-Za-z_][\w.]{0,80})(?=\s{0,8}:)/g, '"$1"');
  const text = isPython(source)
    ? keyed
        .replace(/'/g, '"')
        .replace(/\bNone\b/g, 'null')
        .replace(/\bTrue\b/g, 'true')
        .replace(/\bFalse\b/g, 'false')
    : keyed;
  return /NaN|Infinity/.test(text) ? text.replace(/(?<=[:[,]\s*)(-?(?:NaN|Infinity))(?=\s*[,\]}])/g, '"$1"') : text;
};

/** What Python prints of its dictionaries: single quotes, and no double ones. */
const isPython = (text: string): boolean => !text.includes('"') && /[{[]\s{0,80}[{[]?\s{0,80}'/.test(text);

const nothing = () =>
  new InputError(
    'file',
    'The file holds no table: a list of records such as [{"width": 64, "loss": 3.1}], or lists of the same length under names, is needed.',
  );

function recordsIn(value: unknown): Records {
  if (Array.isArray(value)) {
    const records = value.filter(isDictionary);
    if (records.length > 0 && records.length === value.length) return { records, said: [] };
    throw nothing();
  }
  if (!isDictionary(value)) throw nothing();
  const own = ownResult(value);
  if (own) return own;
  const split = splitRows(value);
  if (split) return { records: split, said: [] };
  const columns = Object.entries(value).filter(
    ([, one]) => Array.isArray(one) && one.length > 0 && one.every(isScalar),
  );
  const lengths = new Set(columns.map(([, one]) => (one as unknown[]).length));
  const nested = Object.entries(value).flatMap(([key, one]) =>
    Array.isArray(one) && one.length > 0 && one.every(isDictionary) ? [{ key, records: one as Dictionary[] }] : [],
  );
  const keysOf = ([first]: readonly Dictionary[]) => Object.keys(first!).sort().join('\0');
  if (nested.length > 1 && nested.every(({ records }) => keysOf(records) === keysOf(nested[0]!.records))) {
    return {
      records: nested.flatMap(({ key, records }) =>
        records.map((record) => ({ ...settingsIn(value), key, ...record })),
      ),
      said: [`The names above ${nested.length} lists of the same columns are read as a column.`],
    };
  }
  // W&B and pandas name their lists; of several the longest is the table.
  const [longest] = nested.sort((a, b) => b.records.length - a.records.length);
  if (longest && longest.records.length > 1) {
    const others = nested.length > 1 ? [`Of ${nested.length} lists "${longest.key}" is read, the longest.`] : [];
    return { records: longest.records.map((record) => ({ ...settingsIn(value), ...record })), said: others };
  }
  const [length] = lengths;
  // Of lists in dictionaries those count that are as long.
  const deeper = lengths.size === 1 ? listsWithin(value, length!) : [];
  if (columns.length + deeper.length > 1 && lengths.size === 1) {
    const records = Array.from({ length: length! }, (_, i) =>
      Object.fromEntries([...columns, ...deeper].map(([key, one]) => [key, (one as unknown[])[i]])),
    );
    return { records, said: ['Each list is read as a column.'] };
  }
  return fromDictionaries(value);
}

/** Lists of values in the dictionaries of a record, by their names joined by dots. */
function listsWithin(value: Dictionary, length: number, path = '', depth = 0): [string, unknown[]][] {
  if (depth > DEEPEST) throw nothing();
  return Object.entries(value).flatMap(([name, one]): [string, unknown[]][] => {
    if (isDictionary(one)) return listsWithin(one, length, `${path}${name}.`, depth + 1);
    const isColumn = depth > 0 && length > 1 && Array.isArray(one) && one.length === length && one.every(isScalar);
    return isColumn ? [[`${path}${name}`, one as unknown[]]] : [];
  });
}

/** pandas' to_json(orient="split"), and W&B's tables: names under one key, rows of cells under another. */
function splitRows({ columns, data }: Dictionary): Dictionary[] | null {
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every(Array.isArray)) return null;
  return (data as unknown[][]).map((row) => Object.fromEntries(columns.map((name, i) => [String(name), row[i]])));
}

/** What is told once, above the losses of a training: its size and its settings, with those of a config below. */
function settingsIn(value: Dictionary): Dictionary {
  const told = [...flatten(Object.fromEntries(Object.entries(value).filter(([, one]) => !Array.isArray(one))))];
  const isSetting = (name: string) => SETTINGS.has(meaningOf(name) ?? 'state');
  return Object.fromEntries(told.filter(([name]) => isSetting(name)));
}

const SETTINGS: ReadonlySet<Meaning> = new Set<Meaning>(['width', 'parameters', 'layers', 'rate', 'setting', 'seed']);

/** [["width", "loss"], [64, 3.1], …] */
function sheetOfLists(lists: readonly (readonly unknown[])[]): Sheet {
  const rows = lists.map((list, i): Row => ({
    number: i + 1,
    cells: list.map((cell) => (isScalar(cell) && cell !== null ? String(cell).trim() : '')),
  }));
  const names = scalars(lists);
  return names ? sheetOf(names, rows, []) : sheetOfRows(rows, []);
}

/** TensorBoard's scalars: a time of this century, a step and a value. */
function scalars(lists: readonly (readonly unknown[])[]): string[] | null {
  const are = lists.every(
    ([time, step]) => typeof time === 'number' && time > 1e9 && time < 4.2e9 && Number.isInteger(step),
  );
  return are && lists[0]!.length === 3 ? ['Wall time', 'Step', 'Value'] : null;
}

/** {"64": {"loss": 3.1}, …} by rows, {"loss": {"64": 3.1, …}, …} by columns, {"64": 3.1, …}, and deeper ones. */
function fromDictionaries(value: Dictionary): Records {
  const entries = Object.entries(value);
  if (entries.length === 0) throw nothing();
  if (entries.every(([, one]) => isScalar(one))) {
    if (entries.length < 2) throw nothing();
    // A loss and what it is of are one training.
    if (entries.some(([name]) => isLoss(name))) return { records: [value], said: [] };
    return { records: entries.map(([key, one]) => ({ key, value: one })), said: ['Each name is read as a row.'] };
  }
  // {"width": {"64": …, "128": …}}: the one name says what the numbers below it are.
  const [[name, only]] = entries as [[string, unknown]];
  const isAxis = entries.length === 1 && isDictionary(only) && !isLoss(name) && meaningOf(name) !== null;
  if (isAxis && Object.keys(only).length > 1 && Object.keys(only).every(isNumber)) {
    const { records, said } = fromDictionaries(only);
    return { records: records.map(({ key, ...record }) => ({ [name]: key, ...record })), said };
  }
  const inner = entries.filter(([, one]) => isDictionary(one) || Array.isArray(one)) as [string, unknown][];
  const keys = inner.map(([, one]) => (isDictionary(one) ? Object.keys(one).join('\0') : null));
  const first = inner[0]?.[1];
  // pandas' to_json: columns first, with the row's number or name inside.
  const isByColumn =
    inner.length === entries.length &&
    isDictionary(first) &&
    Object.keys(first).length > 1 &&
    keys.every((one) => one === keys[0]) &&
    Object.keys(first).every((name, i) => name === String(i));
  if (isByColumn) {
    const rows = Object.keys(first);
    return {
      records: rows.map((row) => Object.fromEntries(inner.map(([name, one]) => [name, (one as Dictionary)[row]]))),
      said: ['Each name is read as a column.'],
    };
  }
  const areColumns =
    inner.length === entries.length &&
    inner.some(([name]) => isLoss(name)) &&
    inner.every(([name, one]) => meaningOf(name) !== null && isDictionary(one) && Object.values(one).every(isScalar));
  if (areColumns) {
    const rows = [...new Set(inner.flatMap(([, one]) => Object.keys(one as Dictionary)))];
    return {
      records: rows.map((key) => ({
        key,
        ...Object.fromEntries(inner.map(([name, one]) => [name, (one as Dictionary)[key]])),
      })),
      said: ['Each name is read as a column.'],
    };
  }
  // Records by name beside what was set of all of them.
  const [[, all]] = inner as [[string, unknown]];
  const areRecords =
    inner.length === 1 &&
    entries.length > 1 &&
    isDictionary(all) &&
    Object.keys(all).length > 1 &&
    Object.values(all).every(isDictionary);
  if (areRecords && areAlike(all) && !entries.some(([key]) => isLoss(key)) && Object.values(all).every(holdsLoss)) {
    const { records, said } = fromDictionaries(all);
    const settings = settingsIn(Object.fromEntries(entries.filter(([, one]) => isScalar(one))));
    return { records: records.map((record) => ({ ...settings, ...record })), said };
  }
  // Numbers beside dictionaries that are not alike are one record.
  if (inner.length < entries.length && (inner.length < 2 || new Set(keys).size > 1))
    return { records: [value], said: [] };
  // pandas' to_json(orient="index"): the keys count the rows.
  if (entries.every(([key, one], i) => key === String(i) && isDictionary(one))) {
    return { records: entries.map(([, one]) => one as Dictionary), said: [] };
  }
  const records = inner.flatMap(([key, one]) => spread(key, one, 0));
  if (records.length === 0) throw nothing();
  return { records, said: [`The names above ${counted(records.length, 'record')} are read as columns.`] };
}

/** Records below names; each level of names becomes a column. */
function spread(key: string, value: unknown, depth: number): Dictionary[] {
  const level = `key${depth === 0 ? '' : ` ${depth + 1}`}`;
  if (depth > DEEPEST) throw nothing();
  if (Array.isArray(value)) return value.filter(isDictionary).map((record) => ({ [level]: key, ...record }));
  if (!isDictionary(value)) return [];
  const entries = Object.entries(value);
  const below = entries.filter(([, one]) => isDictionary(one));
  const lists = listsBelow(value);
  if (lists) return lists.map((record) => ({ [level]: key, ...record }));
  if (below.length > 0 && below.length === entries.length && areAlike(value)) {
    return below.flatMap(([name, one]) => spread(name, one, depth + 1).map((record) => ({ [level]: key, ...record })));
  }
  return [{ [level]: key, ...value }];
}

const holdsLoss = (value: unknown): boolean => isDictionary(value) && [...flatten(value).keys()].some(isLoss);

/** Whether what stands below several names is the same of each, as losses by width are below recipes, and no parts of one record. */
function areAlike(value: Dictionary): boolean {
  const [first, ...others] = Object.values(value).map((one) => Object.keys(one as Dictionary));
  const areNumbers = Object.keys(value).every(isNumber);
  return areNumbers || others.every((keys) => keys.every(isNumber) || keys.some((key) => first!.includes(key)));
}

/** {"64": [3.5, 3.4], "128": [3.3, 3.2]}: a row for each place in the lists; null where it is anything else. */
function listsBelow(value: Dictionary): Dictionary[] | null {
  const entries = Object.entries(value);
  const areLists = entries.every(
    ([name, one]) => isNumber(name) && Array.isArray(one) && one.length > 0 && one.every(isScalar),
  );
  if (!areLists || entries.length < 2) return null;
  const longest = Math.max(...entries.map(([, one]) => (one as unknown[]).length));
  return Array.from({ length: longest }, (_, i) =>
    Object.fromEntries(entries.map(([name, one]) => [name, (one as unknown[])[i]])),
  );
}

const isNumber = (name: string): boolean => looksNumeric(name);

/** What this playground writes: the runs of a result, the points of a fit. */
function ownResult(value: Dictionary): Records | null {
  const { schema, runs, fits } = value;
  if (typeof schema !== 'string' || !schema.startsWith('mup-playground/')) return null;
  if (Array.isArray(runs)) {
    const records = runs
      .filter(isDictionary)
      .map(({ recipe, width, seed, overrides, status, finalEvalLoss, parameters }) => ({
        ...{ recipe, width, seed, status, parameters: isDictionary(parameters) ? parameters.total : undefined },
        ...(isDictionary(overrides) ? overrides : {}),
        finalEvalLoss: status === 'diverged' ? 'diverged' : finalEvalLoss,
      }));
    return { records, said: ['The runs of a result of this playground.'] };
  }
  if (Array.isArray(fits)) {
    const records = fits
      .filter(isDictionary)
      .flatMap(({ series, points }) =>
        (Array.isArray(points) ? points : []).filter(isDictionary).map((point) => ({ series, ...point })),
      );
    return { records, said: ['The points of a fit of this playground.'] };
  }
  return null;
}

/** Of {"desc": null, "value": 64}, as W&B keeps what was configured, the value; undefined of anything else. */
function loggedValue(value: unknown): string | undefined {
  if (!isDictionary(value) || !isScalar(value.value)) return undefined;
  const isLogged = 'desc' in value && Object.keys(value).length === 2;
  return isLogged ? String(value.value ?? '').trim() : undefined;
}

function flatten(record: Dictionary, path = '', into: Flat = new Map(), depth = 0): Flat {
  if (depth > DEEPEST) throw nothing();
  for (const [key, value] of Object.entries(record)) {
    const name = path ? `${path}.${key}` : key;
    const own = loggedValue(value);
    if (own !== undefined) into.set(name, own);
    else if (isDictionary(value)) flatten(value, name, into, depth + 1);
    else if (isScalar(value)) into.set(name, value === null ? '' : String(value).trim());
  }
  return into;
}
