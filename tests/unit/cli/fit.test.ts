import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fitCommand } from '../../../cli/fit.ts';
import { settledTable } from '../tables/settled-table.ts';
import { parseFitFile } from '../../../src/scaling/fit-file.ts';
import { TABLE } from '../scaling/published.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fit-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array): string {
  const path = join(folder, `losses-${process.hrtime.bigint()}.csv`);
  writeFileSync(path, content);
  return path;
}

function fit(...args: string[]) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = fitCommand(
    args,
    (text) => printed.push(text),
    (text) => complaints.push(text),
  );
  return { code, printed: printed.join('\n'), complaints };
}

function fitTo(...args: string[]) {
  const out = join(folder, 'fit.json');
  const result = fit(...args, '--out', out);
  expect(result.complaints).toEqual([]);
  expect(result.code).toBe(0);
  return { ...result, written: parseFitFile(JSON.parse(readFileSync(out, 'utf8'))) };
}

test('the published table, first seven: law, held-out errors and intervals, in print and at full precision', () => {
  const { printed, written } = fitTo(TABLE, '--first', '7');
  for (const shown of [
    '2.469431',
    '0.423108',
    '2.923299',
    '1.94046e-4',
    '+0.0093',
    '-0.0054',
    '-0.0056',
    'converged',
  ]) {
    expect(printed).toContain(shown);
  }
  expect(written.fits).toHaveLength(1);
  const [one] = written.fits;
  expect(one!.leastSquares!.a).toBeCloseTo(2.469431, 6);
  expect(one!.leastSquares!.b.toString().length).toBeGreaterThan(12);
  expect(one!.points).toHaveLength(7);
  expect(one!.predictions.map(({ x }) => x)).toEqual([194.24, 676.48, 1446.72]);
  expect(one!.backtest).toHaveLength(4 + 3 + 2 + 1);
  expect([one!.series, one!.x, one!.y]).toEqual([null, 'x', 'loss']);
});

test('as a process: exit code, one sentence on stderr, no stack trace', () => {
  const command = ['--import', 'tsx', 'cli/fit.ts', 'nowhere.csv'];
  const { status, stderr, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  expect([status, stderr, stdout]).toEqual([2, 'nowhere.csv: no such file or folder.\n', '']);
});

test('each series on its own; rows without a loss, and --target, are predicted', () => {
  const rows = ['idea,width,loss'];
  for (const width of [16, 32, 64, 128]) rows.push(`sp,${width},${3 + 4 / width}`, `mup,${width},${2 + 8 / width}`);
  const table = file([...rows, 'mup,512,', ''].join('\r\n'));
  const { written } = fitTo(table, '--series', 'idea', '--target', '1024', '2048');
  expect(written.fits.map(({ series }) => series)).toEqual(['sp', 'mup']);
  const [sp, mup] = written.fits;
  expect(sp!.predictions.map(({ x }) => x)).toEqual([1024, 2048]);
  expect(mup!.predictions.map(({ x }) => x)).toEqual([512, 1024, 2048]);
  expect(sp!.leastSquares!.c).toBeCloseTo(3, 8);
  // Losses without noise are believed to 0.005 %; the law itself is exact.
  expect(Math.abs(mup!.predictions[0]!.loss / (2 + 8 / 512) - 1)).toBeLessThan(5e-5);
  expect(mup!.leastSquares!.a).toBeCloseTo(8, 7);
});

test('targets and --first as people write them', () => {
  const table = file('params,loss\n1e6,4\n2e6,3.6\n4e6,3.3\n8e6,3.1\n');
  const { written } = fitTo(table, '--first', '3', '--target', '69M', "100'000'000", '1,000,000,000');
  expect(written.fits[0]!.predictions.map(({ x }) => x)).toEqual([8e6, 69e6, 100e6, 1e9]);
});

test('too few points still give a file that says so', () => {
  const { written } = fitTo(file('width,loss\n16,4\n32,3.5\n64,\n'));
  expect(written.fits[0]).toMatchObject({ status: 'too-few-points', leastSquares: null, predictions: [] });
});

describe('tables as people keep them', () => {
  const wanted = [
    { x: 16, loss: 4.25 },
    { x: 32, loss: 3.5 },
  ];
  test.each([
    ['commas, quotes and a byte order mark', '\uFEFF"width","loss"\n"16","4.25"\n32,3.5\n', 'width', 'loss'],
    ['tabs and other columns first', 'seed\tn_params\tval_loss\n1\t16\t4.25\n1\t32\t3.5\n', 'n_params', 'val_loss'],
    ['semicolons and decimal commas', 'Width;Eval loss\n16;4,25\n32;3,5\n', 'Width', 'Eval loss'],
    ['no header', '16,4.25\n32,3.5', '1', '2'],
    ['spaces, comments and blank lines', '# measured in May\n16   4.25\n\n32 3.5\n', '1', '2'],
    ['unknown names', 'name,breadth,nats\na,16,4.25\nb,32,3.5\n', 'breadth', 'nats'],
    ['loss before x', 'loss,d_model\n4.25,16\n3.5,3.2e1\n', 'd_model', 'loss'],
  ])('%s', (_, text, x, y) => {
    const { columns, series } = settledTable(text);
    expect([columns.x, columns.y]).toEqual([x, y]);
    expect(series[0]!.points).toEqual(wanted);
  });

  test('columns by name, whatever its case, and by number without a header', () => {
    const text = 'Width,params,train,test\n16,1,5,4.25\n32,2,4,3.5\n';
    expect(settledTable(text, { x: 'width', y: 'test' }).series[0]!.points).toEqual(wanted);
    expect(settledTable('9,4.25,16\n9,3.5,32\n', { x: '3', y: '2' }).series[0]!.points).toEqual(wanted);
  });

  test('a column called series is used, and said to be', () => {
    const { printed } = fit(file('series,width,loss\na,16,4\nb,16,3\n'));
    expect(printed).toContain('series are in column "series"');
  });
});

describe('bad input: exit code 2 and one sentence', () => {
  const good = 'width,loss\n16,4\n32,3.5\n64,3.2\n';
  test.each<[string, string | Uint8Array, string[], string]>([
    ['empty file', '', [], 'The file is empty'],
    ['blank file', ' \n\n', [], 'The file is empty'],
    ['binary file', new Uint8Array([0x89, 0x50, 0xff, 0, 1, 2]), [], 'not a text file'],
    ['text with a NUL', 'width,loss\n16,\0\n', [], 'not a text file'],
    ['JSON', '[{"width": 16, "loss": 0}]', [], 'Row 1, column "loss": must be a finite number above 0'],
    ['JSON that is none', '[{"width": 16, "loss"', [], 'begins like JSON and is none'],
    ['header only', 'width,loss\n', [], 'no rows'],
    ['one column', 'loss\n4\n', [], 'two columns'],
    ['zero loss', 'width,loss\n16,0\n', [], 'Row 2, column "loss"'],
    ['infinite loss', 'width,loss\n16,inf\n', [], 'not "inf"'],
    ['overflowing loss', 'width,loss\n16,1e999\n', [], 'not "1e999"'],
    ['words for a loss', 'width,loss\n16,four\n', [], 'not "four"'],
    ['NaN', 'width,loss\n16,nan\n32,nan\n', [], 'Row 2, column "loss": must be a finite number above 0'],
    ['x that is zero', 'width,loss\n0,3\n', [], 'Row 2, column "width": must be a finite number above 0, not "0".'],
    ['negative x', 'width,loss\n-16,4\n', [], 'column "width"'],
    ['unnamed series', 'run,width,loss\n,16,4\n', ['--series', 'run'], 'no series is named'],
    ['too many cells', 'width,loss\n8,53,3,9\n', [], 'Row 2 has 4 cells'],
    ['open quote', 'width,loss\n"16,4\n', [], 'quotation mark'],
    ['no such x', good, ['--x', 'params'], '--x: there is no column "params"; the table has the columns width, loss.'],
    ['no such y', good, ['--y', 'bpb'], '--y: there is no column "bpb"'],
    ['no such series', good, ['--series', 'idea'], '--series: there is no column "idea"'],
    ['two of one name', 'x,loss,loss\n1,2,3\n', [], 'several losses, "loss" and "loss (2)"'],
    ['x as y', good, ['--y', 'width', '--x', 'width'], '--y: column "width" is already x'],
    ['--first 2', good, ['--first', '2'], '--first must be a whole number of at least 3, not "2".'],
    ['--first many', good, ['--first', 'many'], '--first must be a whole number'],
    ['--first -3', good, ['--first', '-3'], '--first must be a whole number'],
    ['--first alone', good, ['--first'], '--first needs a value after it.'],
    ['--target 0', good, ['--target', '0'], '--target must be a finite number above 0, not "0".'],
    ['--target -5', good, ['--target', '-5'], '--target must be a finite number above 0, not "-5".'],
    ['--target wide', good, ['--target', 'wide'], '--target must be a finite number above 0, not "wide".'],
    ['--target of two readings', good, ['--target', '1,024'], '--target "1,024" may mean 1024 or 1.024; write one of'],
    ['a later one', good, ['--target', '128', '2,048'], '--target "2,048" may mean 2048 or 2.048; write one of these.'],
    ['unknown option', good, ['--law', 'cubic'], 'Unknown option --law; the options are --x,'],
    ['a second file that is not there', good, ['more.csv'], 'more.csv: no such file or folder.'],
    ['nowhere to write', good, ['--out', join('no', 'such', 'folder.json')], '--out: '],
  ])('%s', (_, content, args, words) => {
    const { code, complaints } = fit(file(content), ...args);
    expect(code).toBe(2);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(words);
    expect(complaints[0]).toMatch(/^[^\n]+\.$/);
  });

  test('no file, a folder, a missing file', () => {
    expect(fit()).toMatchObject({ code: 2, complaints: ['Name the file of losses: npm run fit -- losses.csv'] });
    expect(fit(folder).complaints).toEqual([`${folder}: it is a folder.`]);
    expect(fit('nowhere.csv').complaints).toEqual(['nowhere.csv: no such file or folder.']);
  });

  test('--help explains and is no error', () => {
    expect(fit('--help')).toMatchObject({ code: 0, complaints: [] });
  });
});

describe('faulty rows are left out, told together, and the others fitted', () => {
  const rows = [16, 32, 64, 128, 256].map((width) => `${width},${2 + 8 / width}`);
  const head = (text: string) => `width,loss\n${rows.join('\n')}\n${text}`;
  const loss = 'Column "loss" must be a finite number above 0, or empty to have it predicted';
  const width = 'Column "width" must be a finite number above 0';
  test.each<[string, string, string[], string]>([
    ['a word', head('512,four\n'), [], `1 row cannot be read and is left out. ${loss}: row 7 has "four".`],
    ['NaN alone at its size', head('512,nan\n'), [], `${loss}: row 7 has "nan".`],
    ['a blank line before it', head('\n512,-3\n'), [], `${loss}: row 8 has "-3".`],
    ['no size', head(',3\n'), [], `${width}: row 7 is empty.`],
    ['several', head('512,four\n?x,3\n1024,0\n'), [], `3 rows cannot be read and are left out. ${loss}: row 7 has "four", row 9 has "0". ${width}: row 8 has "?x".`], // prettier-ignore
    ['no header', `${rows.join('\n')}\n512,bad\n`, [], 'Column "2" must be a finite number above 0, or empty to have it predicted: row 6 has "bad".'], // prettier-ignore
    ['no series', `run,width,loss\n${rows.map((row) => `a,${row}\n`).join('')},512,2\n`, ['--series', 'run'], 'Column "run" must name a series: row 7 is empty.'], // prettier-ignore
    ['JSON', JSON.stringify([...rows.map((row) => ({ width: row.split(',')[0], loss: row.split(',')[1] })), { width: 512, loss: '2,x' }]), [], `${loss}: row 6 has "2,x".`], // prettier-ignore
  ])('%s', (_, text, args, words) => {
    const { printed, written } = fitTo(file(text), ...args);
    expect(printed).toContain(words);
    expect(written.reading!.notes.join(' ')).toContain(words);
    expect(written.fits).toHaveLength(1);
    expect(written.fits[0]!.points.map(({ x }) => x)).toEqual([16, 32, 64, 128, 256]);
    expect(written.fits[0]!.leastSquares!.a).toBeCloseTo(8, 6);
  });

  test('a rate that is none, in a sweep', () => {
    const sweep = [16, 32, 64].flatMap((w) => [0.1, 0.2, 0.4].map((lr) => `${w},${lr},${3 + lr + 1 / w}`));
    const { printed, written } = fitTo(file(`width,lr,loss\n${sweep.join('\n')}\n64,auto,2.5\n`));
    expect(printed).toContain('Column "lr" must be a finite number, or empty: row 11 has "auto".');
    expect(written.fits[0]!.points.map(({ loss: one }) => one)).not.toContain(2.5);
  });

  test('a coordinate check', () => {
    const check = [16, 32, 64].flatMap((w) => [1, 2, 3].map((t) => `${w},mlp,${t},0.3`));
    const { printed } = fitTo(file(`width,module,t,l1\n${check.join('\n')}\nwide,mlp,1,0.3\n`));
    expect(printed).toContain('Column "width" must be a finite number of at least 0: row 11 has "wide".');
  });
});

test('whoever has read enough of a pipe ends it without a word, and a file that was asked for is whole', () => {
  const table = file(
    `width,loss\n${Array.from({ length: 400 }, (_, i) => `${16 * (i + 1)},${3 + 4 / (i + 1)}`).join('\n')}\n`,
  );
  const out = join(folder, 'piped.json');
  const command = (streams: string) =>
    `set -o pipefail; "${process.execPath}" --import tsx cli/fit.ts "${table}" --out "${out}" ${streams} | head -n 1`;
  for (const streams of ['', '2>&1']) {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command(streams)], { encoding: 'utf8' });
    expect([status, stderr, stdout]).toEqual([0, '', `${table}: x is column "width", loss is column "loss".\n`]);
    expect(parseFitFile(JSON.parse(readFileSync(out, 'utf8'))).fits[0]!.points).toHaveLength(400);
    rmSync(out);
  }
});

test('the option that a question about the names of runs ends with is taken', () => {
  const rows = [64, 128, 256].flatMap((width) => [0, 1].map((k) => `m_${width}_${k},${2 + 9 / width + k / 1000}`));
  const path = file(`run,loss\n${rows.join('\n')}\n`);
  expect(fit(path).complaints[0]).toContain('or --seed "number 2 of run" (seeds: their mean)');
  const { printed } = fitTo(path, '--seed', 'number 2 of run', '--x', 'width');
  expect(printed).toContain('seeds are in column "number 2 of run"');
});

test('what is said of two series calls the sizes as the table does', () => {
  const rows = [1, 2, 4, 8, 16].flatMap((k) => [`${k}e6,adam,${2 + 2 / k}`, `${k}e6,sgd,${2.5 + 2 / k ** 0.5}`]);
  const { printed, written } = fitTo(file(`params,optimizer,loss\n${rows.join('\n')}\n`), '--target', '64e6');
  expect(written.comparisons![0]!.sentence).toContain('at params = 6.4e7');
  expect(printed).toContain(written.comparisons![0]!.sentence);
});

test('curves of several sizes are brought to one scale, and what that says stands in the file', () => {
  const rows = [32, 64, 128, 256].flatMap((width) =>
    [-1, 1].flatMap((seed) =>
      [1, 2, 3, 4, 5, 6, 7, 8].map((k) => {
        const off = k < 8 ? 1 + seed / 500 : 1;
        return `${width},${seed},${k * 100},${2 + (8 / width ** 0.5) * (k / 8) ** -0.5 * off}`;
      }),
    ),
  );
  const { printed, written } = fitTo(file(`width,seed,step,loss\n${rows.join('\n')}\n`));
  const [collapse] = written.collapse!;
  expect(collapse).toMatchObject({ series: 'The table', verdict: 'collapses' });
  expect(collapse!.noise).toBeCloseTo(0.002, 9);
  expect(collapse!.deviation!).toBeLessThan(1e-9);
  expect(printed).toContain(collapse!.sentence);
  expect(fitTo(TABLE).written.collapse).toBeUndefined();
});

describe('parameters and tokens', () => {
  const law = (n: number, d: number) => 1.8 + 400 / n ** 0.35 + 2000 / d ** 0.37;
  const rows = [1e6, 3e6, 1e7, 3e7].flatMap((n) => [1e8, 1e9, 1e10].map((d) => `${n},${d},${law(n, d)}`));

  test('a column of tokens makes the law joint, and an empty loss is predicted', () => {
    const path = file(`params,tokens,loss\n${rows.join('\n')}\n1e9,1e11,\n`);
    const { printed, written } = fitTo(path, '--tokens', 'tokens');
    expect(printed).toContain('L(N, D) = E + A/N^alpha + B/D^beta');
    const { status, joint, leastSquares } = written.fits[0]!;
    expect({ status, leastSquares }).toEqual({ status: 'joint', leastSquares: null });
    expect(joint!.leastSquares!.E).toBeCloseTo(1.8, 7);
    expect(joint!.huber!.alpha).toBeCloseTo(0.35, 4);
    expect(joint!.predictions[0]!.loss).toBeCloseTo(law(1e9, 1e11), 7);
  });

  test('losses after different training are not fitted as one law of x', () => {
    const path = file(`params,tokens,loss\n${rows.join('\n')}\n`);
    expect(fit(path).complaints[0]).toMatch(
      /Column "tokens" has 100000000 and 1000000000: a law over x alone needs losses after equal training\. Are its rows points on the curves of trainings, or trainings of several lengths\? The option for that is --tokens tokens \(a law of both\); or --step tokens \(curves: the last loss of each\), or --tokens none \(leave it out of account\)\.$/,
    );
    expect(fit(path, '--tokens', 'tokens', '--first', '4').complaints[0]).toMatch(
      /^--first goes with a law over x alone/,
    );
    expect(fit(path, '--tokens', 'loss', '--y', 'loss').complaints[0]).toMatch(/is already the loss/);
    expect(fit(path, '--tokens', 'words').complaints[0]).toMatch(/there is no column "words"/);
  });
});

describe('an option that can say nothing of a table', () => {
  const widths = 'width,loss\n64,3.5\n128,3.3\n256,3.2\n512,3.1\n';
  const check = `width,module,t,l1\n${[64, 128, 256].flatMap((width) => ['embed', 'attn'].flatMap((module) => [0, 1, 2, 3].map((t) => `${width},${module},${t},0.8`))).join('\n')}\n`;
  const curve = 'step,val_loss\n100,4.1\n200,3.9\n300,3.7\n';

  test.each([
    ['--budget', '1e20', widths, 'the table has no column of tokens (--tokens COLUMN)'],
    ['--budget', '1e20', check, 'a coordinate check has no law of losses'],
    ['--target', '1024', check, 'a coordinate check has no law of losses'],
    ['--first', '3', check, 'a coordinate check has no law of losses'],
    ['--first', '3', curve, 'no training has a size, so there is no law'],
  ])('%s %s is told so in one sentence', (option, value, table, why) => {
    const { code, printed } = fit(file(table), option, value);
    expect(code).toBe(0);
    expect(printed.split('\n').filter((line) => line.includes(`${option} counts for nothing`))).toHaveLength(1);
    expect(printed).toContain(why);
  });

  test('--first beyond the table too, and where it counts nothing is said', () => {
    expect(fit(file(widths), '--first', '99').printed).toContain('--first 99 holds nothing back');
    expect(fit(file(widths), '--first', '3').printed).not.toContain('counts for nothing');
  });
});

test('the base of a logarithm is an option, and what it settles is read', () => {
  const table = file('width,log(loss)\n64,0.5\n128,0.45\n256,0.4\n');
  const { code, complaints } = fit(table);
  expect(code).toBe(2);
  expect(complaints[0]).toContain('The option for that is --base 10, --base 2 or --base e.');
  const [one] = fitTo(table, '--base', 'e').written.fits;
  expect(one!.points.map(({ loss }) => loss)).toEqual([0.5, 0.45, 0.4].map(Math.exp));
  expect(fit(table, '--base', '7').complaints).toEqual(['--base must be 10, 2 or e, not "7".']);
});

test('lengths that nobody wants are asked about once, by the option that was given', () => {
  const rows = [1e7, 3e7, 1e8].flatMap((n) => [1e9, 3e9].map((d) => `${n},${d},${2 + 50 / n ** 0.3 + 50 / d ** 0.3}`));
  const { code, printed } = fit(file(`params,tokens,loss\n${rows.join('\n')}\n`), '--tokens', 'none');
  expect(code).toBe(0);
  expect(printed).toContain('which the law leaves out of account');
});
