/** Columns that say nothing of a law, as every logger adds some; each may have gaps. */
import type { Cell, Drawn, DrawnColumn } from './drawn.ts';
import type { Random } from './random.ts';
import { SPREADS, STANDARD_ERRORS } from './spellings.ts';

type Noise = (drawn: Drawn, random: Random) => DrawnColumn | null;

const of = (name: string, cells: Cell[], style: DrawnColumn['style'] = 'plain'): DrawnColumn => ({
  purpose: 'noise',
  name,
  cells,
  style,
});
const rowsOf = ({ columns }: Drawn) => columns[0]!.cells.map((_, i) => i);
const cellsOf = (drawn: Drawn, purpose: DrawnColumn['purpose']) =>
  drawn.columns.find((one) => one.purpose === purpose)?.cells;
const each = (drawn: Drawn, make: (i: number) => Cell) => rowsOf(drawn).map(make);
const letters = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.pick([...'abcdefghijkmnopqrstuvwxyz0123456789'])).join('');
const WORDS =
  'lunar hopeful stellar dusty golden fresh brisk quiet azure polar sunset river planet forest cosmic mountain silver bold'.split(
    ' ',
  );

const rowNumbers: Noise = (drawn, random) => {
  const first = random.pick([0, 1]);
  return of(
    random.pick(['', 'Unnamed: 0', 'index', 'id', 'row', '#', 'no.']),
    each(drawn, (i) => i + first),
  );
};
const runIds: Noise = (drawn, random) =>
  of(
    random.pick(['run_id', 'id', 'ID', 'wandb_id', 'job_id', 'uuid']),
    each(drawn, () => `k${letters(random, 7)}`),
  );
const runNames: Noise = (drawn, random) =>
  of(
    random.pick(['Name', 'run', 'run_name', 'name']),
    each(drawn, (i) => `${random.pick(WORDS)}-${random.pick(WORDS)}-${i + 3}`),
  );
const toldNames: Noise = (drawn, random) => {
  const size = cellsOf(drawn, 'size')!;
  const more = drawn.columns.filter(({ purpose }) => ['swept', 'seed', 'series'].includes(purpose));
  return of(
    random.pick(['Name', 'run_name', 'job_name']),
    each(drawn, (i) => [`x${i}`, `w${size[i]}`, ...more.map(({ cells }) => cells[i])].join('_')),
  );
};
const wallTime: Noise = (drawn, random) =>
  of(
    random.pick(['Runtime', 'wall_time', 'Wall time', 'train_runtime', 'hours', '_timestamp', 'elapsed', 'duration']),
    each(drawn, () => Number(random.between(100, 90000).toFixed(2))),
  );
const speed: Noise = (drawn, random) =>
  of(
    random.pick(['tokens_per_sec', 'throughput/tokens_per_second', 'mfu', 'samples_per_second']),
    each(drawn, () => Number(random.between(10, 900).toFixed(1))),
  );
const states: Noise = (drawn, random) =>
  of(
    random.pick(['State', 'state', 'status', 'run_state']),
    each(drawn, () => 'finished'),
  );
const constantWord: Noise = (drawn, random) =>
  of(
    random.pick(['project', 'dataset', 'tokenizer', 'user', 'config.act_fn', 'team', 'dtype']),
    each(drawn, () => random.pick(['c4'])),
  );
const constantNumber: Noise = (drawn, random) => {
  const [name, value] = random.pick([
    ['config.batch_size', 64], ['seq_len', 1024], ['vocab_size', 50257], ['config.beta1', 0.9], ['grad_clip', 1], ['n_head', 8], ['context_length', 2048], ['warmup_iters', 200],
  ] as const); // prettier-ignore
  return drawn.columns.some((one) => one.name === name)
    ? null
    : of(
        name,
        each(drawn, () => value),
      );
};
const equalTokens: Noise = (drawn, random) =>
  drawn.columns.some(({ purpose }) => purpose === 'tokens' || purpose === 'step')
    ? null
    : of(
        random.pick(['tokens', 'train_tokens', 'max_iters', 'num_train_steps', 'epochs']),
        each(drawn, () => 20000),
      );
const constantSeed: Noise = (drawn) =>
  cellsOf(drawn, 'seed')
    ? null
    : of(
        'seed',
        each(drawn, () => 1337),
      );
const machine: Noise = (drawn, random) =>
  of(
    random.pick(['host', 'node', 'gpu', 'Hostname']),
    each(drawn, () => random.pick(['node-a', 'node-b'])),
  );
const auxiliary: Noise = (drawn, random) =>
  of(
    random.pick(['train/aux_loss', 'z_loss', 'router_z_loss', 'load_balancing_loss']),
    each(drawn, () => Number(random.between(0.9, 1.1).toFixed(4))),
  );
const spread: Noise = (drawn, random) =>
  of(
    random.pick(SPREADS),
    each(drawn, () => Number(random.between(0.002, 0.02).toFixed(4))),
  );
const standardError: Noise = (drawn, random) =>
  drawn.kind === 'curves'
    ? null
    : {
        ...of(
          random.pick(STANDARD_ERRORS),
          each(drawn, () => Number(random.between(0.002, 0.01).toFixed(4))),
        ),
        purpose: 'error',
      };
const gradNorm: Noise = (drawn, random) =>
  of(
    random.pick(['grad_norm', 'train/grad_norm', 'gradnorm']),
    each(drawn, () => Number(random.between(0.1, 2).toFixed(4))),
  );
const accuracy: Noise = (drawn, random) =>
  of(
    random.pick(['eval/accuracy', 'val_acc', 'hellaswag', 'mmlu']),
    each(drawn, () => Number(random.between(0.2, 0.6).toFixed(4))),
  );
const trainLoss: Noise = (drawn, random) => {
  const loss = drawn.columns.find(({ purpose }) => purpose === 'loss')!;
  if (!/val|eval|test|valid|验证/i.test(loss.name)) return null;
  return of(
    random.pick(['train_loss', 'train/loss', 'training loss']),
    loss.cells.map((cell) =>
      typeof cell === 'number' ? Number((cell - random.between(0.01, 0.05)).toFixed(4)) : cell,
    ),
  );
};
/** Of two held-out losses none is before the other. */
const otherHeldOut: Noise = (drawn, random) => {
  const loss = drawn.columns.find(({ purpose }) => purpose === 'loss')!;
  const names = ['val_loss', 'eval_loss', 'test_loss', 'validation loss'];
  if (!names.includes(loss.name)) return null;
  drawn.doubts.add('losses');
  const cells = loss.cells.map((cell) => (typeof cell === 'number' ? Number((cell + 0.013).toFixed(4)) : cell));
  return of(random.pick(names.filter((name) => name !== loss.name)), cells);
};
const perplexity: Noise = (drawn) =>
  of(
    'perplexity',
    cellsOf(drawn, 'loss')!.map((cell) => (typeof cell === 'number' ? Number(Math.exp(cell).toFixed(3)) : cell)),
  );
const compute: Noise = (drawn, random) => {
  const [size, tokens] = [cellsOf(drawn, 'size')!, cellsOf(drawn, 'tokens')];
  return tokens
    ? of(
        random.pick(['flops', 'compute', 'total_flops', 'C', 'budget']),
        size.map((one, i) => Number((6 * (one as number) * (tokens[i] as number)).toPrecision(4))),
      )
    : null;
};
const layers: Noise = (drawn, random) => {
  const sizes = [...new Set(cellsOf(drawn, 'size')!)].sort((a, b) => (a as number) - (b as number));
  const isGrowing = random.chance(0.5);
  return of(
    random.pick(['n_layer', 'num_layers', 'layers', 'depth']),
    cellsOf(drawn, 'size')!.map((size) => (isGrowing ? 2 + 2 * sizes.indexOf(size) : 12)),
  );
};
const otherSize: Noise = (drawn, random) => {
  const size = drawn.columns.find(({ purpose }) => purpose === 'size')!;
  const isWidth = size.cells.every((cell) => (cell as number) < 2e5);
  if (!isWidth || drawn.kind === 'coordinates') return null;
  const name = random.pick(['params', 'n_params', 'parameters']);
  const cells = size.cells.map((cell) => 12 * 4 * (cell as number) ** 2);
  for (const one of drawn.truth) one.otherSizes[name] = 48 * one.size ** 2;
  return of(name, cells, 'size');
};
const predicted: Noise = (drawn, random) =>
  of(
    random.pick(['predicted', 'predicted loss', 'fit']),
    each(drawn, () => Number(random.between(2, 4).toFixed(3))),
  );
const notes: Noise = (drawn) =>
  of(
    'notes',
    each(drawn, () => ''),
  );

const OF_LOSSES: Noise[] = [
  rowNumbers, runIds, runNames, toldNames, wallTime, speed, states, constantWord, constantNumber, equalTokens, constantSeed, machine, auxiliary, spread, standardError,
  gradNorm, accuracy, trainLoss, otherHeldOut, perplexity, compute, layers, otherSize, predicted, notes,
]; // prettier-ignore
const OF_CHECKS: Noise[] = [rowNumbers, constantWord, constantSeed, constantNumber];

/** Adds up to seven of them, and puts all columns in any order. */
export function addNoise(drawn: Drawn, random: Random): Drawn {
  const kinds = drawn.kind === 'coordinates' ? OF_CHECKS : OF_LOSSES;
  const columns = [...drawn.columns];
  for (const make of random.some(kinds, random.whole(0, drawn.kind === 'coordinates' ? 2 : 7))) {
    const column = make({ ...drawn, columns }, random);
    if (!column || columns.some(({ name }) => name.toLowerCase() === column.name.toLowerCase())) continue;
    columns.push(
      random.chance(0.15) && column.purpose === 'noise' && column.style !== 'size' ? withGaps(column, random) : column,
    );
  }
  return { ...drawn, columns: random.chance(0.5) ? random.shuffled(columns) : columns };
}

const withGaps = (column: DrawnColumn, random: Random): DrawnColumn =>
  /^(State|state|status|run_state)$/.test(column.name)
    ? column
    : { ...column, cells: column.cells.map((cell) => (random.chance(0.1) ? '' : cell)) };
