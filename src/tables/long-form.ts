/**
 * Tables that say something by their columns, turned into one measurement a row: panel exports with a column a run, widths or rates
 * or seeds across the top, series side by side, and tables that lie on their side.
 */
import { certainMarks, numberIn, saysDiverged, saysNothing } from './cell-numbers.ts';
import { ACROSS, axisOf, DOWN } from './axes.ts';
import { extremesOf, looksAt, looksLikeLosses, looksLikeSizes, type ColumnLook } from './columns.ts';
import { looksNumeric } from './forms/delimited.ts';
import { lossNamed, meaningOf, plain, sideOf, withoutSide, wordsOf, type Meaning } from './meanings.ts';
import { keyedColumns } from './keyed-columns.ts';
import { counted, quoted, type Row, type Sheet } from './sheet.ts';

/** Columns that become rows: each with what it is called, and its place. */
interface Across {
  /** Names of the new columns. */
  names: string[];
  /** Name of the column that takes their cells. */
  value: string;
  labels: { index: number; keys: string[] }[];
  /** Columns that go with every row. */
  kept: number[];
  said: string;
}

/** @param hasWidth whether the name of its file tells a width */
export function longForm(sheet: Sheet, hasWidth = false): Sheet {
  const lying = turned(sheet);
  const upright = { ...lying, header: [...lying.header] };
  const across =
    panelExport(upright) ??
    stepsAcross(upright) ??
    modulesAcross(upright, hasWidth) ??
    numberedColumns(upright) ??
    severalKeys(upright) ??
    seriesAcross(upright);
  return across ? unfolded(upright, across) : upright;
}

function unfolded({ header, rows, said }: Sheet, { names, value, labels: above, kept, said: sentence }: Across): Sheet {
  // Names of columns are written by programs, cells as the country has it; below each other they have one decimal mark.
  const marks = certainMarks(rows.flatMap(({ cells }) => cells));
  const isComma = marks.has(',') && !marks.has('.');
  const labels = isComma ? above.map(({ index, keys }) => ({ index, keys: keys.map(withComma) })) : above;
  const long = rows.flatMap(({ number, cells }): Row[] =>
    labels.flatMap(({ index, keys }) => {
      const cell = cells[index] ?? '';
      // Where another run logged at a step, this one has no loss to predict.
      return saysNothing(cell) ? [] : [{ number, cells: [...kept.map((at) => cells[at] ?? ''), ...keys, cell] }];
    }),
  );
  return {
    header: [...kept.map((at) => header[at]!), ...names, value],
    isNamed: true,
    rows: long,
    said: [...said, sentence],
  };
}

const withComma = (label: string): string => (/^\d+\.\d+(e[+-]?\d+)?$/i.test(label) ? label.replace('.', ',') : label);

/** A table whose first column holds the names: "width, 64, 128" above "loss, 3.1, 2.9". */
function turned(sheet: Sheet): Sheet {
  const { header, rows } = sheet;
  const lines: string[][] = [...(sheet.isNamed ? [header] : []), ...rows.map(({ cells }) => cells)];
  if (lines.length < 2 || lines.length > 12 || header.length < 3) return sheet;
  const names = lines.map(([first]) => first ?? '');
  if (names.some((name) => name === '' || looksNumeric(name))) return sheet;
  const meanings = names.map(meaningOf);
  const isNamed = meanings.includes('loss') && meanings.some((one) => one !== null && SIZES.has(one));
  const areNumbers = lines.every((line) => line.slice(1).every((cell) => cell === '' || looksNumeric(cell)));
  if (!isNamed || !areNumbers) return sheet;
  const columns = Math.max(...lines.map((line) => line.length)) - 1;
  const upright = Array.from({ length: columns }, (_, i): Row => ({
    number: i + 2,
    cells: lines.map((line) => line[i + 1] ?? ''),
  }));
  return {
    header: names,
    isNamed: true,
    rows: upright,
    said: [...sheet.said, 'The table lies on its side: its columns are read as rows.'],
  };
}

const SIZES: ReadonlySet<Meaning> = new Set<Meaning>(['width', 'parameters', 'compute', 'layers', 'size']);
const PANEL = /^(.+?) - (.+?)(__MIN|__MAX)?$/;

/** A panel of W&B: Step, "run - metric", and its least and largest values of a window. */
function panelExport({ header }: Sheet): Across | null {
  const found = header.map((name) => PANEL.exec(name));
  const extremes = found.filter((one) => one?.[3]).length;
  const values = found.flatMap((one, index) => (one && !one[3] ? [{ index, label: one[1]!, metric: one[2]! }] : []));
  const others = header.flatMap((name, index) => (found[index] ? [] : [{ name, index }]));
  const isPanel = values.length > 0 && others.length > 0 && (extremes > 0 || values.length === header.length - 1);
  if (!isPanel || !(extremes > 0 || isAxis(others[0]!.name))) return null;
  const metrics = [...new Set(values.map(({ metric }) => metric))];
  const metric =
    metrics.find((one) => lossNamed(one)?.kind === 'loss' && lossNamed(one)?.isHeldOut) ??
    metrics.find((one) => lossNamed(one)?.kind === 'loss') ??
    metrics[0]!;
  const labels = values.filter((one) => one.metric === metric);
  const left =
    extremes > 0 ? `; ${counted(extremes, 'column')} of least and largest values (__MIN, __MAX) left out` : '';
  const more = metrics.length > 1 ? `; of ${quoted(metrics)} "${metric}" is taken` : '';
  return {
    names: ['run'],
    value: metric,
    labels: labels.map(({ index, label }) => ({ index, keys: [label] })),
    kept: others.map(({ index }) => index),
    said: `${counted(labels.length, 'run')} in columns, read as rows${more}${left}.`,
  };
}

const isAxis = (name: string): boolean =>
  ['steps', 'tokens', 'time'].includes(meaningOf(name) ?? '') || plain(name) === 'step';

const AFFIX = /^(.*?)([+-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?(?:\^-?\d+)?[kKmMbBgGtT]?)(\D*)$/i;

/** Characters beyond which nobody names a column: a pattern would look for its number at each of them. */
const LONGEST_NAME = 200;

/** Columns whose names are numbers, or one name with another number each: "128", "w128", "loss_lr0.01", "seed 3". */
function numberedColumns(sheet: Sheet): Across | null {
  const { header } = sheet;
  const groups = new Map<string, { index: number; label: string; before: string; after: string }[]>();
  header.forEach((name, index) => {
    const [, before, number, after] = (name.length <= LONGEST_NAME && AFFIX.exec(name)) || [];
    // Norms of activations are called l1 and l2; a column without a name goes by its number.
    if (
      number === undefined ||
      sheet.unnamed?.includes(index) ||
      !isAffix(before!, after!) ||
      meaningOf(name) === 'activation'
    )
      return;
    const key = `${plain(before!)}|${plain(after!)}`;
    groups.set(key, [...(groups.get(key) ?? []), { index, label: number, before: before!, after: after! }]);
  });
  const [group] = [...groups.values()].sort((a, b) => b.length - a.length);
  if (!group || group.length < 2) return null;
  const looks = looksAt(sheet);
  const kept = header.flatMap((_, index) => (group.some((one) => one.index === index) ? [] : [index]));
  if (kept.some((index) => looks[index]!.meaning === 'loss')) return null;
  if (kept.length === 0 && !group.some(({ before, after }) => plain(before + after))) return null;
  // Activations of modules may be of any size.
  const hasModules = kept.some((index) => namesModules(looks[index]!));
  const isValue = (look: ColumnLook) => (hasModules ? look.isNumeric : isLossColumn(look));
  if (!group.every(({ index }) => isValue(looks[index]!))) return null;
  const values = group.map(({ label }) => numberIn(label, looks[0]!.marks));
  const corner = kept.length > 0 ? header[kept[0]!]! : '';
  const name = axisName(
    `${group[0]!.before} ${group[0]!.after}`,
    corner,
    kept.map((index) => looks[index]!),
    values,
  );
  if (name === null) return null;
  const { down } = cornerOf(corner);
  const own = ownCorner(corner, name, looks[kept[0]!], values, down);
  const unfoldedSheet = {
    names: [name],
    value: hasModules ? 'activation' : 'loss',
    labels: group.map(({ index, label }) => ({ index, keys: [label] })),
    kept,
    said: `${counted(group.length, 'column')} named by ${name === 'series' ? 'series' : `"${name}"`}, read as rows.`,
  };
  if (own !== null && kept.length > 0) {
    if (isNameless(corner) && ![DOWN, 'series', 'module'].includes(own))
      unfoldedSheet.said += ` The first column has no name and is taken for "${own}".`;
    header[kept[0]!] = own;
  }
  return unfoldedSheet;
}

/** A column of layers with words in it names them, and so does one without a name whose words are those of parts of a model. */
const namesModules = ({ meaning, isWords, name, cells }: ColumnLook): boolean =>
  isWords &&
  (meaning === 'module' ||
    meaning === 'layers' ||
    (isNameless(name) && cells.filter((cell) => MODULE.test(cell)).length > cells.length / 2));

/** Columns whose names hold several keys, a series and a width or a width and a rate: a column for each key. */
function severalKeys(sheet: Sheet): Across | null {
  if (!sheet.isNamed) return null;
  const { header } = sheet;
  const looks = looksAt(sheet);
  const hasModules = looks.some(namesModules);
  const group = keyedColumns(looks, hasModules ? ({ isNumeric }) => isNumeric : isLossColumn);
  if (!group) return null;
  const taken = new Set(group.map(({ index }) => index));
  const isHeldOut = group[0]!.side === 'held-out';
  const left = looks.filter(
    ({ index, name, isNumeric }) => !taken.has(index) && !(isHeldOut && isNumeric && sideOf(name) === 'training'),
  );
  const kept = left.filter(({ meaning }) => meaning !== 'spread');
  if (kept.some(({ meaning }) => meaning === 'loss')) return null;
  const corner = kept[0]?.name ?? '';
  const axes = [...group[0]!.named.keys()];
  const numbers = group[0]!.bare.map((_, k) => group.map((one) => numberIn(one.bare[k]!, looks[0]!.marks)));
  const told = numbers
    .map((values) => axisName('', corner, kept, values))
    .map((name): string | null => (name === ACROSS ? null : name));
  const hasSize = [...axes, ...told].some((axis) => axis !== null && SIZES.has(meaningOf(axis) ?? 'loss'));
  // Beside sizes small numbers are rates, as below them.
  const bare = told.map(
    (axis, k) => axis ?? (hasSize && numbers[k]!.every((value) => value < 1) ? 'learning rate' : null),
  );
  const rests = new Set(group.map(({ rest }) => rest));
  const names = [...axes, ...bare.flatMap((name) => name ?? []), ...(rests.size > 1 ? ['series'] : [])];
  if (bare.includes(null) || new Set(names).size < names.length) return null;
  // "7B recipe" beside "70B recipe" is as likely a name.
  const isAlone = axes.length === 0 && rests.size === 1 && bare.length === 1;
  if (isAlone && bare[0] !== 'width' && bare[0] !== 'learning rate') return null;
  const labels = group.map(({ index, named, bare: own, rest }) => ({
    index,
    keys: [...axes.map((axis) => named.get(axis)!), ...own, ...(rests.size > 1 ? [rest] : [])],
  }));
  const { down } = cornerOf(corner);
  const downwards = ownCorner(corner, names[0]!, kept[0], [1], down);
  if (downwards !== null && kept.length > 0) header[kept[0]!.index] = downwards;
  return {
    names,
    value: hasModules ? 'activation' : 'loss',
    labels,
    kept: kept.map(({ index }) => index),
    said: `${counted(group.length, 'column')} named by ${quoted(names)}, read as rows.`,
  };
}

/** Whose a loss is, as its name writes it: "muP" of "muP_val_loss". */
function labelOf(name: string, which: readonly string[]): string {
  const words = name.split(/[^\p{L}\p{N}@#+.*&-]+/u).filter((word) => {
    const own = wordsOf(word);
    return own.length > 0 && own.every((one) => which.includes(one));
  });
  return words.length > 0 ? words.join(' ') : which.join(' ');
}

/** A mark of one's own for a run that went wrong: ✗, X, ††. */
const MARK = /^([^\p{L}\p{N}\s]{1,3}|[xX])$/u;

/** A cell with a mark is told as faulty in its row; it does not make its column something else than losses. */
const isLossColumn = ({ numbers, cells }: ColumnLook): boolean =>
  numbers.every((value, i) =>
    Number.isNaN(value)
      ? saysDiverged(cells[i]!) || saysNothing(cells[i]!) || MARK.test(cells[i]!)
      : value > 0 && value < 25,
  );

/** What stands around a number must name an axis, or be nothing beside a word for a loss; "beta1" and "top5" name themselves. */
function isAffix(before: string, after: string): boolean {
  const words = wordsOf(`${before} ${after}`).filter(
    (word) => !/^(loss|losses|results?|final|eval|val|valid|validation|test|mean|nll|at|for|of|the)$/.test(word),
  );
  if (words.length === 0) return true;
  return words.length === 1 && axisOf(words[0]!) !== null;
}

const hasLetter = (text: string): boolean => /\p{L}/u.test(text);

/** "lr \\ width" names both: what runs down, and what runs across; but "config/width" is the path of one name. */
function cornerOf(corner: string): { down?: string; across?: string } {
  const [down, across] = corner.split(/[\\/|→]|\s+by\s+|\s+x\s+/).map((one) => one.trim());
  // An arrow at the end, as in "lr (width →)", parts nothing.
  if (!down || !across || !hasLetter(down) || !hasLetter(across)) return {};
  const isPath = corner.includes('/') && (meaningOf(down) === null || meaningOf(across) === null);
  return isPath ? {} : { down, across };
}

/** What the numbers across the top are; null where that cannot be told, and the columns stay as they are. */
function axisName(around: string, corner: string, kept: ColumnLook[], values: readonly number[]): string | null {
  const words = wordsOf(around).flatMap((word) => axisOf(word) ?? []);
  if (words.length > 0) return words[0]!;
  const { across } = cornerOf(corner);
  if (across && meaningOf(across) !== null) return across;
  const down = new Set(kept.map(({ meaning }) => meaning));
  const areWhole = values.every((value) => Number.isInteger(value));
  const hasSize = kept.some(
    (look, i) =>
      (look.meaning !== null && SIZES.has(look.meaning) && look.isNumeric) ||
      (isNameless(i === 0 ? corner : look.name) && looksLikeSizes(look)),
  );
  const hasRate = down.has('rate') || down.has('setting');
  if (values.some((value) => Number.isNaN(value))) return null;
  if (areWhole && kept.some((look, i) => areDepthsBelow(look, i === 0 ? corner : look.name, values))) return 'width';
  if (hasSize && values.every((value) => value < 8 && !Number.isInteger(value))) return 'learning rate';
  if (hasSize && values.every((value) => value < 1)) return 'learning rate';
  if (hasSize) return areWhole ? countedAcross(values) : null;
  if (areWhole && !isCounting(values) && Math.min(...values) >= 4) return sizeName(values);
  if (hasRate && areWhole) return 'width';
  return null;
}

/** Numbers of layers, by their name or by being much smaller than what stands across, which are widths then. */
function areDepthsBelow(look: ColumnLook, name: string, across: readonly number[]): boolean {
  const areWidths = across.every((value) => value >= 16 && value <= LARGEST_WIDTH && value % 8 === 0);
  if (!areWidths || !look.isNumeric || !look.isInteger) return false;
  const [least, most] = extremesOf(look.numbers.filter((value) => !Number.isNaN(value)));
  const areSmall = least > 0 && least < 16 && most <= 48;
  return most < Math.min(...across) && (look.meaning === 'layers' || (isNameless(name) && areSmall));
}

/** No model was trained on as many tokens, and the smallest of an isoFLOP set has as many FLOPs. */
const LEAST_FLOPS = 1e16;

/** Whole numbers above losses whose sizes run down: repeats that are counted, lengths of training, budgets, or what has to be asked. */
function countedAcross(values: readonly number[]): string {
  if (isCounting(values)) return 'number';
  const least = Math.min(...values);
  if (least >= LEAST_FLOPS) return 'compute budget';
  return least >= 1e6 ? 'tokens' : least >= 100 ? 'steps' : ACROSS;
}

/** Also what stands for names above records. */
const isNameless = (corner: string): boolean => /^(key( \d+)?|\d*)$/.test(corner);

const isCounting = (values: readonly number[]): boolean =>
  values.every((value, i) => value === values[0]! + i) && values[0]! <= 1;

/** What the first column is called once the numbers across the top have a name; null where its own name stays. */
function ownCorner(
  corner: string,
  across: string,
  look: ColumnLook | undefined,
  values: readonly number[],
  down?: string,
): string | null {
  if (!look) return null;
  if (down) return down;
  const isSizeAcross = SIZES.has(meaningOf(across) ?? 'loss');
  const isAcross = meaningOf(corner) !== null && meaningOf(corner) === meaningOf(across) && corner !== '';
  if (!isNameless(corner) && !isAcross) return null;
  if (look.isWords) return namesModules(look) ? 'module' : 'series';
  const known = look.numbers.filter((value) => !Number.isNaN(value));
  // A whole number below sizes may be a depth, a seed, a length of training.
  const areWhole = known.every((value) => Number.isInteger(value) && value >= 0);
  if (isNameless(corner) && isSizeAcross && areWhole && known.length > 0) return DOWN;
  // Below widths rates stand as they are, or as their logarithms, whose base is to be asked for.
  if (values.length > 0 && known.every((value) => value < 4))
    return known.some((value) => value < 0) ? 'log learning rate' : 'learning rate';
  return isNameless(corner) && looksLikeSizes(look) ? sizeName(known) : isAcross ? 'series' : null;
}

/** Nobody has models as wide as the smallest have parameters. */
const LARGEST_WIDTH = 65536;
const sizeName = (sizes: readonly number[]): string => (extremesOf(sizes)[1] > LARGEST_WIDTH ? 'parameters' : 'width');

const AT_STEP = /[\s_]{0,4}[([@]?\s{0,4}\b(?:t|step|iter)\s{0,4}[=_ ]?\s{0,4}(\d{1,15})\s{0,4}[)\]]?$/i;

/** Activations at several steps side by side: "l1 (t=1)", "l1 (t=5)". */
function stepsAcross(sheet: Sheet): Across | null {
  const { header } = sheet;
  const found = header.flatMap((name, index) => {
    const label = AT_STEP.exec(name)?.[1];
    return label === undefined ? [] : [{ index, label, value: name.replace(AT_STEP, '') }];
  });
  const isOne = found.length > 1 && new Set(found.map(({ value }) => value)).size === 1;
  if (!isOne || meaningOf(found[0]!.value) !== 'activation') return null;
  return {
    names: ['step'],
    value: found[0]!.value,
    labels: found.map(({ index, label }) => ({ index, keys: [label] })),
    kept: header.flatMap((_, index) => (found.some((one) => one.index === index) ? [] : [index])),
    said: `${counted(found.length, 'column')} of several steps, read as rows.`,
  };
}

const MODULE =
  /embed|attn|attention|mlp|ffn|logits|lm_?head|readout|unembed|(^|\b|_|\.)(layers?|blocks?|h)\.?\d|wte|wpe|c_fc|c_proj|c_attn|query|\bw[qkvo]\b|layer_?norm|\bln/i;

/** A coordinate check with a column for each module. */
function modulesAcross(sheet: Sheet, hasWidth: boolean): Across | null {
  if (!sheet.isNamed) return null;
  const looks = looksAt(sheet);
  const widths = looks.filter(({ meaning, isNumeric }) => meaning === 'width' && isNumeric);
  const modules = looks.filter(
    (look) => MODULE.test(look.name) && !MEASURES.has(look.meaning ?? 'module') && look.isNumeric,
  );
  const arePositive = modules.every(({ numbers }) => numbers.every((value) => !(value < 0)));
  const isCheck = (hasWidth || widths.length > 0) && modules.length > 1 && arePositive;
  if (!isCheck || looks.some(({ meaning }) => meaning === 'module')) return null;
  // Beside losses only what says that it is the size of an activation is one.
  if (looks.some(({ meaning }) => meaning === 'loss') && !modules.every(({ name }) => ACTIVATION.test(name)))
    return null;
  const taken = new Set(modules.map(({ index }) => index));
  return {
    names: ['module'],
    value: 'activation',
    labels: modules.map(({ index, name }) => ({ index, keys: [name] })),
    kept: looks.flatMap(({ index }) => (taken.has(index) ? [] : [index])),
    said: `The columns ${quoted(modules.map(({ name }) => name))} are read as the activations of a module each.`,
  };
}

const ACTIVATION = /(^|[_/. -])act(ivation)?s?([_/. -]|$)|abs_?mean|mean_?abs|[_/. -](l1|rms)\b|coord/i;

/** What a name that has a module in it may yet be: "embed_dim", "attn_lr", "n_embd". */
const MEASURES: ReadonlySet<Meaning> = new Set<Meaning>([
  'width',
  'parameters',
  'rate',
  'setting',
  'heads',
  'layers',
  'seed',
  'loss',
]);

/** Numbers of rows do not grow as sizes do, from each to the next by a third or more. */
const growsBySteps = (numbers: readonly number[]): boolean =>
  numbers.length > 2 && numbers.every((value, i) => i === 0 || value >= (4 / 3) * numbers[i - 1]!);

/** Columns of losses side by side, told apart by whose they are: "width, SP, muP", "n, adam_loss, muon_loss". */
function seriesAcross(sheet: Sheet): Across | null {
  if (!sheet.isNamed) return null;
  const looks = looksAt(sheet);
  // Below an empty corner the sizes have no name.
  const nameless = looks.find(
    (look) =>
      sheet.unnamed?.includes(look.index) &&
      (look.meaning === null || (look.meaning === 'index' && growsBySteps(look.numbers))) &&
      look.index === 0 &&
      looksLikeSizes(look),
  );
  const named = looks.flatMap((look) => {
    const loss = lossNamed(look.name);
    return loss?.kind === 'loss' && look.isNumeric ? [{ look, loss }] : [];
  });
  const ranks = named.map(({ loss }) => (loss.isHeldOut ? 2 : loss.isTraining ? 0 : 1));
  const best = named.filter((_, i) => ranks[i] === Math.max(...ranks));
  // A mean beside its parts is the loss of them all.
  const areParts = !best.some(({ look }) => /macro|micro|mean|average|avg|overall|total/i.test(look.name));
  const labels = best.map(({ look, loss }) => labelOf(look.name, loss.which));
  const isTold = areParts && best.length > 1 && new Set(labels).size === best.length && labels.every(Boolean);
  const axis = looks.filter(
    (look) =>
      look === nameless ||
      (look.meaning !== null && (SIZES.has(look.meaning) || look.meaning === 'steps' || look.meaning === 'rate')),
  );
  if (isTold) {
    const taken = new Set(named.map(({ look }) => look.index));
    return {
      names: ['series'],
      value: 'loss',
      labels: best.map(({ look }, i) => ({ index: look.index, keys: [labels[i]!] })),
      kept: looks.flatMap(({ index }) => (taken.has(index) ? [] : [index])),
      said: `The columns ${quoted(best.map(({ look }) => look.name))} are read as a series each.`,
    };
  }
  if (named.length > 0 || axis.length === 0) return null;
  const all = looks.filter((look) => look.meaning === null && look.isNumeric && look !== nameless);
  const heldOut = all.filter(({ name }) => sideOf(name) === 'held-out');
  const unnamed = heldOut.length > 0 ? heldOut : all;
  const rest = looks.filter((look) => look.meaning === null && !look.isNumeric && look.filled > 0);
  if (unnamed.length < 2 || rest.length > 0 || !unnamed.every((look) => looksLikeLosses(look))) return null;
  if (nameless) sheet.header[nameless.index] = sizeName(nameless.numbers);
  const taken = nameless ? ` The first column has no name and is taken for "${sheet.header[nameless.index]!}".` : '';
  return {
    names: ['series'],
    value: 'loss',
    labels: unnamed.map(({ index, name }) => ({ index, keys: [withoutSide(name)] })),
    kept: looks.flatMap((look) => (look.meaning === null && look !== nameless ? [] : [look.index])),
    said: `The columns ${quoted(unnamed.map(({ name }) => name))} hold losses and are read as a series each.${taken}`,
  };
}
