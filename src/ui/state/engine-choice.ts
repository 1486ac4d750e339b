/** Which of two engines trains, where beside a software adapter there is the CPU: looked at once the page is idle. */
import { cpuRefusal } from '../../experiment/cpu-refusal.ts';
import type { EngineDescription } from '../../experiment/protocol.ts';
import type { Run } from '../../model/run.ts';
import type { Playground } from './playground.svelte.ts';
import type { MachineSpeed } from './speed.svelte.ts';
import type { StudyState } from './study.svelte.ts';

export interface TakenEngine {
  engine: EngineDescription;
  why: 'asked' | 'goes on' | 'CPU cannot' | 'measured' | 'roughly' | 'tried';
  /** How many times as fast as the other one it is for what is to be trained, where both were measured. */
  factor?: number;
}

type Stages = readonly Run[][][];

/** Trying both takes a few seconds, which what is over sooner would not win back. */
const TRIED_FROM_SECONDS = 10;

/** From now on the page takes the one or the other. */
export function learnToChoose(playground: Playground, search: string): void {
  playground.cpuRefusal = cpuRefusal;
  playground.engineWish ??= wishIn(search, (text) => (playground.notice = text));
  playground.takenEngine = takenEngine;
}

/** What trains what the button asks for; null where there is no choice. */
export function takenEngine(study: StudyState): TakenEngine | null {
  const { engine: adapter, engineWish, speed } = study.bench;
  const cpu = adapter?.beside;
  // Of settings that are not right there is nothing to train, and nothing more may be asked.
  if (!cpu || !study.draft.checked.experiment) return null;
  const { stagesToTrain, canGoOn, left, isStale, own } = study;
  if (engineWish) return { engine: engineWish === cpu.kind ? cpu : adapter, why: 'asked' };
  // The last digits of one are not those of the other, nor can one go on from a step of the other.
  const earlier = canGoOn || (left && !isStale) ? own.adapter?.description : undefined;
  const same = [adapter, cpu].find((one) => one.adapter.description === earlier);
  if (same) return { engine: same, why: 'goes on' };
  if (cpuRefusal(stagesToTrain.flat())) return { engine: adapter, why: 'CPU cannot' };
  return fasterOf(speed, [adapter, cpu], stagesToTrain);
}

/** By what was measured of both, else by what is roughly known of their kinds, like beside like, until both are tried. */
function fasterOf(speed: MachineSpeed, engines: readonly EngineDescription[], stages: Stages): TakenEngine {
  const areMeasured = engines.every(({ adapter }) => speed.measuredOn(adapter));
  const timed = engines.map((engine) => ({
    engine,
    seconds: speed.timeOf(engine, stages, areMeasured ? undefined : null).seconds,
  }));
  const [faster, slower] = timed.sort((a, b) => a.seconds - b.seconds);
  const { engine, seconds } = faster!;
  if (areMeasured) return { engine, why: 'measured', factor: slower!.seconds / seconds };
  return { engine, why: seconds < TRIED_FROM_SECONDS ? 'roughly' : 'tried' };
}

/**
 * What the page's address asks for, as in `?engine=gpu`.
 * @param say hears of what is neither of them.
 */
export function wishIn(search: string, say: (text: string) => void): EngineDescription['kind'] | null {
  const wish = new URLSearchParams(search).get('engine');
  if (wish === null || wish === 'gpu' || wish === 'reference') return wish;
  say(`engine must be gpu or reference, not “${wish}”; the faster one is taken.`);
  return null;
}
