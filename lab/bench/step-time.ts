/** Section "steps": one GPT trained by our engine and by its peers, in turn, in one tab or process, on one adapter. */
import { modelShape, trainingFlops } from '../../src/model/shape.ts';
import type { Contender, Prepared, Turn } from './contender.ts';
import type { StepComparison, StepFigures, StepRow } from './figures.ts';
import { gptBatches, gptOfWidth, gptParameters, gptRecipe, type GptSize } from './gpt.ts';
import { loadPeers } from './load-peers.ts';
import { ours } from './ours.ts';
import { prepareRoof } from './roof.ts';
import type { Section } from './section.ts';
import { spreadOf } from './spread.ts';

interface Rounds {
  widths: number[];
  rounds: number;
  /** What a turn should take, where a step does not take longer; milliseconds. */
  turn: number;
  /** What all turns of a contender with one way of reading may take at a width; milliseconds. */
  limit: number;
}

const FULL = { widths: [32, 64, 128, 256, 512], rounds: 5 };
/** A turn of 400 ms has hundreds of steps on a GPU. */
const TURNS = { software: { turn: 1500, limit: 40_000 }, gpu: { turn: 400, limit: 10_000 } };
const QUICK: Rounds = { widths: [32, 64], rounds: 3, turn: 600, limit: 10_000 };

type Reads = StepRow['reads'];
const EVERY: Record<Reads, number> = { 'every step': 1, 'every ten': 10 };

/** A contender that is ready at a width. */
interface Entrant {
  contender: Contender;
  prepared: Prepared;
  /** Milliseconds of a step, from the warm-up. */
  estimate: number;
  firstLosses: Turn['losses'];
  /** Milliseconds per step of what was measured already, with the loss of each step read. */
  turnsTaken: number[];
}

/** An entrant with one way of reading its losses. */
interface Cell extends Entrant {
  reads: Reads;
  /** Why there is no cell for the other way, where there should be one. */
  leftOut: string | null;
  stepsPerTurn: number;
  /** Milliseconds per step, one entry a turn. */
  samples: number[];
  failed: boolean;
}

interface Dropped {
  contender: Contender;
  width: number;
  reason: string;
}

/** Turns that are taken however long a step is. */
const FEWEST_SAMPLES = 2;
/** Fewest turns that reading seldom is worth measuring with. */
const FEWEST_TURNS = 3;
/** Milliseconds beyond which a step is not waited for. */
const LONGEST_STEP = 25_000;
/** Largest difference of losses, in nats per token, between trainers of the same mathematics in float32. */
const SAME_LOSS = 1e-3;

export const steps: Section<StepFigures> = async ({ device, adapter, engine }, { quick, tell }) => {
  const plan: Rounds = quick ? QUICK : { ...FULL, ...TURNS[adapter.software ? 'software' : 'gpu'] };
  const own = ours(engine);
  const contenders = [own, ...(await loadPeers())];
  const figures: StepFigures = { rows: [], refusals: [], comparison: [] };
  const dropped: Dropped[] = [];
  const roof = await prepareRoof(device, adapter.software);
  const before = new Map<Contender, { estimate: number; flops: number }>();
  for (const width of plan.widths) {
    const size = gptOfWidth(width);
    const flops = flopsOfStep(size);
    const drop = (contender: Contender, error: unknown) => {
      dropped.push({ contender, width, reason: error instanceof Error ? error.message : String(error) });
    };
    const willing = contenders.filter((contender) => {
      const { estimate, flops: fewer } = before.get(contender) ?? { estimate: 0, flops };
      const expected = (estimate * flops) / fewer;
      if (expected <= LONGEST_STEP) return true;
      drop(contender, new Error(`a step would take some ${(expected / 1000).toFixed(0)} s, going by the width before`));
      return false;
    });
    const entrants = await enter(willing, size, plan, drop, tell);
    for (const { contender, estimate } of entrants) before.set(contender, { estimate, flops });
    const cells = entrants.flatMap((entrant) => cellsOf(entrant, plan, entrant.contender === own));
    const peaks: number[] = [];
    for (let round = 1; round <= plan.rounds; round++) {
      peaks.push(await roof.rate());
      for (const cell of cells) {
        if (!mayTakeATurn(cell, plan)) continue;
        const { contender, reads } = cell;
        tell(`steps: width ${width}, round ${round} of ${plan.rounds}, ${contender.name}, read ${reads}`);
        try {
          await takeTurn(cell);
        } catch (error) {
          drop(contender, error);
          for (const same of cells) same.failed ||= same.contender === contender;
        }
      }
    }
    const peak = spreadOf(peaks).median;
    const rows = cells.filter(({ failed }) => !failed).map((cell) => rowOf(cell, size, peak, plan));
    figures.rows.push(...rows);
    const others = contenders.filter(({ differs }) => differs !== null).map(({ name }) => name);
    const comparable = rows.filter(({ contender }) => !others.includes(contender));
    figures.comparison.push(...comparison(comparable, width, own.name));
    for (const { prepared } of entrants) await discard(prepared);
  }
  roof.destroy();
  return { ...figures, refusals: refusalsOf(dropped, plan.widths) };
};

/** Prepares and warms up whoever takes part, the first of them being who the others' losses are compared with. */
async function enter(
  contenders: readonly Contender[],
  size: GptSize,
  plan: Rounds,
  drop: (contender: Contender, error: unknown) => void,
  tell: (text: string) => void,
): Promise<Entrant[]> {
  const parameters = gptParameters(size);
  const batches = await gptBatches(size);
  const entrants: Entrant[] = [];
  for (const contender of contenders) {
    tell(`steps: width ${size.width}, ${contender.name} gets ready`);
    let prepared: Prepared | null = null;
    try {
      prepared = await contender.prepare(size, parameters, batches);
      const entrant = { contender, prepared, ...(await warmUp(prepared, plan.turn)) };
      if (entrants.length > 0 && contender.differs === null) assertSameLosses(entrant, entrants[0]);
      entrants.push(entrant);
    } catch (error) {
      drop(contender, error);
      if (prepared) await discard(prepared);
    }
  }
  return entrants;
}

/** The first step compiles; ours also has to learn how many steps a submit should carry. A long second step is a turn already. */
async function warmUp(prepared: Prepared, turn: number): Promise<Omit<Entrant, 'contender' | 'prepared'>> {
  const first = await prepared.train(1, 1);
  const second = await prepared.train(1, 1);
  const firstLosses = [...first.losses, ...second.losses];
  const { millisecondsPerStep: estimate } = second;
  if (estimate >= turn) return { estimate, firstLosses, turnsTaken: [estimate] };
  const third = await prepared.train(Math.ceil(turn / 2 / estimate), 1);
  return { estimate: third.millisecondsPerStep, firstLosses, turnsTaken: [] };
}

function assertSameLosses({ firstLosses }: Entrant, { contender, firstLosses: expected }: Entrant): void {
  for (const { step, loss } of firstLosses) {
    const same = expected.find((other) => other.step === step);
    if (same && !(Math.abs(loss - same.loss) <= SAME_LOSS)) {
      throw new Error(`its loss at step ${step} is ${loss}, that of ${contender.name} ${same.loss}`);
    }
  }
}

/** What failed while it trained may fail once more. */
const discard = (prepared: Prepared) => prepared.dispose().catch(() => undefined);

function cellsOf(entrant: Entrant, { turn, limit }: Rounds, readsAlways: boolean): Cell[] {
  const seldomIsShort = FEWEST_TURNS * EVERY['every ten'] * entrant.estimate <= limit;
  const ways: Reads[] = readsAlways || !seldomIsShort ? ['every step'] : ['every step', 'every ten'];
  const leftOut =
    readsAlways || seldomIsShort ? null : 'reading it every ten steps was left out, because a step takes long';
  return ways.map((reads) => {
    const reading = EVERY[reads];
    const stepsPerTurn = reading * Math.max(1, Math.round(turn / (reading * entrant.estimate)));
    const samples = reads === 'every step' ? [...entrant.turnsTaken] : [];
    return { ...entrant, reads, leftOut, stepsPerTurn, samples, failed: false };
  });
}

function mayTakeATurn({ failed, samples, stepsPerTurn, estimate }: Cell, { rounds, limit }: Rounds): boolean {
  if (failed) return false;
  const isShort = (samples.length + 1) * stepsPerTurn * estimate <= limit;
  return samples.length < FEWEST_SAMPLES || (isShort && samples.length < rounds);
}

async function takeTurn({ prepared, reads, stepsPerTurn, samples }: Cell): Promise<void> {
  const { millisecondsPerStep, losses } = await prepared.train(stepsPerTurn, EVERY[reads]);
  if (!losses.every(({ loss }) => Number.isFinite(loss))) throw new Error('a loss that was read is not finite');
  samples.push(millisecondsPerStep);
}

const flopsOfStep = (size: GptSize) =>
  trainingFlops(modelShape(gptRecipe(size), size.width, size.vocabulary), size.batch * size.context);

/** @param peak 10⁹ operations a second. */
function rowOf({ contender, reads, leftOut, samples }: Cell, size: GptSize, peak: number, { rounds }: Rounds): StepRow {
  const { name, version, differs } = contender;
  const tokens = size.batch * size.context;
  const step = spreadOf(samples);
  const gigaflops = flopsOfStep(size) / step.median / 1e6;
  const fewer = samples.length < rounds ? `${samples.length} of ${rounds} turns, because a step takes long` : null;
  return {
    ...{ contender: name, version, width: size.width, reads, step },
    ...{ tokensPerSecond: (1000 * tokens) / step.median, gigaflops, shareOfRoof: gigaflops / peak },
    note: [differs, fewer, leftOut].filter((part) => part !== null).join('; ') || null,
  };
}

/** Nothing where ours or every other dropped out. */
function comparison(rows: readonly StepRow[], width: number, own: string): StepComparison[] {
  const fastest = (among: StepRow[]) => among.toSorted((a, b) => a.step.median - b.step.median).at(0);
  const mine = fastest(rows.filter(({ contender }) => contender === own));
  const peer = fastest(rows.filter(({ contender }) => contender !== own));
  if (!mine || !peer) return [];
  const [ours, theirs] = [mine.step.median, peer.step.median];
  return [{ width, ours, peer: `${peer.contender}, read ${peer.reads}`, theirs, ratio: theirs / ours }];
}

/** One line for each reason; a contender that refuses the adapter does so at every width. */
function refusalsOf(dropped: readonly Dropped[], widths: readonly number[]): StepFigures['refusals'] {
  const cases = new Map<string, Dropped[]>();
  for (const one of dropped) {
    const key = `${one.contender.name}: ${one.reason}`;
    cases.set(key, [...(cases.get(key) ?? []), one]);
  }
  return [...cases.values()].map((same) => {
    const [{ contender, reason }] = same;
    const where = same.length < widths.length ? `at width ${same.map(({ width }) => width).join(', ')}: ` : '';
    return { contender: contender.name, version: contender.version, reason: where + reason };
  });
}
