/** The figures of bench.json as text: the same tables that stand in docs/benchmarks.md. */
import type {
  Bench,
  BrowserFigures,
  CohortFigures,
  CostFigures,
  EnduranceFigures,
  CpuCoresFigures,
  FirstLoadFigures,
  FirstStepFigures,
  IdleFigures,
  KernelFigures,
  LaunchFigures,
  LongTaskFigures,
  MatmulFigures,
  RefitFigures,
  Sections,
  StepFigures,
} from './figures.ts';
import { cohortName } from './gpt.ts';
import { markdownTable } from './markdown.ts';
import { SECTION_NAMES } from './options.ts';
import type { Spread } from './spread.ts';

type Writers = { [Name in keyof Sections]: { title: string; write(figures: Sections[Name]): string[] } };

const WRITERS: Writers = {
  'first-step': { title: 'Time to the first loss', write: firstStepText },
  steps: { title: 'Step time beside other libraries', write: stepText },
  cohorts: { title: 'Cohorts', write: cohortText },
  matmul: { title: 'Matrix products', write: matmulText },
  launches: { title: 'Launches of a step', write: launchText },
  kernels: { title: 'Where the time of a step goes', write: kernelText },
  cost: { title: 'Cost of a step against its size', write: costText },
  idle: { title: 'The GPU between cohorts', write: idleText },
  refit: { title: 'A full refit', write: refitText },
  'long-tasks': { title: 'The main thread while training', write: longTaskText },
  'first-load': { title: 'First load', write: firstLoadText },
  browsers: { title: 'Browsers', write: browserText },
  endurance: { title: 'Endurance', write: enduranceText },
  'cpu-cores': { title: 'The cores of the CPU', write: cpuCoresText },
};

/** Everything that was measured, section by section; each says on what. */
export function benchText(bench: Bench): string {
  return SECTION_NAMES.flatMap((name) => (bench.sections[name] ? [sectionText(bench, name)] : [])).join('\n\n');
}

export function sectionText<Name extends keyof Sections>(bench: Bench, name: Name): string {
  const { title, write } = WRITERS[name];
  return [`## ${title}`, placeText(bench), ...write(bench.sections[name]!)].join('\n\n');
}

/** One line: the adapter and whether it is a software one, the browser or Node, the processor. */
export function placeText({ adapter, host, quick, created }: Bench): string {
  const names = [adapter.vendor, adapter.architecture].filter((name) => name !== '');
  const name = adapter.description || names.join(' ') || 'unnamed';
  const kind = adapter.software ? 'a software adapter' : 'a hardware adapter';
  const cores = `${host.cores} ${host.cores === 1 ? 'core' : 'cores'}`;
  const extent = quick ? ' Quick: few sizes and repetitions.' : '';
  return `${name} (${kind}), ${host.version}, ${host.platform}, ${host.processor}, ${cores}; ${created.slice(0, 10)}.${extent}`;
}

function firstStepText({ widths: [first, next], firstVisit, laterVisits }: FirstStepFigures): string[] {
  return [
    markdownTable(
      ['From asking for a training to its first loss, ms (quartiles)', `width ${first}`, `then width ${next}`],
      [
        ['nothing compiled yet', ms(firstVisit.first), ms(firstVisit.next)],
        ['a new device, whose driver has seen the kernels', ...[laterVisits.first, laterVisits.next].map(spreadText)],
      ],
    ),
  ];
}

function idleText({ steps, rows }: IdleFigures): string[] {
  const share = (spread: Spread) =>
    spreadText({ ...spread, median: 100 * spread.median, lower: 100 * spread.lower, upper: 100 * spread.upper });
  return [
    markdownTable(
      [
        `Experiment of ${steps} steps`,
        'the next cohort',
        'cohorts',
        'seconds (quartiles)',
        'idle between cohorts, %',
        'for a seal, %',
      ],
      rows.map(({ experiment, isReady, cohorts, seconds, between, sealing }) => [
        ...[experiment, isReady ? 'made ready before' : 'in its turn', String(cohorts), spreadText(seconds)],
        ...[share(between), share(sealing)],
      ]),
    ),
  ];
}

function stepText({ rows, refusals, comparison }: StepFigures): string[] {
  const notes = rows.flatMap(({ contender, width, note }) =>
    note === null ? [] : [`- ${contender}, width ${width}: ${note}`],
  );
  const refused = refusals.map(({ contender, version, reason }) => `- ${contender} ${version} did not run: ${reason}`);
  return [
    markdownTable(
      ['Width', 'Trained by', 'loss read', 'step, ms (quartiles)', 'tokens/s', 'GFLOP/s', 'of the roof'],
      rows.map((row) => [
        String(row.width),
        `${row.contender} ${row.version}`,
        row.reads,
        spreadText(row.step),
        count(row.tokensPerSecond),
        significant(row.gigaflops),
        row.shareOfRoof === null ? '' : percent(row.shareOfRoof),
      ]),
      [0, 1, 2],
    ),
    ...(notes.length + refused.length > 0 ? [[...notes, ...refused].join('\n')] : []),
    markdownTable(
      ['Width', 'ours, ms', 'fastest other', 'its ms', 'times faster'],
      comparison.map(({ width, ours, peer, theirs, ratio }) => [
        String(width),
        ms(ours),
        peer,
        ms(theirs),
        significant(ratio),
      ]),
      [0, 2],
    ),
  ];
}

function cohortText({ rows, skipped }: CohortFigures): string[] {
  const split = rows.some(({ runs, together }) => together < runs);
  return [
    markdownTable(
      [
        'Width',
        'runs',
        ...(split ? ['at a time'] : []),
        'step, ms (quartiles)',
        'run-steps/s',
        'against one after another',
      ],
      rows.map(({ width, runs, together, step, runStepsPerSecond, ratio }) => [
        String(width),
        String(runs),
        ...(split ? [String(together)] : []),
        spreadText(step),
        significant(runStepsPerSecond),
        runs === 1 ? '' : timesText(ratio),
      ]),
    ),
    ...(skipped.length > 0
      ? [skipped.map(({ width, runs, reason }) => `- width ${width}, ${runs} runs: left out, ${reason}`).join('\n')]
      : []),
  ];
}

function matmulText({ roof, copy, rows }: MatmulFigures): string[] {
  return [
    `Roof, fused multiply-adds alone: ${spreadText(roof)} GFLOP/s. A copy: ${spreadText(copy)} GB/s.`,
    markdownTable(
      ['Product', 'shape', 'variant', 'chosen', 'GFLOP/s (quartiles)', 'of the roof'],
      rows.map(({ use, shape, variant, isChosen, gigaflops, shareOfRoof }) => [
        use,
        shape,
        variant,
        isChosen ? 'yes' : '',
        spreadText(gigaflops),
        percent(shareOfRoof),
      ]),
      [0, 1, 2, 3],
    ),
  ];
}

function launchText({ rows }: LaunchFigures): string[] {
  const kernels = [...new Set(rows.flatMap(({ byKernel }) => byKernel.map(({ kernel }) => kernel)))];
  const title = ({ width, runs }: LaunchFigures['rows'][number]) => cohortName(width, runs);
  const ofKernel = (row: LaunchFigures['rows'][number], kernel: string) =>
    row.byKernel.find((one) => one.kernel === kernel)?.launches ?? 0;
  return [
    markdownTable(
      ['For each step', ...rows.map(title)],
      [
        ['launches', ...rows.map(({ launches }) => count(launches))],
        ['submits', ...rows.map(({ submitsPerStep }) => significant(submitsPerStep))],
        ['buffers made', ...rows.map(({ buffersPerStep }) => significant(buffersPerStep))],
        ['bind groups made', ...rows.map(({ bindGroupsPerStep }) => significant(bindGroupsPerStep))],
      ],
    ),
    markdownTable(
      ['Launches by kernel', ...rows.map(title)],
      kernels.map((kernel) => [kernel, ...rows.map((row) => count(ofKernel(row, kernel)))]),
    ),
  ];
}

function kernelText({ columns }: KernelFigures): string[] {
  const total = ({ rows }: KernelFigures['columns'][number]) => rows.reduce((sum, { time }) => sum + time.median, 0);
  const last = columns[columns.length - 1];
  const kernels = last.rows.toSorted((a, b) => b.time.median - a.time.median).map(({ kernel }) => kernel);
  return [
    markdownTable(
      ['Launches of', ...columns.flatMap(({ width, runs }) => [`${cohortName(width, runs)}, ms (quartiles)`, 'share'])],
      [
        ...kernels.map((kernel) => [
          kernel,
          ...columns.flatMap((column) => {
            const row = column.rows.find((one) => one.kernel === kernel);
            return row ? [spreadText(row.time), percent(row.time.median / total(column))] : ['', ''];
          }),
        ]),
        ['all', ...columns.flatMap((column) => [ms(total(column)), '100 %'])],
      ],
    ),
  ];
}

function costText({ axes }: CostFigures): string[] {
  return axes.flatMap(({ axis, rows, slope }) => [
    markdownTable(
      [axis === 'runs' ? 'Runs in a cohort' : capital(axis), 'GFLOP a step', 'step, ms (quartiles)', 'GFLOP/s'],
      rows.map(({ value, gigaflop, step, gigaflops }) => [
        String(value),
        significant(gigaflop),
        spreadText(step),
        significant(gigaflops),
      ]),
    ),
    `The time grows as the operations to the power ${slope.toFixed(2)}.`,
  ]);
}

const pairTitle = (seeds: number) => (seeds === 1 ? '5 widths, 1 seed' : `5 widths, ${seeds} seeds`);

function refitText({ places }: RefitFigures): string[] {
  const counts = places[0]?.rows.map(({ points }) => points) ?? [];
  return [
    markdownTable(
      ['ms (quartiles)', 'the very first, 10 points', ...counts.map((points) => `${points} points`)],
      places.map(({ where, first, rows }) => [where, ms(first), ...rows.map(({ time }) => spreadText(time))]),
    ),
    markdownTable(
      ['A pair of recipes, ms (quartiles)', ...(places[0]?.pairs ?? []).map(({ seeds }) => pairTitle(seeds))],
      places.map(({ where, pairs }) => [where, ...pairs.map(({ time }) => spreadText(time))]),
    ),
  ];
}

function longTaskText(figures: LongTaskFigures): string[] {
  const { preset, firstLoss, training, longTasks, longestByProcessor, frames } = figures;
  return [
    markdownTable(
      [`Training the preset "${preset}" in the page`, 'measured'],
      [
        ['from pressing the button to the first loss on the page', `${ms(firstLoss)} ms`],
        ['from pressing the button to the end', `${(training / 1000).toFixed(1)} s`],
        ['tasks of 50 ms and more, by the clock', count(longTasks.count)],
        ['the longest of them', longTasks.longest === null ? 'none' : `${ms(longTasks.longest)} ms`],
        ['the longest task by processor time', `${ms(longestByProcessor)} ms`],
        ['time between frames (quartiles)', `${spreadText(frames.gap)} ms`],
        ['the longest time between frames', `${ms(frames.longest)} ms`],
        ['frames that came after more than 50 ms', count(frames.over50)],
      ],
    ),
  ];
}

function firstLoadText({ rows, limit }: FirstLoadFigures): string[] {
  const verdict = limit.gzip < limit.most ? 'under' : 'over';
  return [
    markdownTable(
      ['Loaded by the page, before anybody acts', 'files', 'bytes', 'gzip', 'brotli'],
      rows.map(({ kind, files, bytes, gzip, brotli }) => [
        kind,
        ...[files, bytes, gzip, brotli].map((value) => count(value)),
      ]),
    ),
    `${limit.kind}: ${count(limit.gzip)} bytes by gzip, ${verdict} the limit of ${count(limit.most)}.`,
  ];
}

function browserText({ steps, rows }: BrowserFigures): string[] {
  const [{ tiny: first }] = rows;
  return [
    markdownTable(
      ['Browser', 'engine', `${steps} steps of a tiny model, s (quartiles)`, 'to the first row', 'smoke to its end, s'],
      rows.map(({ name, engine, adapter, tiny, smoke }) => [
        name,
        engine === 'gpu' ? `WebGPU, ${adapter || 'an adapter without a name'}` : 'CPU, no WebGPU',
        spreadText(tiny),
        `${(tiny.median / first.median).toFixed(2)}x`,
        significant(smoke),
      ]),
    ),
  ];
}

function enduranceText({ steps, rows }: EnduranceFigures): string[] {
  const [first, second] = rows;
  const last = rows.at(-1)!;
  const mebibytes = (bytes: number | null) => (bytes === null ? 'not told' : significant(bytes / 2 ** 20));
  // The first ones compile; of the others a few show the course.
  const shown = rows.filter((_, i) => i < 2 || (i + 1) % Math.ceil(rows.length / 4) === 0);
  return [
    markdownTable(
      [
        `Trainings of ${steps} steps`,
        'each, ms (quartiles)',
        'objects of the page, MiB',
        'page and workers, MiB',
        'graphics process, MiB',
        'buffers made on the device',
        'left there',
        'bytes',
      ],
      shown.map(({ runs, run, heap, page, graphics, device }) => [
        count(runs),
        spreadText({ ...run, median: 1000 * run.median, lower: 1000 * run.lower, upper: 1000 * run.upper }),
        ...[heap, page, graphics].map(mebibytes),
        count(device.made),
        count(device.made - device.destroyed),
        count(device.bytes),
      ]),
      [],
    ),
    `The last ${count(last.runs - rows.at(-2)!.runs)} took ${(last.run.median / second.run.median).toFixed(2)} times as long as those behind the first ${count(first.runs)}.`,
  ];
}

function cpuCoresText({ cores, rows }: CpuCoresFigures): string[] {
  const rate = (operations: number, seconds: number) => significant(operations / seconds / 1e9);
  return [
    markdownTable(
      [
        ...['Preset', 'runs', 'one core, s', `${cores} cores, s`, 'times as fast', 'GFLOP/s on one core'],
        ...['software adapter, s', 'its GFLOP/s', `to ${cores} cores`, 'both tried first, s', 'taken'],
      ],
      rows.map(({ preset, runs, operations, one, all, adapter, tried, taken }) => [
        ...[
          preset,
          count(runs),
          significant(one),
          significant(all),
          `${(one / all).toFixed(2)}x`,
          rate(operations, one),
        ],
        ...[
          significant(adapter),
          rate(operations, adapter),
          `${(adapter / all).toFixed(2)}x`,
          significant(tried),
          taken,
        ],
      ]),
    ),
  ];
}

/** Three significant digits, whole numbers in full; no exponent. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) >= 1000) return count(value);
  return rounded.toFixed(Math.max(0, 2 - Math.floor(Math.log10(Math.abs(rounded)))));
}

const ms = significant;

/** "12.3 (11.9 to 12.8)" */
export const spreadText = ({ median, lower, upper, samples }: Spread): string =>
  samples === 1 ? significant(median) : `${significant(median)} (${significant(lower)} to ${significant(upper)})`;

/** "1.62x (1.58 to 1.70)" */
const timesText = ({ median, lower, upper, samples }: Spread): string =>
  `${median.toFixed(2)}x${samples === 1 ? '' : ` (${lower.toFixed(2)} to ${upper.toFixed(2)})`}`;

/** A whole number with its thousands apart. */
const count = (value: number): string => Math.round(value).toLocaleString('en-US');

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);
