/** The trainings of a table, by kind, and the columns that tell them. */
import type { Cell, Doubt, Drawn, DrawnColumn, TrueActivation, Truth } from './drawn.ts';
import type { Random } from './random.ts';
import {
  LOSSES,
  NONSENSE,
  PARAMETERS,
  RATES,
  SEEDS,
  SERIES,
  SERIES_WORDS,
  SETTINGS,
  STEPS_IN_ALL,
  STEPS_OF_A_CURVE,
  TOKENS,
  WIDTHS,
} from './spellings.ts';

/** One row before it is written. */
interface Line {
  series: string | null;
  size: number;
  tokens: number | null;
  settings: Record<string, number>;
  seed: number | null;
  step: number | null;
  loss: number | null;
}

export const KINDS = [
  'sizes',
  'repeats',
  'crossed',
  'unequal lengths',
  'compute-optimal',
  'sweep',
  'grid',
  'nonsense sweep',
  'curves',
  'coordinates',
] as const;
export type Kind = (typeof KINDS)[number];

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
const figures = (value: number, count: number) => Number(value.toPrecision(count));

export function drawKind(kind: Kind, random: Random): Drawn {
  return kind === 'coordinates' ? drawCoordinates(random) : drawLosses(kind, random);
}

function widthsOf(random: Random): number[] {
  const first = random.pick([32, 48, 64, 96, 128, 192, 256]);
  return Array.from({ length: random.whole(3, 6) }, (_, i) => first * 2 ** i);
}

function parametersOf(random: Random): number[] {
  const first = random.pick([1.3e6, 4.6e6, 1e7, 19e6, 7e7, 1.25e8]);
  const times = random.pick([2, 2.3, 3, 4]);
  return Array.from({ length: random.whole(3, 6) }, (_, i) => figures(first * times ** i, random.whole(2, 5)));
}

function drawLosses(kind: Kind, random: Random): Drawn {
  const hasLengths = ['crossed', 'unequal lengths', 'compute-optimal'].includes(kind);
  const isWidth = !hasLengths && random.chance(kind === 'sweep' ? 0.75 : 0.5);
  const sizes = isWidth ? widthsOf(random) : parametersOf(random);
  const words = random.chance(kind === 'sweep' ? 0.6 : 0.35) ? random.pick(SERIES_WORDS) : null;
  const names = words ?? [null];
  const doubts = new Set<Doubt>();
  const digits = random.whole(3, 6);
  const law = (line: Omit<Line, 'loss'>, at: number) => {
    const u = isWidth ? 9 * line.size ** -0.45 : 420 / line.size ** 0.35;
    const d = line.tokens === null ? 0.4 : 600 / line.tokens ** 0.3;
    const off = Object.values(line.settings).reduce(
      (sum, value, k) => sum + 0.02 * (k + 1) * Math.log2(Math.abs(value / 0.004) + 0.01) ** 2,
      0,
    );
    const late = line.step === null ? 0 : 2 / line.step ** 0.4;
    return rounded(1.9 + u + d + off + late + 0.11 * at + random.between(0, 0.004), digits);
  };
  const lengths = Array.from({ length: random.whole(3, 5) }, (_, i) => figures(1e8 * random.pick([1, 3]) * 4 ** i, 3));
  const settings = settingsOf(kind, random);
  const firstSeed = random.pick([0, 1, 1337]);
  const isSeeded = kind === 'repeats' || (settings.length === 1 && random.chance(0.3));
  const seeds = isSeeded ? Array.from({ length: random.whole(2, 3) }, (_, i) => i + firstSeed) : [null];
  const points = random.chance(0.4) ? random.whole(3, 8) : random.whole(9, 25);
  const steps = kind === 'curves' ? Array.from({ length: points }, (_, i) => (i + 1) * 250) : [null];
  const ratio = random.pick([20, 20, 25, 100]);
  const off = unordered(sizes.length, random);
  const tokensOf = (size: number, i: number): number[] | null[] =>
    kind === 'crossed'
      ? lengths
      : kind === 'compute-optimal'
        ? [size * ratio]
        : kind === 'unequal lengths'
          ? [figures(1e9 * 2.1 ** off[i]!, 3)]
          : [null];
  const lines: Line[] = names.flatMap((series, at) =>
    sizes.flatMap((size, i) =>
      tokensOf(size, i).flatMap((tokens) =>
        combinations(settings).flatMap((chosen) =>
          seeds.flatMap((seed) =>
            steps.map((step): Line => {
              const line = { series, size, tokens, settings: chosen, seed, step };
              return { ...line, loss: law(line, at) };
            }),
          ),
        ),
      ),
    ),
  );
  if (kind === 'crossed' || kind === 'unequal lengths') doubts.add('lengths');
  if (kind === 'nonsense sweep') doubts.add('nonsense');
  diverge(lines, settings.length > 0 && random.chance(0.4), random);
  const isWanting = kind === 'sizes' && random.chance(0.25);
  const asked: Line[] = isWanting
    ? names.map((series) => ({
        series,
        size: sizes.at(-1)! * 4,
        tokens: null,
        settings: {},
        seed: null,
        step: null,
        loss: null,
      }))
    : [];
  const written = random.chance(0.3) ? random.shuffled(lines) : lines;
  const rows = [...written, ...asked];
  const DIVERGED = random.pick(['nan', 'NaN', 'diverged', 'inf']);
  const lossCells = rows.map(({ loss }, i): Cell => (i >= lines.length ? '' : (loss ?? DIVERGED)));
  const column = (
    purpose: DrawnColumn['purpose'],
    name: string,
    cells: Cell[],
    style: DrawnColumn['style'] = 'plain',
  ): DrawnColumn => ({ purpose, name, cells, style });
  const setNames = settings.map(({ name }) => name);
  const columns = [
    column(
      'size',
      random.pick(isWidth ? WIDTHS : PARAMETERS),
      rows.map(({ size }) => size),
      'size',
    ),
    column('loss', random.pick(LOSSES), lossCells, 'decimal'),
    ...(words
      ? [
          column(
            'series',
            random.pick(SERIES),
            rows.map(({ series }) => series),
          ),
        ]
      : []),
    ...(hasLengths
      ? [
          column(
            'tokens',
            random.pick(kind === 'crossed' && random.chance(0.2) ? STEPS_IN_ALL : TOKENS),
            rows.map(({ tokens }) => tokens),
            'size',
          ),
        ]
      : []),
    ...setNames.map((name) =>
      column(
        'swept',
        name,
        rows.map(({ settings }) => settings[name] ?? null),
      ),
    ),
    ...(isSeeded
      ? [
          column(
            'seed',
            random.pick(SEEDS),
            rows.map(({ seed }) => seed),
          ),
        ]
      : []),
    ...(kind === 'curves'
      ? [
          column(
            'step',
            random.pick(STEPS_OF_A_CURVE),
            rows.map(({ step }) => step),
          ),
        ]
      : []),
  ];
  const isLast = ({ step }: Line) => step === null || step === steps.at(-1);
  const truth = lines.filter(isLast).map(({ series, size, tokens, settings: own, loss }): Truth => ({
    series,
    size,
    otherSizes: {},
    tokens: kind === 'compute-optimal' ? null : tokens,
    settings: own,
    loss,
  }));
  return { kind, columns, truth, activations: [], wanted: asked.length, doubts };
}

/** 0 to count - 1 in an order that does not rise: along a rising one the lengths would be those of a ladder. */
function unordered(count: number, random: Random): number[] {
  const order = random.shuffled(Array.from({ length: count }, (_, i) => i));
  return order.every((value, i) => value === i) ? order.reverse() : order;
}

function settingsOf(kind: Kind, random: Random): { name: string; values: number[] }[] {
  const isSweep =
    kind === 'sweep' || kind === 'grid' || kind === 'nonsense sweep' || (kind === 'curves' && random.chance(0.4));
  if (!isSweep) return [];
  const least = random.pick([0.0005, 0.001]);
  const rates = Array.from({ length: random.whole(3, 6) }, (_, i) => least * 2 ** i);
  const rate = { name: random.pick(RATES), values: rates };
  const other = {
    name: random.pick(SETTINGS),
    values: random.pick([
      [0.01, 0.1, 0.3],
      [32, 64, 128],
      [0.9, 0.95, 0.99],
    ]),
  };
  const unknown = {
    name: random.pick(NONSENSE),
    values: random.pick([
      [0.1, 0.5, 1],
      [2, 4, 8, 16],
    ]),
  };
  return kind === 'grid' ? [rate, other] : kind === 'nonsense sweep' ? [unknown] : [random.chance(0.75) ? rate : other];
}

function combinations(settings: readonly { name: string; values: number[] }[]): Record<string, number>[] {
  return settings.reduce<Record<string, number>[]>(
    (all, { name, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

/** Some trainings at the largest setting end in no number. */
function diverge(lines: Line[], isWanted: boolean, random: Random): void {
  if (!isWanted) return;
  const largest = Math.max(...lines.map(({ settings }) => Object.values(settings)[0]!));
  for (const line of lines)
    if (Object.values(line.settings)[0] === largest && line.step === null && random.chance(0.4)) line.loss = null;
}

/* Coordinate checks */

const MODULES = [
  ['embedding', 'attention', 'mlp', 'logits'],
  ['transformer.wte', 'transformer.h.0.attn.c_attn', 'transformer.h.0.mlp.c_fc', 'lm_head'],
  ['layers.0.attn', 'layers.0.mlp', 'layers.1.attn', 'layers.1.mlp', 'output'],
];

function drawCoordinates(random: Random): Drawn {
  const widths = widthsOf(random);
  const modules = random.pick(MODULES);
  const steps = Array.from({ length: random.whole(3, 6) }, (_, i) => i);
  const words = random.chance(0.4) ? (['SP', 'muP'] as const) : null;
  const seeds = random.chance(0.4) ? [0, 1] : [null];
  const rows = (words ?? [null]).flatMap((series) =>
    widths.flatMap((width) =>
      seeds.flatMap((seed) =>
        steps.flatMap((step) =>
          modules.map((module, k) => ({
            series,
            width,
            seed,
            step,
            module,
            value: figures(0.2 + k * 0.1 + (series === 'SP' ? width / 500 : 0) + random.between(0, 0.01), 6),
          })),
        ),
      ),
    ),
  );
  const column = (purpose: DrawnColumn['purpose'], name: string, cells: Cell[]): DrawnColumn => ({
    purpose,
    name,
    cells,
    style: purpose === 'value' ? 'decimal' : 'plain',
  });
  const columns = [
    column(
      'size',
      random.pick(['width', 'd_model', 'n_embd', 'hidden_size']),
      rows.map(({ width }) => width),
    ),
    column(
      'module',
      random.pick(['module', 'layer', 'name', 'module_name', 'layer_name']),
      rows.map(({ module }) => module),
    ),
    column(
      'step',
      random.pick(['t', 'step', 'Step', 'iter']),
      rows.map(({ step }) => step),
    ),
    column(
      'value',
      random.pick(['l1', 'mean_abs', 'abs_mean', 'activation', 'act_norm', 'rms', 'coord_size']),
      rows.map(({ value }) => value),
    ),
    ...(words
      ? [
          column(
            'series',
            random.pick(['parametrization', 'model', 'recipe', 'run']),
            rows.map(({ series }) => series),
          ),
        ]
      : []),
    ...(seeds.length > 1
      ? [
          column(
            'seed',
            random.pick(SEEDS),
            rows.map(({ seed }) => seed),
          ),
        ]
      : []),
  ];
  const activations = rows.map(({ series, width, module, step, value }): TrueActivation => ({
    series,
    width,
    module,
    step,
    value,
  }));
  return { kind: 'coordinates', columns, truth: [], activations, wanted: 0, doubts: new Set() };
}
