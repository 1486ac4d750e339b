/** Cells as people type them: errors and units beside the numbers, words where a training came to no end; and counts that are no lengths. */
import { describe, expect, it, test } from 'vitest';
import { meaningOf } from '../../../src/tables/meanings.ts';
import { readTable } from '../../../src/tables/reading.ts';
import { columnsBy, settledTable } from './settled-table.ts';

const pointsOf = (text: string) =>
  settledTable(text).series.flatMap(({ points }) => points.map(({ x, loss }) => [x, loss]));
const LOSSES = [[64, 3.31], [128, 3.11], [256, 2.97]]; // prettier-ignore

describe('a loss with its error', () => {
  const forms: [string, (loss: string) => string][] = [
    ['a plus and a minus', (loss) => `${loss} ± 0.02`],
    ['in letters of a keyboard', (loss) => `${loss}+/-0.02`],
    ['the last digits in brackets', (loss) => `${loss}(2)`],
    ['in brackets', (loss) => `${loss} (0.02)`],
    ['named in brackets', (loss) => `${loss} (std 0.02)`],
    ['an interval', (loss) => `${loss} [${Number(loss) - 0.02}, ${Number(loss) + 0.02}]`],
    ['an interval with a dash', (loss) => `${loss} (2.9–3.5)`],
    ['LaTeX', (loss) => `$${loss}_{\\pm 0.02}$`],
    ['pm', (loss) => `${loss} pm 0.02`],
    ['a true minus', (loss) => `${loss} +− 0.02`],
    ['an exponent', (loss) => `${loss}±2e-2`],
    ['bold, without a nought', (loss) => `**${loss} ± .02**`],
    ['how many', (loss) => `${loss} ± 0.02 (n=3)`],
    ['a unit', (loss) => `${loss} ± 0.02 nats`],
    ['decimal commas', (loss) => `${loss} ± 0.02`.replaceAll('.', ',')],
  ];
  const table = (cells: readonly string[]) =>
    `width;loss\n${cells.map((cell, i) => `${64 * 2 ** i};${cell}\n`).join('')}`;

  it.each(forms)('%s', (_, form) => {
    expect(pointsOf(table(['3.31', '3.11', '2.97'].map(form)))).toEqual(LOSSES);
  });

  it.each(forms)('%s, beside an odd one', (_, form) => {
    for (const odd of [
      'OOM',
      'diverged',
      'n/a',
      'div.',
      'CUDA OOM',
      'diverged at step 300',
      'crashed',
      'killed',
      '(diverged)',
      '#DIV/0!',
      'timeout',
    ]) {
      expect(pointsOf(table([form('3.31'), odd, form('2.97')])), odd).toEqual([LOSSES[0], LOSSES[2]]);
    }
  });

  it('says of an odd one what became of it', () => {
    const read = (odd: string) => readTable(table(['3.31 ± 0.02', odd, '2.97 ± 0.02']));
    const losses = (odd: string) => [
      read(odd).measurements.map(({ loss }) => loss),
      read(odd).wanted.length,
      read(odd).faults.length,
    ];
    expect(losses('diverged')).toEqual([[3.31, null, 2.97], 0, 0]);
    expect(losses('n/a')).toEqual([[3.31, 2.97], 1, 0]);
    expect(losses('OOM')).toEqual([[3.31, 2.97], 0, 0]);
    expect(read('OOM').notes.at(-1)).toBe('1 row whose "loss" says "OOM" is left out: that training came to no end.');
    // A number that is none may be a slip.
    expect(losses('nan')).toEqual([[3.31, 2.97], 0, 1]);
  });
});

test.each(['*', '†', '**', ' ‡', '^a', '§'])('the mark of a footnote, %s, is no part of a number', (mark) => {
  expect(pointsOf(`width\tloss\n64\t3.31${mark}\n128\t3.11\n256\t2.97${mark}\n`)).toEqual(LOSSES);
});

describe('a word beside each number', () => {
  it.each([
    ['128 dims', 'size', (x: number) => `${x} dims`],
    ['128-dim', 'width', (x: number) => `${x}-dim`],
    ['width 128', 'model', (x: number) => `width ${x}`],
    ['d_model=128', 'model', (x: number) => `d_model=${x}`],
    ['w=128', 'run', (x: number) => `w=${x}`],
    ['w128', 'run', (x: number) => `w${x}`],
    ['128 wide', 'network', (x: number) => `${x} wide`],
    ['128 layers', 'model', (x: number) => `${x} layers`],
    ['128 M params', 'model', (x: number) => `${x / 1e6} M params`],
    ['128 params', 'model size', (x: number) => `${x} params`],
    ['128 nats', 'width', (x: number) => String(x)],
  ])('%s', (_, name, form) => {
    expect(pointsOf(`${name},loss\n${LOSSES.map(([x, loss]) => `${form(x!)},${loss} nats\n`).join('')}`)).toEqual(
      LOSSES,
    );
  });

  it.each([
    ['300 steps', 'training', 'steps'],
    ['300 steps', 'budget', 'steps'],
    ['300 iterations', 'length', 'iterations'],
    ['1.5B tokens', 'training', 'tokens'],
    ['300 updates', 'trained for', 'updates'],
  ])('%s are a length of training', (cell, name, unit) => {
    const rows = LOSSES.flatMap(([x, loss]) => [`${x},${cell},${loss}`, `${x},9${cell},${loss! - 0.1}`]);
    const { questions } = readTable(`width,${name},loss\n${rows.join('\n')}\n`);
    expect(questions[0]!.sentence).toContain(`Column "${name} (${unit})" has ${cell.split(' ')[0]}`);
  });

  it('that names a recipe leaves it one', () => {
    const rows = [64, 128, 256].flatMap((x) => [`7B recipe,${x},3.3`, `70B recipe,${x},3.1`]);
    expect(settledTable(`model,width,loss\n${rows.join('\n')}\n`).series.map(({ name }) => name)).toEqual([
      '7B recipe',
      '70B recipe',
    ]);
  });
});

describe('a count of steps that is no length of training', () => {
  it.each([
    'best_step', 'best_iter', 'best_epoch', 'step_of_best', 'bestEpoch', 'best/step', 'summary.best_iteration', 'step (best)', 'best_val_loss_step', 'epoch_of_min_val_loss',
    'argmin step', 'steps_to_target', 'tokens_to_target', 'diverged_at_step', 'save_steps', 'logging_steps', 'eval_steps', 'bestiter', 'beste Epoche', '最佳步数',
  ])('%s', (name) => expect(meaningOf(name)).toBe('moment')); // prettier-ignore

  it.each(['gradient_accumulation_steps', 'warmup_steps', 'lr_decay_iters', 'warmup_tokens', 'cooldown_steps'])(
    '%s is a setting',
    (name) => expect(meaningOf(name)).toBe('setting'),
  );

  it.each([
    'step',
    'max_steps',
    'total_steps',
    'eval_step',
    'trainer/global_step',
    'num_train_steps',
    'final_step',
    'checkpoint_step',
  ])('%s is one', (name) => expect(meaningOf(name)).toBe('steps'));

  it.each(['best_step', 'best_iter', 'best_epoch', 'step_of_best', 'step (best)', 'best_val_loss_step'])(
    'losses beside "%s" need no question',
    (name) => {
      const rows = LOSSES.flatMap(([x, loss], i) =>
        [0.1, 0.2].map((lr, k) => `${x},${lr},${3000 - 170 * i + 90 * k},${loss! + k / 10}`),
      );
      const { reading, columns } = settledTable(`width,lr,${name},best_val_loss\n${rows.join('\n')}\n`);
      expect([reading.kind, columns.y, columns.sweep]).toEqual(['sweep', 'best_val_loss', 'lr']);
      expect(columnsBy(reading).tokens).toBeUndefined();
    },
  );
});

describe('several losses in one cell', () => {
  const WIDTHS = [64, 128, 256, 512];
  const table = (head: string, cell: (i: number) => string) =>
    `width\t${head}\n${WIDTHS.map((width, i) => `${width}\t${cell(i)}`).join('\n')}\n`;
  const [train, val] = [(i: number) => `${(3.1 - i / 10).toFixed(2)}`, (i: number) => `${(3.2 - i / 10).toFixed(2)}`];

  it.each(['train/val loss', 'loss (train / val)', 'loss (train, val)', 'Loss train | val'])(
    'are told apart by the name %s',
    (head) => {
      const { columns, questions, measurements } = readTable(table(head, (i) => `${train(i)} / ${val(i)}`));
      expect(questions).toEqual([]);
      expect(columns.map(({ name }) => name)).toEqual(['width', 'train loss', 'val loss']);
      expect(measurements.map(({ loss }) => loss)).toEqual(WIDTHS.map((_, i) => Number(val(i))));
    },
  );

  it.each(['/', ' / ', ' | ', '-', '–', ' - ', ' to ', '..'])(
    'beside each other with %j between them are asked about',
    (mark) => {
      const text = table('loss', (i) => `${train(i)}${mark}${val(i)}`);
      const { questions, notes } = readTable(text);
      expect(questions.map(({ sentence }) => sentence)).toEqual([
        'The table has several losses, "loss left" and "loss right": which one is meant?',
      ]);
      expect(notes[0]).toContain(`such as ${train(0)}${mark}${val(0)}, are read as columns of their own`);
      const { measurements } = readTable(text, { y: 'loss right' });
      expect(measurements.map(({ loss }) => loss)).toEqual(WIDTHS.map((_, i) => Number(val(i))));
    },
  );

  it.each([
    (i: number) => `${train(i)}, ${val(i)}, ${val(i)}1`,
    (i: number) => `[${train(i)}; ${val(i)}; ${val(i)}1]`,
    (i: number) => `(${train(i)} ${val(i)} ${val(i)}1)`,
  ])('in a list are rows, and what tells them apart is asked', (cell) => {
    const text = table('loss', cell);
    expect(readTable(text).questions[0]!.sentence).toMatch(/^Column "place in the cell" has "1" and "2" at width 64/);
    const { questions, measurements } = readTable(text, { seed: ['place in the cell'] });
    expect([questions.length, measurements.length]).toEqual([0, 12]);
    expect(measurements[1]).toMatchObject({ size: 64, loss: Number(val(0)) });
  });

  it('are no losses in columns of other things, and one loss is one', () => {
    const text = 'width,budget,loss\n64,1.5-2.5,3.1\n128,1.5-2.5,3.0\n256,1.5-2.5,2.9\n';
    expect(readTable(text).columns.map(({ name }) => name)).toEqual(['width', 'budget', 'loss']);
  });
});
