/** Shapes in which loggers, shells and papers have their numbers, and many rows of them. */
import { describe, expect, it, test } from 'vitest';
import { laddersIn } from '../../../src/tables/ladders.ts';
import { readTable, type Reading } from '../../../src/tables/reading.ts';
import { settledTable } from './settled-table.ts';

const pointsOf = (reading: Reading) => laddersIn(reading).map(({ points }) => points.map(({ x, loss }) => [x, loss]));
const THREE = [[64, 4], [128, 3.8], [256, 3.6]]; // prettier-ignore

describe('one table', () => {
  it.each([
    ['write.csv of R', '"","n_embd","val_loss"\n"1",64,4\n"2",128,3.8\n"3",256,3.6\n'],
    ['write.csv2 of R', '"";"n_embd";"val_loss"\n"1";64;4,0\n"2";128;3,8\n"3";256;3,6\n'],
    ['write.table of R, without a name above the rows', 'n_embd val_loss\n1 64 4.0\n2 128 3.8\n3 256 3.6\n'],
    ['a print of pandas', '   width  loss\n0     64   4.0\n1    128   3.8\n2    256   3.6\n'],
    ['to_json of pandas, split', '{"columns":["width","loss"],"index":[0,1,2],"data":[[64,4],[128,3.8],[256,3.6]]}'],
    ['to_json of pandas, columns', '{"width":{"0":64,"1":128,"2":256},"loss":{"0":4,"1":3.8,"2":3.6}}'],
    [
      'to_json of pandas, index',
      '{"0":{"width":64,"loss":4},"1":{"width":128,"loss":3.8},"2":{"width":256,"loss":3.6}}',
    ],
    [
      'to_json of pandas, table',
      '{"schema":{"fields":[{"name":"width"},{"name":"loss"}]},"data":[{"width":64,"loss":4},{"width":128,"loss":3.8},{"width":256,"loss":3.6}]}',
    ],
    ['to_json of pandas, lines', '{"width":64,"loss":4}\n{"width":128,"loss":3.8}\n{"width":256,"loss":3.6}\n'],
    ['savetxt of numpy', '6.4e+01 4.0e+00\n1.28e+02 3.8e+00\n2.56e+02 3.6e+00\n'],
    ['a dictionary as Python prints it', "{'width': [64, 128, 256], 'loss': [4.0, 3.8, 3.6]}"],
    ['rows of LaTeX', 'Width & Loss \\\\ \\hline\n64 & 4.0 \\\\\n128 & $3.8$ \\\\\n256 & \\textbf{3.6} \\\\\n'],
    ['errors behind ±', 'width,loss\n64,4.00 ± 0.02\n128,3.80 ± 0.02\n256,3.60 ± 0.01\n'],
    ['errors in the last digits', 'width,loss\n64,4.00(2)\n128,3.80(2)\n256,3.60(1)\n'],
    ['log2 of the width', 'log2(width),loss\n6,4\n7,3.8\n8,3.6\n'],
    ['a table on its side', 'width,64,128,256\nloss,4,3.8,3.6\n'],
    [
      'Levanter, of several means the macro one',
      'model.hidden_dim,eval/paloma/c4_en/loss,eval/paloma/macro_loss,train/loss\n64,1,4,1.5\n128,1.1,3.8,1.4\n256,1.2,3.6,1.3\n',
    ],
  ])('as %s', (_, text) => expect(pointsOf(settledTable(text).reading)[0]).toEqual(THREE));

  it('a logarithm to no known base is asked about, in words that help', () => {
    expect(readTable('log N,loss\n6,4\n7,3.8\n8,3.6\n').questions[0]!.sentence).toBe(
      'Column "log N" holds logarithms and does not say to which base; call it log2, log10 or ln, or write the numbers themselves.',
    );
  });

  it('a count whose name says nothing, and that does not go with the size, is asked about', () => {
    const asks = (counts: readonly number[]) =>
      readTable(`params,qux,loss\n${[1e7, 3e7, 1e8, 3e8].map((n, i) => `${n},${counts[i]},${4 - i / 5}`).join('\n')}\n`)
        .questions[0]?.sentence;
    expect(asks([2e9, 8e9, 3e9, 2e10])).toBe(
      'Column "qux" has 2000000000 and 8000000000, and its name does not say what of: is it the length of training?',
    );
    expect(asks([100, 200, 300, 400])).toBeUndefined();
    expect(asks([3, 1, 2, 5])).toBeUndefined();
  });
});

describe('logs of a training', () => {
  const curvesOf = (text: string) => settledTable(text).reading.measurements.map(({ curve }) => curve);
  it.each([
    [
      'nanoGPT',
      'step 0: train loss 4.4, val loss 4.5\niter 10: loss 4.39, time 20.1ms, mfu 3.0%\nstep 250: train loss 3.9, val loss 4\nstep 500: train loss 3.7, val loss 3.8\n',
    ],
    [
      'Megatron',
      [0, 250, 500]
        .map(
          (step, i) =>
            ` iteration  ${step}/  9000 | consumed samples:  ${step * 8} | elapsed time per iteration (ms): 50.1 | learning rate: 1.0E-4 | lm loss: ${[4.5, 4, 3.8][i]} | grad norm: 1.1 |`,
        )
        .join('\n'),
    ],
    ['the state of a trainer', JSON.stringify({ global_step: 500, log_history: [0, 250, 500].flatMap((step, i) => [{ epoch: step / 500, loss: 3, learning_rate: 1e-3, step }, { epoch: step / 500, eval_loss: [4.5, 4, 3.8][i], step }]) })], // prettier-ignore
  ])('as %s prints them', (_, text) =>
    expect(curvesOf(text)).toEqual([{ steps: [0, 250, 500], losses: [4.5, 4, 3.8] }]),
  );

  it('a schedule of the rate along a curve sweeps nothing', () => {
    const rows = [64, 128, 256].flatMap((w, k) =>
      Array.from({ length: 10 }, (_, i) => `${w},${i * 100},${1e-3 / (i + 1)},${4 - k / 5 + 1 / (i + 1)}`),
    );
    const { reading } = settledTable(`n_embd,step,lr,val_loss\n${rows.join('\n')}\n`);
    expect([reading.kind, reading.swept, reading.measurements.length]).toEqual(['curves', [], 3]);
  });

  it('one that diverged on its way has no loss, and shortens no other', () => {
    const rows = [64, 128, 256].flatMap((w) =>
      Array.from({ length: 10 }, (_, i) =>
        w === 128 && i > 4 ? (i === 5 ? `${w},${i},nan` : '') : `${w},${i},${4 - i / 10}`,
      ),
    );
    const { reading } = settledTable(`width,step,loss\n${rows.filter(Boolean).join('\n')}\n`);
    expect(reading.measurements.map(({ size, loss }) => [size, loss])).toEqual([[64, 3.1], [128, null], [256, 3.1]]); // prettier-ignore
  });
});

describe('several files', () => {
  const files = (...all: [name: string, text: string][]) => readTable(all.map(([name, text]) => ({ name, text })));

  it('of one run each, with what their names say', () => {
    const run = (loss: number) => `step,loss\n100,${loss + 1}\n200,${loss}\n`;
    const all = [1e6, 4e6].flatMap((n, i) =>
      [5e6, 1e7, 2e7].map((d, k): [string, string] => [`runs/N${n}_D${d}.csv`, run(5 - i / 5 - k / 10)]),
    );
    const [question] = files(...all).questions;
    expect(question!.answers[0]).toMatchObject({ role: 'tokens', label: 'a law of both' });
    const { role, places } = question!.answers[0]!;
    const reading = readTable(
      all.map(([name, text]) => ({ name, text })),
      { [role]: places! },
    );
    expect(reading.measurements.map(({ size, tokens, loss }) => [size, tokens, loss])).toContainEqual([4e6, 2e7, 4.6]);
    expect(reading.measurements).toHaveLength(6);
  });

  it('that are all called alike are told apart by their folders', () => {
    const log = 'iter,train/loss,val/loss\n0,4.4,4.4\n1,4.1,4\n';
    const all = [64, 128].flatMap((w) =>
      [0.1, 0.2].map((lr): [string, string] => [`out/width${w}_seed1_lr${lr}/log.csv`, log]),
    );
    const reading = files(...all);
    expect([reading.questions, reading.swept, reading.measurements.length]).toEqual([[], ['learning rate'], 4]);
  });

  it('of activations, one for each width', () => {
    const log = 'iter,train/loss,attn_act_abs_mean,mlp_act_abs_mean\n0,4,0.1,0.2\n1,4,0.1,0.3\n';
    const reading = files(['out/width64_seed1/log.csv', log], ['out/width128_seed1/log.csv', log]);
    expect([reading.kind, reading.activations.length]).toEqual(['activations', 8]);
    expect(reading.activations[0]).toEqual({
      series: null,
      width: 64,
      module: 'attn_act_abs_mean',
      step: 0,
      seed: 1,
      value: 0.1,
    });
  });

  it('of one record each', () => {
    const record = (width: number, loss: number) =>
      JSON.stringify({ val_loss: loss, config: { n_embd: width, lr: 1e-3 } });
    expect(pointsOf(files(['a.json', record(64, 4)], ['b.json', record(128, 3.8)]))).toEqual([THREE.slice(0, 2)]);
  });
});

describe('coordinate checks', () => {
  it.each([
    [
      'a data frame of microsoft/mup',
      ',module,t,l1,width\n0,attn,1,0.3,64\n1,mlp,1,0.2,64\n2,attn,1,0.4,128\n3,mlp,1,0.2,128\n',
    ],
    ['modules across', 'width,step,attn,mlp\n64,1,0.3,0.2\n128,1,0.4,0.2\n'],
    ['widths across', 'module,step,64,128\nattn,1,0.3,0.4\nmlp,1,0.2,0.2\n'],
  ])('as %s', (_, text) => {
    const { reading } = settledTable(text);
    const value = (module: string, width: number) =>
      reading.activations.find((one) => one.module === module && one.width === width && one.step === 1)?.value;
    expect([reading.activations.length, value('attn', 128), value('mlp', 64)]).toEqual([4, 0.4, 0.2]);
  });

  it('steps across', () => {
    const { reading } = settledTable(
      'layer,width,l1 (t=1),l1 (t=5)\nattn,64,0.3,0.3\nattn,128,0.4,0.6\nmlp,64,0.2,0.2\nmlp,128,0.2,0.2\n',
    );
    expect(reading.activations.slice(0, 4).map(({ width, step, value }) => [width, step, value])).toEqual([[64, 1, 0.3], [64, 5, 0.3], [128, 1, 0.4], [128, 5, 0.6]]); // prettier-ignore
  });
});

// Work that grew with the square of the rows would take minutes; a call with all of them as its arguments would fail.
test.each([
  ['a sweep', 60_000, 'run,width,lr,seed,loss,wall_time', (i: number) => [`r${i}-x`, 64 * 2 ** (i % 6), 0.001 * 2 ** (Math.floor(i / 6) % 8), Math.floor(i / 48), 3 + (i % 97) / 100, 90 + i]], // prettier-ignore
  ['curves', 60_000, 'width,step,loss,lr', (i: number) => [64 * 2 ** (i % 4), Math.floor(i / 4) + 1, 3 + 1 / (1 + i), 1 / (1 + i)]], // prettier-ignore
  ['one curve', 150_000, 'Wall time,Step,Value', (i: number) => [1.7e9 + i, i, 3 + 1 / (1 + i)]],
  ['repeats', 60_000, 'width,loss,name', (i: number) => [64 * 2 ** (i % 5), 3 + (i % 991) / 1000, `lunar-sky-${i}`]],
])('many rows of %s are read', { timeout: 120_000 }, (_, count, header, row) => {
  const rows = Array.from({ length: count }, (__, i) => row(i).join(','));
  const { faults, questions, measurements } = readTable(`${header}\n${rows.join('\n')}\n`);
  expect([faults, questions]).toEqual([[], []]);
  expect(measurements.length).toBeGreaterThan(0);
});

describe('JSON records with lists', () => {
  const [widths, steps] = [
    [64, 128, 256],
    [100, 200, 300, 400],
  ];
  const at = (width: number, step: number) => 2 + 6 / width + 30 / (step + 10);
  const read = (records: unknown) => readTable(JSON.stringify(records));
  const curvesOf = (records: unknown) => {
    const { questions, measurements } = read(records);
    expect(questions).toEqual([]);
    return measurements.map(({ size, curve }) => [size, curve]);
  };
  const CURVES = widths.map((width) => [width, { steps, losses: steps.map((step) => at(width, step)) }]);
  const losses = (width: number) => steps.map((step) => at(width, step));

  it.each([
    ['side by side', widths.map((width) => ({ width, betas: [0.9, 0.95], steps, losses: losses(width) }))],
    [
      'in records below',
      widths.map((width) => ({ width, curve: steps.map((step) => ({ step, loss: at(width, step) })) })),
    ],
    ['under names', widths.map((width) => ({ config: { width }, history: { step: steps, val_loss: losses(width) } }))],
    ['by width', Object.fromEntries(widths.map((width) => [`w${width}`, { steps, losses: losses(width) }]))],
  ])('of steps and losses, %s, are curves', (_, records) => {
    expect(curvesOf(records)).toEqual(CURVES);
  });

  it('of losses alone are asked about, and beside a last loss left out', () => {
    const [question] = read(widths.map((width) => ({ width, losses: losses(width) }))).questions;
    expect(question!.sentence).toMatch(/^Column "place in the list" has "1" and "2" at width 64/);
    const { measurements } = read(widths.map((width) => ({ width, final_loss: 3, losses: losses(width) })));
    expect(measurements.map(({ loss, curve }) => [loss, curve])).toEqual(widths.map(() => [3, undefined]));
  });

  it('of seeds and losses are repeats, a seed of 0 among them', () => {
    const { measurements, questions } = read(widths.map((width) => ({ width, seeds: [0, 1, 2], loss: [3, 3.1, 3.2] })));
    expect([questions, measurements.map(({ seed }) => seed)]).toEqual([[], [0, 1, 2, 0, 1, 2, 0, 1, 2]]);
  });
});
