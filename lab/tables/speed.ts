/** Milliseconds that 10,000 rows of common tables take to be read, of a core, warm: `npx tsx lab/tables/speed.ts [ROWS]`. */
import { readTable } from '../../src/tables/reading.ts';

const ROUNDS = 9;
const rows = Number(process.argv[2] ?? 10_000);

type Row = (i: number) => readonly (string | number)[];
const kinds: [string, string, Row][] = [
  [
    'a sweep with seeds, names and wall times',
    'run,width,lr,seed,loss,wall_time',
    (i) => [
      `r${i}-x`,
      64 * 2 ** (i % 6),
      0.001 * 2 ** (Math.floor(i / 6) % 8),
      Math.floor(i / 48),
      3 + (i % 97) / 100,
      90 + i,
    ],
  ],
  [
    'curves of four widths',
    'width,step,loss,lr',
    (i) => [64 * 2 ** (i % 4), Math.floor(i / 4) + 1, 3 + 1 / (1 + i), 1 / (1 + i)],
  ],
  [
    'curves with the columns of a logger',
    '_step,_timestamp,_runtime,train/loss,eval/loss,lr,grad_norm,n_embd,seed',
    (i) => [
      Math.floor(i / 5) * 10,
      1.7e9 + i,
      i / 2,
      3 + 1 / (1 + i),
      i % 25 === 0 ? 3.1 + 1 / (1 + i) : '',
      1e-3,
      1 + (i % 7) / 10,
      64 * 2 ** (i % 5),
      1,
    ],
  ],
  ['one curve of TensorBoard', 'Wall time,Step,Value', (i) => [1.7e9 + i, i, 3 + 1 / (1 + i)]],
  [
    'facts in the names of runs',
    'run,loss',
    (i) => [
      `mup_w${64 * 2 ** (i % 5)}_lr${2 ** -(3 + (Math.floor(i / 5) % 6))}_seed${Math.floor(i / 30)}`,
      3 + (i % 991) / 1000,
    ],
  ],
];

console.log(`| ${rows} rows | first time, ms | median of ${ROUNDS}, ms |\n| --- | ---: | ---: |`);
for (const [name, header, row] of kinds) {
  const text = [header, ...Array.from({ length: rows }, (_, i) => row(i).join(','))].join('\n');
  const times = Array.from({ length: ROUNDS }, () => {
    const begun = performance.now();
    readTable(text);
    return performance.now() - begun;
  });
  const median = times.toSorted((a, b) => a - b)[(ROUNDS - 1) / 2];
  console.log(`| ${name} | ${times[0].toFixed(0)} | ${median.toFixed(0)} |`);
}
