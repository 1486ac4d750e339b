/** Tables that were once misread without a word, each with what is right, and texts that once took forever. */
import { describe, expect, it } from 'vitest';
import { tableChecks } from '../../../src/analysis/table-checks.ts';
import { widthDoublings } from '../../../src/tables/meanings.ts';
import { joinedText } from '../../../src/tables/joined-text.ts';
import { readTable } from '../../../src/tables/reading.ts';
import { settledTable } from './settled-table.ts';

const table = (head: string, rows: readonly (readonly (string | number)[])[]) =>
  [head, ...rows.map((row) => row.join(','))].join('\n');

describe('a rate that moves as far as SP moves it', () => {
  const sweep = (over: string, sizes: readonly number[], perDoubling: number) =>
    table(
      `${over},lr,seed,loss`,
      sizes.flatMap((size) =>
        [1, 2, 3].flatMap((seed) =>
          Array.from({ length: 9 }, (_, i) => {
            const best = -5 + perDoubling * Math.log2(size / sizes[0]!);
            const noise = 0.0005 * Math.sin(12 * i + 5 * seed + size);
            return [size, 2 ** (i - 9), seed, 3 + 0.05 * (i - 9 - best) ** 2 + noise];
          }),
        ),
      ),
    );
  const verdictOf = (text: string, over: string) => {
    const { reading } = settledTable(text);
    return tableChecks({ ...reading, over, widthDoublings: widthDoublings(over) }).transfer[0]!.verdict;
  };

  it('does not stay, whether sizes are widths, parameters or FLOPs', () => {
    expect(verdictOf(sweep('width', [64, 128], -1), 'width')).not.toBe('transfers');
    expect(verdictOf(sweep('params', [1e6, 2e6, 4e6], -0.5), 'params')).not.toBe('transfers');
    expect(verdictOf(sweep('flops', [1e15, 4e15, 16e15], -0.25), 'flops')).not.toBe('transfers');
    expect(verdictOf(sweep('width', [64, 128, 256], 0), 'width')).toBe('transfers');
    expect(verdictOf(sweep('params', [1e6, 4e6, 16e6], 0), 'params')).toBe('transfers');
  });
});

describe('a coordinate check', () => {
  const rows = (slope: (lr: number) => number, extra: (lr: number) => (string | number)[]) =>
    [0.001, 0.1].flatMap((lr) =>
      [32, 64, 128].flatMap((width) =>
        [0, 1, 2, 3, 4, 5].flatMap((t) =>
          ['embed', 'mlp'].map((module) => [width, module, t, width ** slope(lr), ...extra(lr)]),
        ),
      ),
    );

  it('keeps trainings apart that a number tells apart, and asks about a number that it does not know', () => {
    const slope = (lr: number) => (lr > 0.01 ? 0.7 : 0);
    const { reading } = settledTable(
      table(
        'width,module,t,l1,lr',
        rows(slope, (lr) => [lr]),
      ),
    );
    const { coordinates } = tableChecks({ ...reading, over: 'width', widthDoublings: widthDoublings('width') });
    expect(coordinates.map(({ series, verdict }) => [series, verdict])).toEqual([
      ['lr 0.001', 'holds'],
      ['lr 0.1', 'broken'],
    ]);
    const asked = readTable(
      table(
        'width,module,t,l1,knob',
        rows(slope, (lr) => [lr * 1000]),
      ),
    );
    expect(asked.questions[0]!.sentence).toMatch(/^Column "knob" has several values at one width, module and step/);
  });

  it('takes no output of a block for the readout', () => {
    const checked = (module: string) => {
      const text = table(
        'width,module,t,l1',
        [32, 64, 128].flatMap((width) => [0, 1, 2, 3, 4].map((t) => [width, module, t, width ** -0.5])),
      );
      return tableChecks({ ...settledTable(text).reading, over: 'width', widthDoublings: widthDoublings('width') })
        .coordinates[0]!.verdict;
    };
    for (const module of ['layers.0.attention.output', 'h.3.mlp.output.dense', 'last_norm']) {
      expect(checked(module), module).toBe('broken');
    }
    for (const module of ['logits', 'lm_head', 'decoder', 'readout']) expect(checked(module), module).toBe('holds');
  });
});

describe('curves', () => {
  const curve = (width: number, steps: readonly number[], seed = 0) =>
    steps.map((step) => [width, step, 2 + 8 / width + 1 / step + 0.01 * seed]);
  const upTo = (last: number, every: number) => Array.from({ length: last / every }, (_, i) => (i + 1) * every);

  it('of two seeds under one name are repeats, in whatever order the rows stand', () => {
    const steps = upTo(1000, 100);
    const rows = [64, 128, 256].flatMap((width) => [0, 1].flatMap((seed) => curve(width, steps, seed)));
    const sorted = rows.toSorted((p, q) => p[0]! - q[0]! || p[1]! - q[1]!);
    for (const order of [rows, sorted]) {
      const { reading } = settledTable(table('width,step,loss', order), { step: 'step' });
      expect(reading.measurements).toHaveLength(6);
      expect(reading.notes.join(' ')).not.toContain('resumed');
    }
  });

  it('are compared at a step that all have logged', () => {
    const rows = [...curve(64, upTo(10000, 5000)), ...curve(128, upTo(9000, 100)), ...curve(256, upTo(9500, 100))];
    const { reading } = settledTable(table('width,step,loss', rows), { step: 'step' });
    expect(reading.notes.join(' ')).toContain('the losses are those at 5000 steps');
    expect(reading.measurements.map(({ size, loss }) => [size, loss])).toEqual(
      [64, 128, 256].map((width) => [width, 2 + 8 / width + 1 / 5000]),
    );
  });
});

it('columns lined up by blanks keep names of two words, and a header with more words than columns is refused', () => {
  const text =
    'Model  #Params  Test loss  Acc (%)\ntiny   1.2M     4.41       31.2\nmini   4.9M     3.75       36.4\nbase   52M      2.94       44.8\n';
  expect(settledTable(text).reading.measurements.map(({ size, loss }) => [size, loss])).toEqual([
    [1.2e6, 4.41],
    [4.9e6, 3.75],
    [52e6, 2.94],
  ]);
  expect(() => readTable('Model #Params Test loss Acc (%)\ntiny 1.2M 4.41 31.2\nmini 4.9M 3.75 36.4\n')).toThrow(
    'The header has 6 words above 4 columns',
  );
});

it('a header behind a hash stays one where its columns are told by several blanks', () => {
  const text =
    '# architecture  64  128  256  512\nSP  3.6869  3.3167  3.0453  2.8438\nmuP  3.7986  3.4273  3.1531  2.9554\n';
  expect(settledTable(text).series.map(({ name, points }) => [name, points.length])).toEqual([
    ['SP', 4],
    ['muP', 4],
  ]);
});

it('a perplexity of some corpus counts by its logarithm', () => {
  const { reading } = settledTable('width,wikitext_ppl\n128,40.1\n256,30.2\n512,25.3\n');
  expect(reading.measurements[0]!.loss).toBeCloseTo(Math.log(40.1), 12);
});

it('a column called diverged heads its column, and says which trainings did', () => {
  expect(settledTable('width,loss,diverged\n128,3.1,False\n256,2.9,False\n').columns).toMatchObject({
    x: 'width',
    y: 'loss',
  });
  const rows = '128,0.1,3.1,False\n128,0.2,,True\n256,0.1,2.9,False\n256,0.2,,True\n';
  const { reading } = settledTable(`width,lr,loss,is_diverged\n${rows}`);
  expect(reading.wanted).toEqual([]);
  expect(reading.measurements.map(({ loss }) => loss)).toEqual([3.1, null, 2.9, null]);
});

it('a setting that stands in one row of each size and not in the other tells them apart; a gap here and there does not', () => {
  const rows = [64, 128, 256].flatMap((width) => [
    [width, 0.1, 3 + 10 / width],
    [width, '', 2.8 + 10 / width],
  ]);
  expect(readTable(table('width,wd,loss', rows)).questions[0]!.sentence).toMatch(
    /^Column "wd" has "0.1" and nothing at width 64/,
  );
  const seeds = rows.map(([width, , loss], i) => [width!, i === 3 ? '' : 0.1, loss!]);
  expect(readTable(table('width,wd,loss', seeds)).questions).toEqual([]);
});

it('files without headers become no measurement of their column numbers', () => {
  const rows = ['64 3.1', '128 2.9', '256 2.8'].join('\n');
  const text = joinedText([
    { name: 'adam.txt', text: rows },
    { name: 'muon.txt', text: rows },
  ]);
  const { measurements } = settledTable(text).reading;
  expect(measurements.map(({ size }) => size)).toEqual([64, 128, 256, 64, 128, 256]);
});

it('a unit counts for all of a column or is said to count for none', () => {
  const text = 'params (M),tokens (M),loss\n70,300000,3.2\n160,1400000,2.9\n410,300000,2.8\n70,1400000,3.1\n';
  const { reading } = settledTable(text, { tokens: 'tokens (M)' });
  expect(reading.measurements[1]).toMatchObject({ size: 160e6, tokens: 1.4e12 });
});

it.each([
  ['a cell of blanks', `width,loss\na${' '.repeat(20_000)}x,3\n64,3`],
  ['words and blanks', `step a${' '.repeat(20_000)}x\n`.repeat(3)],
  ['a line of dashes', `${'-'.repeat(200_000)}x\na|b\n`],
  ['a bar beside blanks', `a|b\n|${' '.repeat(200_000)}x|\n1|2\n`],
  ['a bracket before blanks', `[${' '.repeat(200_000)}`],
  ['a header of blanks', `a${' '.repeat(50_000)}b,loss\n1,2\n`],
  ['open brackets', `a & b \\\\[\n${'1 & 2 \\\\[\n'.repeat(20_000)}`],
  ['many small tables', 'step\n\na|b\n-|-\n1|2\n\n'.repeat(10_000)],
])('%s is read or refused at once', (_, text) => {
  // Quadratic time would be minutes; the limit is against hanging, not a measure of speed.
  const start = performance.now();
  try {
    readTable(text);
  } catch (error) {
    expect((error as Error).name).toBe('InputError');
  }
  expect(performance.now() - start).toBeLessThan(30_000);
});

describe('a comma that parts the columns and stands inside the losses', () => {
  const rows = (join: (width: number, loss: string) => string) =>
    ['3,87', '3,61', '3,40'].map((loss, i) => join(64 * 2 ** i, loss)).join('\n');

  it.each([
    ['losses behind widths', `width,loss\n${rows((width, loss) => `${width},${loss}`)}`],
    ['losses before widths', `loss,width\n${rows((width, loss) => `${loss},${width}`)}`],
    ['a seed between', `width,seed,loss\n${rows((width, loss) => `${width},1,${loss}`)}`],
    ['words first', `series,width,loss\n${rows((width, loss) => `SP,${width},${loss}`)}`],
    ['a comma behind the names', `width,loss,\n${rows((width, loss) => `${width},${loss}`)}`],
  ])('is refused: %s', (_, text) => {
    expect(() => readTable(text)).toThrow(/Every row has \d cells under \d names/);
  });

  it('is none where rows have names of their own, as R writes them', () => {
    const { series } = settledTable('width,loss\n1,64,3.87\n2,128,3.61\n3,256,3.40');
    expect(series[0]!.points.map(({ x }) => x)).toEqual([64, 128, 256]);
  });
});

describe('columns of one name', () => {
  const rows = '64,3.87,3.9\n128,3.61,3.7\n256,3.40,3.5';

  it.each([
    ['loss', ['loss', 'loss (2)']],
    ['val_loss', ['val_loss', 'val_loss (2)']],
    ['Loss', ['Loss', 'Loss (2)']],
  ])('are told apart and asked about: %s', (name, names) => {
    const reading = readTable(`width,${name},${name}\n${rows}`);
    expect(reading.sheet.header).toEqual(['width', ...names]);
    expect(reading.questions[0]!.answers.map(({ label }) => label)).toEqual(names);
    const { series } = settledTable(`width,${name},${name}\n${rows}`, { y: names[1]! });
    expect(series[0]!.points.map(({ loss }) => loss)).toEqual([3.9, 3.7, 3.5]);
  });

  it('take no name that another column has', () => {
    const { sheet } = readTable('width,loss,loss,loss (2)\n64,3.8,3.9,4\n128,3.6,3.7,3.8\n256,3.4,3.5,3.6');
    expect(sheet.header).toEqual(['width', 'loss', 'loss (3)', 'loss (2)']);
  });
});

describe('thousands with a dot beside losses with a dot', () => {
  it.each([
    ['width', '1.024', '2.048', '4.096'],
    ['d_model', '512', '1.024', '2.048'],
    ['params', '1.250', '12.500', '125.000'],
  ])('are asked about: %s', (name, ...sizes) => {
    const rows = sizes.map((size, i) => `${size},${['3.412', '3.201', '3.070'][i]}`);
    const { questions } = readTable(`${name},loss\n${rows.join('\n')}`);
    expect(questions.some(({ sentence }) => sentence.includes('may mean 1'))).toBe(true);
  });

  it.each(['params (M)', 'log10_params', 'x'])('are decimals under a name that has them: %s', (name) => {
    const { questions } = readTable(`${name},loss\n6.021,3.412\n6.322,3.201\n7.024,3.070`);
    expect(questions).toEqual([]);
  });
});

describe('a logarithm of the loss', () => {
  const table = (name: string, size = 'params') =>
    `${size},${name}\n${[6, 7, 8].map((n) => `${size === 'params' ? 10 ** n : n},${0.7 - 0.02 * n}`).join('\n')}`;

  it.each<[string, number]>([
    ['log10_loss', 10],
    ['loss (log10)', 10],
    ['log2(val_loss)', 2],
    ['ln(L)', Math.E],
    ['ln loss', Math.E],
  ])('is undone, which is said: %s', (name, base) => {
    const { series, reading } = settledTable(table(name));
    series[0]!.points.forEach(({ loss }, i) => expect(loss).toBeCloseTo(base ** (0.7 - 0.02 * (6 + i)), 12));
    expect(reading.notes.join(' ')).toContain(`"${name}" holds logarithms of losses`);
  });

  it('may be below 0', () => {
    const { series } = settledTable('width,log10_loss\n64,0.02\n128,-0.03\n256,-0.05');
    expect(series[0]!.points.map(({ loss }) => loss)).toEqual([0.02, -0.03, -0.05].map((log) => 10 ** log));
  });

  it('has no standard errors of the loss beside it', () => {
    const { series } = settledTable('width,log10_loss,se\n64,0.6,0.01\n128,0.55,0.01\n256,0.52,0.01');
    expect(series[0]!.points.every(({ standardError }) => standardError === undefined)).toBe(true);
  });

  it.each([
    ['log loss', 'log10_params'],
    ['log_loss', 'log10_params'],
    ['log(loss)', 'params'],
    ['log(L)', 'params'],
  ])('to no known base is asked about: %s beside %s', (name, size) => {
    expect(readTable(table(name, size)).questions[0]!.sentence).toContain(`Column "${name}" holds logarithms`);
  });

  it.each(['log_loss', 'logloss', 'log loss'])('is none by itself: %s', (name) => {
    const { series } = settledTable(table(name));
    expect(series[0]!.points[0]!.loss).toBeCloseTo(0.58, 12);
  });
});

describe('a table without a loss', () => {
  it.each([
    ['n_embd', 'min_val_loss', ['min_val_loss']],
    ['params', 'loss_min', ['loss_min']],
    ['width', 'val_acc', []],
    ['d_model', 'accuracy', []],
  ])('has no size for its loss: %s beside %s', (size, other, answers) => {
    const { questions } = readTable(`${size},${other}\n64,3.87\n128,3.61\n256,3.40`);
    expect(questions[0]!.field).toBe('columns.y');
    expect(questions[0]!.answers.map(({ label }) => label)).toEqual(answers);
    expect(questions[0]!.sentence.includes('is no loss')).toBe(answers.length === 0);
  });
});

describe('widths across the top', () => {
  const lines = (corner: string, worst: string) =>
    [
      `${corner},64,128,256`,
      '0.001,3.9,3.7,3.5',
      '0.002,3.7,3.5,3.3',
      '0.004,3.6,3.45,3.28',
      `0.008,3.8,3.7,${worst}`,
    ].join('\n');

  it.each(['✗', 'X', '††'])('stay what they are beside a mark of one’s own, whose row is told: %s', (mark) => {
    const { faults, measurements } = readTable(lines('lr', mark));
    expect(faults.map(({ sentence }) => sentence).join()).toContain(mark);
    expect(measurements).toHaveLength(11);
  });

  it.each(['lr (width →)', 'lr [width ->]', 'lr \\ width'])('are named by a corner: %s', (corner) => {
    const measured = (text: string) =>
      settledTable(text).reading.measurements.map(({ size, loss, hyperparameters }) => [
        size,
        ...Object.values(hyperparameters),
        loss,
      ]);
    expect(measured(lines(corner, '3.9'))).toEqual(measured(lines('lr', '3.9')));
  });
});
