/**
 * Kinds of tables that were reported in public as misread, with inputs made for the purpose (cases/), what is right of each, and
 * further spellings of every kind.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { jointReport } from '../../../src/scaling/joint/joint.ts';
import { laddersIn } from '../../../src/tables/ladders.ts';
import { readTable, type Reading } from '../../../src/tables/reading.ts';
import type { ColumnRequest } from '../../../src/tables/roles.ts';
import { columnsBy, settledTable } from './settled-table.ts';

const FOLDER = join(import.meta.dirname, 'cases');
const input = (path: string) => readFileSync(join(FOLDER, path), 'utf8');

/** Points of each series, by its name. */
const pointsOf = (text: string, request?: ColumnRequest) =>
  Object.fromEntries(
    settledTable(text, request).series.map(({ name, points }) => [name ?? '', points.map(({ x, loss }) => [x, loss])]),
  );
const sizesOf = (text: string) => settledTable(text).series[0]!.points.map(({ x }) => x);
const asksFor = (text: string): Reading['questions'][number] | undefined => readTable(text).questions[0];
const columnAt = (reading: Reading, place: number) => reading.columns[place]!.name;

test('every folder of inputs has its tests here', () => {
  const known = readFileSync(import.meta.filename, 'utf8');
  for (const folder of readdirSync(FOLDER)) expect(known, folder).toContain(`'${folder}`);
});

describe('01-tokens-under-another-name', () => {
  const offered = (text: string) => {
    const reading = readTable(text);
    const [question] = reading.questions;
    const tokens = question?.answers.find(({ role, places }) => role === 'tokens' && places !== null);
    return { sentence: question?.sentence ?? '', column: tokens && columnAt(reading, tokens.places![0]!) };
  };

  it.each([
    ['isoflop.csv', 'throughput/total_tokens'],
    ['name-01.csv', 'train_tokens'],
    ['name-02.csv', 'tokens_seen'],
    ['name-03.csv', 'total_tokens'],
    ['name-04.csv', 'tokens (B)'],
    ['name-05.csv', 'global_step'],
  ])('%s: trainings of several lengths are no law of size alone, and %s is offered as the tokens', (file, name) => {
    const { sentence, column } = offered(input(`01-tokens-under-another-name/${file}`));
    expect(sentence).toMatch(/has .* and .*: a law over x alone needs losses after equal training/);
    expect(column).toBe(name);
  });

  it('with the tokens told, the joint law is the exact one', () => {
    const { series } = settledTable(input('01-tokens-under-another-name/isoflop.csv'), {
      tokens: 'throughput/total_tokens',
    });
    const { leastSquares } = jointReport({
      points: series[0]!.points.map(({ x, tokens, loss }) => ({ n: x, d: tokens!, loss })),
      targets: [],
    });
    const { E, A, B, alpha, beta } = leastSquares!;
    expect([E, A, B].map((one) => Number(one.toPrecision(2)))).toEqual([1.9, 420, 600]);
    expect([alpha, beta].map((one) => Number(one.toFixed(3)))).toEqual([0.35, 0.3]);
  });

  it.each([
    ['trainer/global_step', 'params'],
    ['max_iters', 'n_params'],
    ['consumed-train-samples', 'num-params'],
    ['epochs', 'model.num_parameters'],
    ['words_seen', 'parameter_count'],
    ['data_size', 'N'],
    ['训练词元', '参数量'],
    ['Trainingstoken', 'Parameter'],
    ['number of training tokens (billion)', 'Model size'],
  ])('also called %s beside %s', (length, size) => {
    const text = `${size},${length},loss\n1e7,20,4.36\n3e7,80,3.55\n1e8,30,3.42\n3e8,200,2.84\n`;
    expect(offered(text).column).toBe(length);
  });

  it('the unit of both counts where their product does', () => {
    const { series } = settledTable(input('01-tokens-under-another-name/name-04.csv'), { tokens: 'tokens (B)' });
    expect(series[0]!.points[0]).toEqual({ x: 1e7, tokens: 2e9, loss: 4.36261 });
  });
});

describe('02-sweep-pooled', () => {
  const best = () => pointsOf(input('02-sweep-pooled/best-per-size.csv'))[''];

  it('of a sweep the law takes the best of each size', () => {
    const { series, reading } = settledTable(input('02-sweep-pooled/sweep.csv'));
    expect(series[0]!.points.map(({ x, loss }) => [x, loss])).toEqual(best());
    expect(reading.swept).toEqual(['lr', 'gbsz']);
    expect(series[0]!.notes[0]).toBe('Of the 10 settings of lr and gbsz at each size the law takes the best.');
  });

  const swept = [
    [64, 0.001, 4.1],
    [64, 0.002, 4],
    [64, 0.004, 4.2],
    [128, 0.001, 3.8],
    [128, 0.002, 3.7],
    [128, 0.004, 3.9],
    [256, 0.001, 3.5],
    [256, 0.002, 3.45],
    [256, 0.004, 3.4],
  ] as const;
  const best3 = [
    [64, 4],
    [128, 3.7],
    [256, 3.4],
  ];
  it.each([
    ['German', `Breite;Lernrate;Verlust\n${swept.map((row) => row.join(';').replaceAll('.', ',')).join('\n')}`],
    ['names of runs', `run,final loss\n${swept.map(([w, lr, loss]) => `w${w}-lr${lr},${loss}`).join('\n')}`],
    [
      'a pivot',
      `lr \\ width,64,128,256\n${[0.001, 0.002, 0.004].map((lr) => [lr, ...swept.filter(([, one]) => one === lr).map(([, , loss]) => loss)].join(',')).join('\n')}`,
    ],
    [
      'dictionaries',
      JSON.stringify(
        Object.fromEntries(
          [64, 128, 256].map((w) => [
            w,
            Object.fromEntries(swept.filter(([one]) => one === w).map(([, lr, loss]) => [lr.toExponential(), loss])),
          ]),
        ),
      ),
    ],
    [
      'logarithms',
      `n_embd,log10(lr),val_loss\n${swept.map(([w, lr, loss]) => `${w},${Math.log10(lr)},${loss}`).join('\n')}`,
    ],
    [
      'a run table with a crash',
      `Name,State,config.n_embd,config.learning_rate,config.beta1,val/loss\n${swept.map(([w, lr, loss], i) => `r${i},finished,${w},${lr},0.9,${loss}`).join('\n')}\nrx,crashed,256,0.002,0.9,2.1`,
    ],
  ])('as %s', (_, text) => expect(pointsOf(text)['']).toEqual(best3));

  it('a setting whose name says nothing is asked about', () => {
    const question = asksFor(`width,kappa,loss\n${swept.map((row) => row.join(',')).join('\n')}`)!;
    expect(question.sentence).toContain(
      'Column "kappa" has "0.001" and "0.002" at width 64, where all that is known is equal',
    );
    expect(question.answers.map(({ role }) => role)).toContain('sweep');
  });

  it('repeats whose only other column is a seed are pooled', () => {
    const { series } = settledTable('width,seed,loss\n16,1,4\n16,2,4.2\n32,1,3.6\n32,2,3.5\n');
    expect(series[0]!.points).toHaveLength(4);
  });
});

describe('03-two-columns-of-words', () => {
  it('a name that only begins like a yes and no tells no series', () => {
    const reading = readTable('notch,width,loss\n1,64,4\n2,64,3.9\n1,128,3.8\n2,128,3.7\n');
    expect(reading.questions[0]!.sentence).toContain('Column "notch" has "1" and "2" at width 64');
  });

  it('a word that is the same in all rows hides no other', () => {
    expect(Object.keys(pointsOf(input('03-two-columns-of-words/constant-project.csv')))).toEqual(['adamw', 'muon']);
  });

  it('of two that tell, each combination has its law', () => {
    const { series } = settledTable(input('03-two-columns-of-words/three-sources.csv'), { tokens: 'tokens' });
    expect(series.map(({ name }) => name)).toEqual(['lab-a, web', 'lab-b, code', 'lab-b, web']);
    expect(new Set(series.map(({ points }) => points.length)).size).toBe(1);
  });

  const two = (a: string, b: string) =>
    [64, 128, 256].flatMap((w) => [`${a},${w},${4 - w / 512}`, `${b},${w},${3.9 - w / 512}`]);
  it.each([
    ['a yes and a no', `use_mup,width,loss\n${two('True', 'False').join('\n')}`, ['True', 'False']],
    ['user and team', `user,team,optim,width,loss\n${two('me,us,lion', 'me,us,adam').join('\n')}`, ['lion', 'adam']],
    ['one that follows from another', `alias,optim,width,loss\n${two('A,lion', 'B,adam').join('\n')}`, ['A', 'B']],
    ['an empty cell beside a word', `tweak,width,loss\n${two('', 'muon').join('\n')}`, ['no tweak', 'muon']],
    ['a series each in a column', 'width,SP,muP\n64,4,3.9\n128,3.8,3.7\n256,3.6,3.5\n', ['SP', 'muP']],
    ['series down, widths across', 'method,64,128,256\nSP,4,3.8,3.6\nmuP,3.9,3.7,3.5\n', ['SP', 'muP']],
    [
      'parametrization down, widths across',
      'parametrization\t64\t128\t256\nSP\t4\t3.8\t3.6\nmuP\t3.9\t3.7\t3.5\n',
      ['SP', 'muP'],
    ],
  ])('as %s', (_, text, names) => expect(Object.keys(pointsOf(text)).sort()).toEqual([...names].sort()));
});

describe('04-row-numbers-as-x', () => {
  const xOf = (text: string, request?: ColumnRequest) => columnsBy(readTable(text, request)).x;

  it.each([
    ['from-r.csv', 'n_embd'],
    ['seed-first.csv', 'n_embd'],
    ['budget-first.csv', 'parameter_count'],
  ])('%s: x is %s', (file, x) => expect(xOf(input(`04-row-numbers-as-x/${file}`))).toBe(x));

  it.each([
    ['an index of pandas', ',width,loss\n0,64,4\n1,128,3.8\n2,256,3.6\n', 'width'],
    ['Unnamed: 0', 'Unnamed: 0,d_model,eval_loss\n0,64,4\n1,128,3.8\n2,256,3.6\n', 'd_model'],
    ['Nr.', 'Nr.;Startwert;Breite;Verlust\n1;7;64;4,0\n2;8;128;3,8\n3;9;256;3,6\n', 'Breite'],
    [
      'a row number at the end, out of order',
      'val_loss,hidden_size,idx\n3.6,256,2\n4,64,0\n3.8,128,1\n',
      'hidden_size',
    ],
    [
      'numbers of jobs and ports',
      'job_id,port,width,loss\n101,29501,64,4\n102,29400,128,3.8\n103,29900,256,3.6\n',
      'width',
    ],
    [
      'a rate, a wall time and a seed before it',
      'lr,Runtime,seed,model_dim,loss\n1e-3,90,1,64,4\n1e-3,80,2,128,3.8\n1e-3,70,3,256,3.6\n',
      'model_dim',
    ],
    [
      'a budget before it',
      'isoflop_budget,params,tokens,loss\n1e18,1e8,1.6e9,3.5\n1e18,2e8,8e8,3.4\n1e19,2e8,8e9,3.1\n1e19,4e8,4e9,3\n',
      'params',
    ],
  ])('%s is no size', (_, text, x) => expect(xOf(text)).toBe(x));
});

describe('06-german-numbers', () => {
  const plain = () => pointsOf(input('06-german-numbers/plain-twin.csv'))['']!;

  it('a dot before three digits is thousands where losses have decimal commas', () => {
    expect(sizesOf(input('06-german-numbers/all-above-a-thousand.csv'))).toEqual([1024, 1536, 2048, 3072, 4096]);
    expect(pointsOf(input('06-german-numbers/mixed.csv'))['']).toEqual(plain());
  });

  it('quoted decimal commas between commas are read', () => {
    expect(pointsOf(input('06-german-numbers/comma-between-quoted-decimals.csv'))['']).toEqual(plain());
  });

  it.each([
    ['French blanks', 'largeur;perte\n512;3,2\n1 024;3,0977\n12 288;2,9\n', [512, 1024, 12288]],
    ['narrow blanks', 'largeur;perte\n512;3,2\n1\u202f024;3,0977\n12\u00a0288;2,9\n', [512, 1024, 12288]],
    ['Swiss apostrophes', "width;loss\n512;3.2\n1'024;3.0977\n12’288;2.9\n", [512, 1024, 12288]],
    [
      'millions in groups of dots',
      'Parameter;Verlust\n1.500.000;3,2\n12.500.000;3,1\n125.000.000;3\n',
      [1.5e6, 12.5e6, 125e6],
    ],
    ['English thousands in quotes', 'width,loss\n512,3.2\n"1,024",3.0977\n"12,288",2.9\n', [512, 1024, 12288]],
    [
      'rates with three decimals beside',
      'Breite;Lernrate;Verlust\n512;0,001;3,2\n1.024;0,001;3,1\n2.048;0,001;3,0\n',
      [512, 1024, 2048],
    ],
    ['tabs', 'Breite\tVerlust\n512\t3,2\n1.024\t3,1\n2.048\t3,05\n', [512, 1024, 2048]],
  ])('as %s', (_, text, sizes) => expect(sizesOf(text)).toEqual(sizes));
});

describe('07-own-csv-comes-back', () => {
  it('what tells the state of a row is no series, and the empty loss is wanted', () => {
    const { series, columns } = settledTable(input('07-own-csv-comes-back/losses.csv'));
    expect(columns.series).toBeUndefined();
    expect(series.map(({ points, targets }) => [points.length, targets])).toEqual([[10, [2600]]]);
  });

  it.each(['role', 'status', 'State', 'verdict', 'run_state', 'Zustand', 'outcome'])('nor is one called %s', (name) => {
    const { columns, series } = settledTable(
      `width,${name},loss\n64,done,4\n128,done,3.8\n256,done,3.6\n512,other,3.5\n1024,other,3.4\n2048,other,3.3\n`,
    );
    expect([columns.series, series[0]!.points.length]).toEqual([undefined, 6]);
  });
});

describe('08-hash-in-run-names', () => {
  it('a name that begins with a hash is a run', () => {
    expect(
      Object.entries(pointsOf(input('08-hash-in-run-names/runs.csv'))).map(([name, all]) => [name, all.length]),
    ).toEqual([
      ['baseline', 4],
      ['#12 muon', 4],
      ['#13 muon, wd 0.1', 4],
    ]);
  });

  const three = (name: string, mark = ',') => [64, 128, 256].map((w) => [name, w, 4 - w / 512].join(mark));
  it.each([
    [
      'tabs, and only such names',
      ['run\twidth\tloss', ...three('#1', '\t'), ...three('#2', '\t')].join('\n'),
      ['#1', '#2'],
    ],
    [
      'semicolons',
      ['name;width;loss', ...three('# base', ';'), ...three('base #2', ';')].join('\n'),
      ['# base', 'base #2'],
    ],
    [
      'JSON',
      JSON.stringify(['#a', '#b'].flatMap((run) => [64, 128].map((width) => ({ run, width, loss: width / 40 })))),
      ['#a', '#b'],
    ],
    [
      'Markdown',
      ['| run | width | loss |', '|-|-|-|', ...three('#7', '|'), ...three('x', '|')].join('\n'),
      ['#7', 'x'],
    ],
    [
      'beside true comments',
      ['# of May', 'run,width,loss', ...three('base'), '# switched off:', '#,512,3', ...three('#12 new')].join('\n'),
      ['base', '#12 new'],
    ],
  ])('as %s', (_, text, names) => expect(Object.keys(pointsOf(text))).toEqual(names));

  it('rows of numbers that are switched off stay off, and are counted', () => {
    const { series, reading } = settledTable('# mine\nwidth,loss\n64,4\n#96,3.9\n128,3.8\n');
    expect(series[0]!.points.map(({ x }) => x)).toEqual([64, 128]);
    expect(reading.notes).toEqual(['2 comment lines passed over.']);
  });
});

describe('09-hash-header', () => {
  it('names behind a hash are the header', () => {
    const { reading, series } = settledTable(input('09-hash-header/savetxt.txt'), { tokens: 'D' });
    expect(columnsBy(reading)).toMatchObject({ x: 'N', tokens: 'D', y: 'loss' });
    const points = series[0]!.points.map(({ x, tokens, loss }) => ({ n: x, d: tokens!, loss }));
    expect([points.length, points[0]]).toEqual([8, { n: 1e6, d: 1e8, loss: 7.624822 }]);
    expect(asksFor(input('09-hash-header/savetxt.txt'))!.sentence).toContain('"D"');
  });

  it('one length of training is no axis', () => {
    const { columns } = settledTable(input('09-hash-header/one-length.csv'));
    expect(columns).toMatchObject({ x: 'params', y: 'loss' });
  });

  it.each([
    ['commas behind the hash', '# width, lr, loss\n6.4e+01,1e-3,4\n1.28e+02,1e-3,3.8\n'],
    ['two hashes after a remark', '## by a script\n##width\tloss\n64\t4\n128\t3.8\n'],
    ['a percent sign', '% width loss\n64 4\n128 3.8\n'],
    ['slashes', '//width,loss\n64,4\n128,3.8\n'],
    ['many blanks', '#  width      loss\n   6.4e1     4.0\n   1.28e2    3.8\n'],
  ])('as %s', (_, text) => expect(settledTable(text).columns).toMatchObject({ x: 'width', y: 'loss' }));

  it('three columns without any names are asked about', () => {
    expect(asksFor('64 1e9 4\n128 1e9 3.8\n')!.sentence).toContain('no names above its 3 columns of numbers');
  });
});

describe('10-compute-optimal-ladder', () => {
  const said = (text: string, request?: ColumnRequest) => settledTable(text, request).reading.notes.join(' ');

  it('tokens that grow with the model are no hindrance, and are told', () => {
    const text = input('10-compute-optimal-ladder/twenty-tokens-per-parameter.csv');
    expect(said(text)).toContain('"tokens" grows with "params" (tokens = 20·params): the law is along this ladder');
    expect(settledTable(text).columns.x).toBe('params');
    expect(settledTable(text, { x: 'flops' }).columns.x).toBe('flops');
    expect(said(text, { x: 'flops' })).toContain('"tokens" grows with "flops"');
  });

  it('d beside N and L is a width', () => {
    const text = input('10-compute-optimal-ladder/d-is-the-width.csv');
    expect(settledTable(text).columns.x).toBe('d');
    expect(settledTable(text, { x: 'N' }).columns.x).toBe('N');
  });

  it.each([
    [
      'tokens before parameters, German',
      'Token;Parameter;Verlust\n380.000.000;19.000.000;4,69\n1.200.000.000;60.000.000;3,83\n3.800.000.000;190.000.000;3,23\n',
      'Parameter',
      'Token = 20·Parameter',
    ],
    [
      'steps with the width',
      'd_model,steps,loss\n256,1000,4.2\n512,2000,3.6\n1024,4000,3.1\n',
      'd_model',
      '"steps" grows',
    ],
    [
      'optima of budgets',
      'budget,optimal_params,optimal_tokens,loss\n1e17,2e7,8.3e8,4.2\n1e18,6e7,2.7e9,3.6\n1e19,2e8,8.3e9,3.1\n',
      'optimal_params',
      '"optimal_tokens" grows',
    ],
    ['with a multiplier beside', 'N,multiplier,D,loss\n1e7,1,2e8,4\n2e7,1,4e8,3.5\n4e7,1,8e8,3.2\n', 'N', 'D = 20·N'],
    [
      'two series, each along its own',
      'optim,N,D,loss\na,1e7,2e8,4\na,2e7,4e8,3.5\na,4e7,8e8,3.2\nb,1e7,2e8,3.9\nb,2e7,4e8,3.4\nb,4e7,8e8,3.1\n',
      'N',
      'D = 20·N',
    ],
  ])('as %s', (_, text, x, words) => {
    expect(settledTable(text).columns.x).toBe(x);
    expect(said(text)).toContain(words);
  });

  it.each([
    ['d beside layers', 'd,depth,loss\n256,4,4.1\n384,6,3.3\n512,8,2.9\n', 'd'],
    ['d, heads and depth', 'N,L,d,h,val\n3145728,4,256,4,4.1\n10616832,6,384,6,3.3\n25165824,8,512,8,2.9\n', 'd'],
  ])('%s is a width', (_, text, x) => expect(settledTable(text).columns.x).toBe(x));
});

describe('12-wandb-wide-export', () => {
  const ends = (text: string) => {
    const { reading, series } = settledTable(text);
    return {
      kind: reading.kind,
      points: series[0]!.points.map(({ x, loss }) => [x, loss]),
      notes: reading.notes.join(' '),
    };
  };

  it('a panel is curves: the last loss that all have, no law of the steps', () => {
    const { kind, points, notes } = ends(input('12-wandb-wide-export/wandb_export_panel.csv'));
    expect(kind).toBe('curves');
    expect(points.map(([x]) => x)).toEqual([256, 512, 1024]);
    expect(notes).toContain('6 columns of least and largest values (__MIN, __MAX) left out');
  });

  it.each([
    ['without extremes', 'Step,w64 - train/loss,w128 - train/loss\n100,4.1,3.9\n200,3.8,3.6\n'],
    [
      'grouped by a setting',
      '"Step","width: 64 - loss","width: 64 - loss__MIN","width: 64 - loss__MAX","width: 128 - loss","width: 128 - loss__MIN","width: 128 - loss__MAX"\n100,4.1,4,4.2,3.9,3.8,4\n200,3.8,3.7,3.9,3.6,3.5,3.7\n',
    ],
    [
      'over wall time, with steps beside',
      '"Relative Time (Process)","w64 - _step","w64 - val_loss","w128 - _step","w128 - val_loss"\n1,100,4.1,100,3.9\n2,200,3.8,200,3.6\n',
    ],
    ['over tokens', 'tokens,w64 - eval/loss,w128 - eval/loss\n1e6,4.1,3.9\n2e6,3.8,3.6\n'],
    ['with gaps', 'Step,w64 - eval/loss,w128 - eval/loss\n100,4.1,\n150,,3.9\n200,3.8,3.6\n'],
  ])('as %s', (_, text) => {
    expect(ends(text)).toMatchObject({ kind: 'curves', points: [[64, 3.8], [128, 3.6]] }); // prettier-ignore
  });

  it('runs whose names tell no size are curves, and a law is said to need sizes', () => {
    const { reading } = settledTable('Step,lunar-sky-1 - loss,warm-sun-2 - loss\n100,4.1,3.9\n200,3.8,3.6\n');
    expect(reading.measurements.map(({ series }) => series)).toEqual(['lunar-sky-1', 'warm-sun-2']);
    expect(reading.notes.at(-1)).toContain('whose sizes the table does not tell');
  });
});

describe('13-tensorboard-scalars', () => {
  const alone = 'This is the curve of one training, and one run is no ladder';

  it('one run is no ladder; a step that stands twice counts once', () => {
    const { reading } = settledTable(input('13-tensorboard-scalars/run-tag-loss.csv'));
    expect(columnsBy(reading)).toMatchObject({ step: 'Step', y: 'Value' });
    expect(reading.notes).toEqual([
      '1 step stands twice, as after a resumed training; the later row counts.',
      expect.stringContaining(alone),
    ]);
    expect(reading.measurements[0]!.curve!.steps).toHaveLength(12);
  });

  it.each([
    ['tabs', 'Wall time\tStep\tValue\n1710537938\t1000\t3.79\n1710538000\t2000\t3.51\n1710538063\t3000\t3.38\n'],
    ['other names', 'wall_time,step,value\n1710537938,1000,3.79\n1710538000,2000,3.51\n1710538063,3000,3.38\n'],
    ['lists', '[[1710537938.8,1000,3.79],[1710538000.7,2000,3.51],[1710538063.0,3000,3.38]]'],
    [
      'a log of lines',
      '{"iter":1000,"lr":0.001,"val_loss":3.79}\n{"iter":2000,"lr":0.0005,"val_loss":3.51}\n{"iter":3000,"lr":0.0001,"val_loss":3.38}\n',
    ],
    ['a state of a trainer', JSON.stringify({ epoch: 1, log_history: [{ step: 1000, eval_loss: 3.79 }, { step: 2000, eval_loss: 3.51 }, { step: 3000, eval_loss: 3.38 }] })], // prettier-ignore
  ])('as %s', (_, text) => {
    const { reading } = settledTable(text);
    expect(reading.measurements.map(({ curve }) => curve)).toEqual([
      { steps: [1000, 2000, 3000], losses: [3.79, 3.51, 3.38] },
    ]);
    expect(reading.notes.join(' ')).toContain(alone);
  });

  it('files of several runs are a ladder, by their names', () => {
    const file = (loss: number) => `Wall time,Step,Value\n1710537938,1000,${loss + 0.3}\n1710538000,2000,${loss}\n`;
    const reading = readTable([64, 128, 256].map((w, i) => ({ name: `logs/w${w}.csv`, text: file(4 - i / 5) })));
    expect(laddersIn(reading)[0]!.points).toEqual([{ x: 64, loss: 4 }, { x: 128, loss: 3.8 }, { x: 256, loss: 3.6 }]); // prettier-ignore
  });
});

describe('14-first-loss-column', () => {
  const lossOf = (text: string) => {
    const reading = readTable(text);
    return reading.questions.length > 0 ? 'asked' : columnsBy(reading);
  };

  it('a spread is no loss and no standard error, an auxiliary loss is not the loss', () => {
    expect(lossOf(input('14-first-loss-column/std-before-mean.csv'))).toEqual({ x: 'width', y: 'loss_mean' });
    expect(lossOf(input('14-first-loss-column/moe.csv'))).toEqual({ x: 'params', y: 'eval/lm_loss' });
  });

  const table = (...names: string[]) =>
    [['width', ...names], ...[64, 128, 256].map((w, i) => [w, ...names.map((_, k) => 4 - i / 5 + k / 7)])]
      .map((row) => row.join(','))
      .join('\n');
  it.each([
    [['loss min', 'loss mean', 'loss max'], 'loss mean'],
    [['train_loss', 'val_loss', 'generalization gap'], 'val_loss'],
    [['router_z_loss', 'load_balancing_loss', 'ce_loss'], 'ce_loss'],
    [['initial_loss', 'final_loss'], 'final_loss'],
    [['grad_norm', 'perplexity', 'eval/loss'], 'eval/loss'],
    [['bpb', 'loss'], 'loss'],
    [['predicted loss', 'loss'], 'loss'],
    [['eval/code/loss', 'eval/web/loss', 'eval/loss'], 'eval/loss'],
  ])('of %j the loss is %s', (names, loss) => expect(lossOf(table(...names))).toMatchObject({ y: loss }));

  it.each([[['test_loss', 'val_loss']], [['ce_loss', 'total_loss']]])('of %j it asks which', (names) => {
    expect(lossOf(table(...names))).toBe('asked');
  });
});

describe('19-markdown-table', () => {
  it('emphasis is how a number looks, and dashes are no row', () => {
    expect(pointsOf(input('19-markdown-table/from-an-issue.md'))['']!.map(([, loss]) => loss)).toEqual([
      3.874, 3.581, 3.402, 3.287, 3.205,
    ]);
  });

  it('what cannot be meant is named by its cell', () => {
    expect(readTable(input('19-markdown-table/without-outer-bars.md')).faults[0]!.sentence).toContain('not "d320"');
  });

  const POINTS = [[64, 4.1], [128, 3.9]]; // prettier-ignore
  it.each([
    [
      'a table in the middle of text',
      'Results of *May*:\n\n| Model | Width | Val. loss |\n|:-----:|:------|----------:|\n| S | 64 | 4.1 |\n| M | 128 | **3.9** |\n\nMore below.\n',
    ],
    ['no blanks', '|width|loss|\n|-|-|\n|64|4.1|\n|128|3.9|'],
    [
      'code, links and struck-out marks',
      'run|width|loss\n---|---|---\n[a](http://a.b/c)|`64`|~~4.1~~\n[b](http://a.b/d)|128|_3.9_\n',
    ],
    ['an empty cell at the end of a line', 'width | loss | note\n--- | --- | ---\n64 | 4.1 | \n128 | 3.9 | ok\n'],
    ['an empty cell at the beginning of a line', 'note | width | loss\n--- | --- | ---\n | 64 | 4.1\n | 128 | 3.9\n'],
    [
      'a terminal',
      '+-------+------+\n| width | loss |\n+-------+------+\n|    64 |  4.1 |\n|   128 |  3.9 |\n+-------+------+\n',
    ],
    ['a database', ' width | loss\n-------+------\n    64 |  4.1\n   128 |  3.9\n(2 rows)\n'],
    ['reStructuredText', '=====  ====\nwidth  loss\n=====  ====\n64     4.1\n128    3.9\n=====  ====\n'],
    [
      'LaTeX',
      '\\begin{tabular}{lrr}\n\\toprule\nModel & Width & Loss \\\\\n\\midrule\nS & 64 & $4.1$ \\\\\nM & 128 & \\textbf{3.9} \\\\\n\\bottomrule\n\\end{tabular}\n',
    ],
  ])('as %s', (_, text) => expect(pointsOf(text)['']).toEqual(POINTS));

  it('two tables with the same columns are two series', () => {
    const table = (loss: number) => `| width | loss |\n|---|---|\n| 64 | ${loss} |\n| 128 | ${loss - 0.2} |\n`;
    expect(Object.keys(pointsOf(`### Adam\n\n${table(4)}\n### Muon\n\n${table(3.9)}`))).toEqual(['Adam', 'Muon']);
  });
});

describe('21-sep-line', () => {
  const POINTS = [[128, 3.7139], [256, 3.4422], [512, 3.2433], [1024, 3.0977]]; // prettier-ignore
  it.each(['semicolon.csv', 'comma.csv'])('%s', (file) =>
    expect(pointsOf(input(`21-sep-line/${file}`))['']).toEqual(POINTS),
  );
  it.each([
    ['tab', 'sep=\t\nwidth\tloss\n128\t3,7139\n256\t3,4422\n512\t3,2433\n1024\t3,0977\n'],
    ['quoted', '"sep=;"\r\nwidth;loss\r\n128;3,7139\r\n256;3,4422\r\n512;3,2433\r\n1024;3,0977\r\n'],
    [
      'behind a byte order mark',
      '\ufeffsep=;\nwidth;loss\n128;3.7139\n256;3.4422\n512;3.2433\n1.024;3.0977\n'.replace('1.024', '1024'),
    ],
    ['in capitals', 'SEP=|\nwidth|loss\n128|3.7139\n256|3.4422\n512|3.2433\n1024|3.0977\n'],
    ['after a blank line', '\nsep=,\nwidth,loss\n128,3.7139\n256,3.4422\n512,3.2433\n1024,3.0977\n'],
  ])('as %s', (_, text) => expect(pointsOf(text)['']).toEqual(POINTS));
});

describe('22-lowercase-suffix-and-target', () => {
  const SIZES = [70e6, 160e6, 410e6, 1e9, 1.4e9];
  it.each(['pythia-style.csv', 'capitals.csv'])('%s', (file) =>
    expect(sizesOf(input(`22-lowercase-suffix-and-target/${file}`)).slice(0, 5)).toEqual(SIZES),
  );
  it('other-spellings.csv', () => {
    expect(
      sizesOf(input('22-lowercase-suffix-and-target/other-spellings.csv'))
        .sort((a, b) => a - b)
        .slice(0, 5),
    ).toEqual(SIZES);
  });

  const as = (...sizes: string[]) => `params;loss\n${sizes.map((size, i) => `${size};${3 - i / 10}`).join('\n')}\n`;
  it.each([
    [
      'names of models',
      'model,pile_loss\npythia-70m,2.9\npythia-160m,2.8\npythia-410m,2.7\npythia-1b,2.6\npythia-1.4b,2.5\n',
    ],
    [
      'names with the size in brackets',
      'model,loss\nS (70M),2.9\nM (160M),2.8\nL (410M),2.7\nXL (1B),2.6\nXXL (1.4B),2.5\n',
    ],
    ['words', as('70 million', '160 million', '410 million', '1 billion', '1.4 billion')],
    ['German words', as('70 Mio.', '160 Mio.', '410 Mio.', '1 Mrd.', '1,4 Mrd.')],
    ['about', as('~70M', '≈160M', '~410M', '~1B', '~1.4B')],
    ['powers of ten', as('7×10^7', '1.6e8', '4.1*10**8', '10⁹', '1.4 x 10^9')],
  ])('as %s', (_, text) => expect(sizesOf(text)).toEqual(SIZES));

  it('the points are those of capital letters', () => {
    const all = (file: string) => pointsOf(input(`22-lowercase-suffix-and-target/${file}`))['']!;
    expect(all('pythia-style.csv').slice(0, 5)).toEqual(all('capitals.csv'));
  });
});
