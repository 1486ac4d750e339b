/** Tables whose sizes, rates and seeds stand in the names of runs alone. */
import type { Cell, Drawn } from './drawn.ts';
import type { Random } from './random.ts';
import { RATES } from './spellings.ts';

/** The same trainings, told by their names, by letters or by bare numbers; null where names do not tell everything. */
export function drawnNamed(drawn: Drawn, random: Random): Drawn | null {
  const { columns } = drawn;
  const cellsOf = (purpose: string) => columns.find((one) => one.purpose === purpose)?.cells;
  const [size, series, swept, seed] = ['size', 'series', 'swept', 'seed'].map(cellsOf);
  const isTold = columns.every(({ purpose, name }) => purpose !== 'swept' || RATES.includes(name));
  const isPlain = series === undefined || series.every((cell) => /^[a-z]+$/i.test(cell as string));
  const isKind = ['sizes', 'repeats', 'sweep'].includes(drawn.kind);
  if (!isTold || !isPlain || !isKind || drawn.wanted > 0 || !size!.every((cell) => (cell as number) < 2e5)) return null;
  const width = random.pick(['w', 'd', 'width', 'd_model=', 'n_embd-', 'width=', '', '']);
  const rate = random.pick<(value: number) => string>([
    (value) => `lr${value}`,
    (value) => `lr=${value}`,
    (value) => `lr-${value.toExponential()}`,
    (value) => `lr_${value}`,
    (value) => `lr${String(value).replace('.', 'p')}`,
    (value) => String(value),
    (value) => value.toExponential(),
  ]);
  const mark = random.pick(['_', '-', ' ', '/', ', ']);
  const start = series ? null : random.pick(['mup', 'run', 'gpt', 'exp-a']);
  const name = (i: number): Cell =>
    [
      series?.[i] ?? start,
      `${width}${size![i]}`,
      ...(swept ? [rate(swept[i] as number)] : []),
      ...(seed ? [`${mark === ' ' ? 'seed' : 's'}${seed[i]}`] : []),
    ].join(mark);
  const left = columns.filter(({ purpose }) => !['size', 'series', 'swept', 'seed'].includes(purpose));
  const names = {
    purpose: 'noise' as const,
    name: random.pick(['run', 'Name', 'run_name', 'exp']),
    cells: size!.map((_, i) => name(i)),
    style: 'plain' as const,
  };
  return { ...drawn, kind: `${drawn.kind}, in names`, columns: [names, ...left] };
}
