/** A prediction in a terminal: the scaling table, the fit, and each sealed prediction beside what was measured. */
import { divergedWords, survivorSealWords } from '../src/checks/survivors.ts';
import { bitsPerByte } from '../src/model/bits-per-byte.ts';
import type { ExperimentResult, FitResult, RunResult, SealedPrediction } from '../src/model/result.ts';
import { NEW_RUN } from '../src/model/run.ts';
import { groundLines } from './fit-table.ts';
import { jointLines } from './joint-text.ts';
import { inWords, lossText, table } from './words.ts';

export function predictionText(result: ExperimentResult): string {
  const fits = result.fits.map(fitText);
  const joint = (result.joint ?? []).map(jointText);
  const sealed = result.sealed.length > 0 ? [sealedText(result)] : [];
  const plans = (result.plans ?? []).map(planText);
  return [scalingTable(result), ...fits, ...joint, ...sealed, ...plans].join('\n\n');
}

function scalingTable({ experiment, runs }: ExperimentResult): string {
  const hasBytes = runs.some((run) => run.bytesPerToken);
  const losses = ['loss', '± seeds', '± window', ...(hasBytes ? ['bits per byte'] : [])];
  const head = ['recipe', 'width', 'parameters', ...losses, 'tokens', 'seconds', 'status'];
  const rows = experiment.recipes.flatMap(({ name }) => {
    const widths = [...new Set(runs.filter((run) => run.recipe === name).map((run) => run.width))];
    const at = (width: number) => runs.filter((run) => run.recipe === name && run.width === width);
    return widths.sort((a, b) => a - b).map((width) => widthRow(name, width, at(width), hasBytes));
  });
  if (rows.length === 0) return 'No run was trained.';
  const isPartly = rows.some((row) => row.some((text) => text.endsWith('!')));
  const aside = '! some of its seeds diverged; the loss is that of the others, and takes no part in any law or verdict';
  return [table(head, rows), ...(isPartly ? [aside] : [])].join('\n');
}

function widthRow(recipe: string, width: number, runs: RunResult[], hasBytes: boolean): string[] {
  const done = runs.filter((run) => run.status === 'done' && run.finalEvalLoss !== null);
  const over = runs.filter((run) => run.status === 'done' || run.status === 'diverged');
  const losses = done.map((run) => run.finalEvalLoss!);
  const windows = done.map((run) => run.finalEvalStandardError ?? 0);
  const counts = [...new Set(runs.map((run) => run.status))].map((status) => {
    const n = runs.filter((run) => run.status === status).length;
    return runs.length === 1 ? status : `${n} ${status}`;
  });
  return [
    recipe,
    String(width),
    String(runs[0].parameters.total),
    losses.length > 0 ? `${lossText(mean(losses))}${losses.length < over.length ? '!' : ''}` : '–',
    losses.length > 1 ? lossText(errorOfMean(losses)) : '–',
    windows.length > 0 ? lossText(mean(windows)) : '–',
    ...(hasBytes ? [bitsText(done)] : []),
    String(runs.reduce((sum, run) => sum + run.tokens, 0)),
    // Runs of one width train together.
    Math.max(...runs.map((run) => run.seconds)).toFixed(1),
    counts.join(', '),
  ];
}

/** The bytes of a token are the same for all runs of a recipe. */
function bitsText(done: readonly RunResult[]): string {
  const bytes = done[0]?.bytesPerToken;
  return bytes ? lossText(bitsPerByte(mean(done.map((run) => run.finalEvalLoss!)), bytes)) : '–';
}

function fitText({ recipe, parameters, intervals, status, notes, backtest, noise, laws }: FitResult): string {
  const { a, b, c } = parameters;
  const range = ([lo, hi]: [number, number]) => `(80 %: ${lo.toPrecision(4)} to ${hi.toPrecision(4)})`;
  const lines = [
    `${recipe}: loss = c + a·width^-b, ${status}`,
    `  a = ${a.toPrecision(6)} ${range(intervals.a)}`,
    `  b = ${b.toPrecision(6)} ${range(intervals.b)}`,
    `  c = ${c.toPrecision(6)} ${range(intervals.c)}`,
    ...notes.map((note) => `  ${note}`),
    ...groundLines({ ...(noise ? { noise } : {}), ...(laws ? { laws } : {}) }).map((line) => `  ${line}`),
  ];
  if (backtest.length === 0) return lines.join('\n');
  const rows = backtest.map(({ fittedOn, target, predicted, lo, hi, actual }) => [
    `  ${fittedOn}`,
    String(target),
    lossText(predicted),
    `${lossText(lo)} to ${lossText(hi)}`,
    lossText(actual),
    percent(predicted, actual),
  ]);
  const head = ['  first rungs', 'width', 'predicted', '80 % interval', 'measured', 'error'];
  return [...lines, '  Backtest:', table(head, rows)].join('\n');
}

function jointText({ recipe, ...report }: NonNullable<ExperimentResult['joint']>[number]): string {
  return [`${recipe}: the joint law of parameters N and training tokens D`, ...jointLines(report)].join('\n');
}

/** What would have helped most, for who goes on; a budget is what the rungs took. */
function planText({ recipe, sentence, together }: NonNullable<ExperimentResult['plans']>[number]): string {
  const steps = together.map(({ x, cost, expected }) => `${x} (${inWords(cost)}, then ${lossText(expected)})`);
  const all = steps.length > 1 ? [`  With as much time as the rungs took: widths ${steps.join(', ')}.`] : [];
  return [`${recipe}: ${sentence}`, ...all].join('\n');
}

function sealedText({ sealed, runs, experiment }: ExperimentResult): string {
  const runsOf = ({ recipe }: SealedPrediction) =>
    runs.filter((run) => run.recipe === recipe && experiment.seeds.includes(run.seed));
  const divergedAt = (seal: SealedPrediction) =>
    divergedWords(runsOf(seal).filter(({ width }) => width === seal.width));
  const head = ['sealed', 'width', 'predicted', 'interval', 'measured', 'verdict', 'error'];
  const rows = sealed.map((seal) => {
    const { recipe, width, loss, lo, hi, level, actual, verdict } = seal;
    return [
      recipe,
      String(width),
      lossText(loss),
      `${100 * level} %: ${lossText(lo)} to ${lossText(hi)}`,
      actual === null ? '–' : lossText(actual),
      verdict ?? (divergedAt(seal) ? 'not judged' : 'not measured'),
      actual === null ? '–' : percent(loss, actual),
    ];
  });
  const lost = sealed.flatMap((seal) => {
    const why = divergedAt(seal);
    // Earlier versions judged by the seeds that survived.
    const so = seal.actual === null ? 'not judged' : 'judged by the mean of the others';
    const from = survivorSealWords(runsOf(seal), seal.points);
    const said = [...(why ? [`${why}: ${so}`] : []), ...(from ? [from] : [])];
    return said.map((words) => `  ${seal.recipe}, width ${seal.width}: ${words}`);
  });
  const prints = sealed.map(
    ({ width, sealedAt, inputsHash, sealHash = inputsHash }) => `  width ${width}: ${sealedAt}, ${sealHash}`,
  );
  const curves = sealed.flatMap(({ recipe, width, curve, curveHeld }) =>
    curve && curveHeld != null
      ? [
          `  ${recipe}, width ${width}: ${Math.round(curveHeld * curve.steps.length)} of ${curve.steps.length} windows of its training curve in the 80 % band`,
        ]
      : [],
  );
  const drawn = new Set(experiment.recipes.map(({ seedDraws }) => seedDraws));
  const meant = [...drawn].map((draws) => `An interval is for a run with ${NEW_RUN[draws]}.`);
  return [
    table(head, rows),
    ...lost,
    ...curves,
    ...(drawn.size === 1 ? meant : []),
    'Sealed at, and SHA-256 of all that went in:',
    ...prints,
  ].join('\n');
}

function percent(predicted: number, actual: number): string {
  const error = (100 * (predicted - actual)) / actual;
  return `${error >= 0 ? '+' : ''}${error.toFixed(2)} %`;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function errorOfMean(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
