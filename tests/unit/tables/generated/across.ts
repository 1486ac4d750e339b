/** Tables that say something by their columns: sizes or rates across the top, a column for each series, panels of runs. */
import type { Cell, Drawn, DrawnColumn } from './drawn.ts';
import type { Random } from './random.ts';
import { RATES } from './spellings.ts';

const noise = (name: string, cells: Cell[], style: DrawnColumn['style'] = 'plain'): DrawnColumn => ({
  purpose: 'noise',
  name,
  cells,
  style,
});

/** The same trainings with one thing across; null where this kind has no such form. */
export function drawnAcross(drawn: Drawn, random: Random): Drawn | null {
  const column = (purpose: DrawnColumn['purpose']) => drawn.columns.find((one) => one.purpose === purpose);
  const [size, loss, series, swept] = [column('size')!, column('loss')!, column('series'), column('swept')];
  const hasMore = drawn.columns.some(
    ({ purpose }) => purpose === 'tokens' || purpose === 'seed' || purpose === 'error',
  );
  if (hasMore || drawn.wanted > 0) return null;
  const settled = (columns: DrawnColumn[]): Drawn => ({ ...drawn, columns, kind: `${drawn.kind}, across` });
  const pivot = (down: DrawnColumn, across: DrawnColumn, corner: string, nameOf: (value: Cell) => string) => {
    const rows = [...new Set(down.cells)];
    const tops = [...new Set(across.cells)];
    const at = (row: Cell, top: Cell) =>
      loss.cells.find((_, i) => down.cells[i] === row && across.cells[i] === top) ?? '';
    return settled([
      noise(corner, rows, down === size ? 'size' : 'plain'),
      ...tops.map((top) =>
        noise(
          nameOf(top),
          rows.map((row) => at(row, top)),
          'decimal',
        ),
      ),
    ]);
  };
  const isWidth = size.cells.every((cell) => (cell as number) < 2e5);
  if (drawn.kind === 'sweep' && !series && swept && RATES.includes(swept.name)) {
    if (!isWidth) return null;
    return random.pick([
      () => pivot(swept, size, random.pick([`${swept.name} \\ width`, swept.name, 'lr']), (value) => `${value}`),
      () => pivot(swept, size, random.pick(['lr', 'learning_rate']), (value) => `width=${value}`),
      () => pivot(size, swept, random.pick(['width', 'd_model', 'width \\ lr']), (value) => `${value}`),
      () => pivot(size, swept, 'width', (value) => `lr=${value}`),
      () => pivot(size, swept, 'width', (value) => `loss_lr${value}`),
    ])();
  }
  const isPlain = series?.cells.every((cell) => /^[a-z]+$/i.test(cell as string)) ?? false;
  if (drawn.kind === 'sweep' && isPlain && swept && RATES.includes(swept.name) && isWidth)
    return twoKeys(drawn, random);
  if (drawn.kind === 'sizes' && series) {
    return random.pick([
      () => pivot(size, series, size.name, (value) => `${value}`),
      () => (isPlain ? pivot(size, series, size.name, (value) => `${value}_loss`) : null),
      () =>
        isWidth ? pivot(series, size, random.pick(['model', 'method', series.name]), (value) => `${value}`) : null,
    ])();
  }
  if (drawn.kind === 'curves' && !series && !swept) return panel(drawn, random, isWidth);
  return null;
}

/** A series and a width, or a series and a rate, in the name of each column. */
function twoKeys(drawn: Drawn, random: Random): Drawn {
  const column = (purpose: DrawnColumn['purpose']) => drawn.columns.find((one) => one.purpose === purpose)!;
  const [size, loss, series, swept] = [column('size'), column('loss'), column('series'), column('swept')];
  const isByRate = random.chance(0.6);
  const [down, across] = isByRate ? [swept, size] : [size, swept];
  const word = isByRate ? random.pick(['width', 'd_model', 'w']) : 'lr';
  const nameOf = random.pick<(whose: Cell, number: Cell) => string>([
    (whose, number) => `${whose} ${number}`,
    (whose, number) => `${word}=${number} ${whose}`,
    (whose, number) => `${whose} (${number})`,
    (whose, number) => `${whose}_${word}${number}`,
    (whose, number) => `${whose}/${number}`,
    (whose, number) => `${whose} ${word}=${number} loss`,
  ]);
  const rows = [...new Set(down.cells)];
  const isSeriesFirst = random.chance(0.6);
  const [outer, inner] = isSeriesFirst ? [series, across] : [across, series];
  const keys = [...new Set(outer.cells)].flatMap((top) => [...new Set(inner.cells)].map((bottom) => ({ top, bottom })));
  const columns = keys.map(({ top, bottom }) => {
    const [whose, number] = isSeriesFirst ? [top, bottom] : [bottom, top];
    const at = (row: Cell) =>
      loss.cells.find((_, i) => down.cells[i] === row && series.cells[i] === whose && across.cells[i] === number) ?? '';
    return { ...noise(nameOf(whose, number), rows.map(at), 'decimal') };
  });
  const corner = isByRate ? random.pick(['lr', swept.name]) : size.name;
  const isRepeated = random.chance(0.3);
  const spans = keys.map(({ top }, k) => (isRepeated || top !== keys[k - 1]?.top ? String(top) : ''));
  const isAbove = random.chance(0.3);
  return {
    ...drawn,
    kind: 'sweep, two keys across',
    columns: [noise(corner, rows, down === size ? 'size' : 'plain'), ...columns],
    lines: [
      [isAbove ? corner : '', ...spans],
      [isAbove ? '' : corner, ...keys.map(({ bottom }) => String(bottom))],
    ],
  };
}

/** As a panel of W&B is exported: a column of each run, and its least and largest value in each window. */
function panel(drawn: Drawn, random: Random, isWidth: boolean): Drawn {
  const cellsOf = (purpose: DrawnColumn['purpose']) => drawn.columns.find((one) => one.purpose === purpose)!.cells;
  const [size, loss, step] = [cellsOf('size'), cellsOf('loss'), cellsOf('step')];
  const steps = [...new Set(step)].sort((a, b) => (a as number) - (b as number));
  const metric = random.pick(['eval/loss', 'val_loss', 'train/loss', 'loss']);
  const prefix = random.pick(['mup-', 'run_', '']);
  const hasExtremes = random.chance(0.6);
  const columns = [...new Set(size)].flatMap((one) => {
    const cells = steps.map((at) => loss.find((_, i) => size[i] === one && step[i] === at) ?? '');
    const name = `${prefix}${isWidth ? `w${one}` : `N${one}`} - ${metric}`;
    return [
      noise(name, cells, 'decimal'),
      ...(hasExtremes ? [noise(`${name}__MIN`, cells, 'decimal'), noise(`${name}__MAX`, cells, 'decimal')] : []),
    ];
  });
  return {
    ...drawn,
    kind: 'panel',
    columns: [noise(random.pick(['Step', 'trainer/global_step', 'step']), steps), ...columns],
  };
}
