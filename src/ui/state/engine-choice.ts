/** Which of two engines trains, where beside a software adapter there is the CPU: looked at once the page is idle. */
import { cpuRefusal } from '../../experiment/cpu-refusal.ts';
import type { EngineDescription } from '../../experiment/protocol.ts';
import type { Run } from '../../model/run.ts';
import type { Playground } from './playground.svelte.ts';
import type { MachineSpeed } from './speed.svelte.ts';
import type { StudyState } from './study.svelte.ts';

export interface TakenEngine {
  engine: EngineDescription;
  why: 'asked' | 'goes on' | 'CPU cannot' | 'faster';
}

type Stages = readonly Run[][][];

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
  return { engine: isFaster(speed, cpu, adapter, stagesToTrain) ? cpu : adapter, why: 'faster' };
}

/** By what was measured of both, else by what is roughly known of their kinds: like beside like. */
function isFaster(speed: MachineSpeed, one: EngineDescription, other: EngineDescription, stages: Stages): boolean {
  const areMeasured = [one, other].every(({ adapter }) => speed.measuredOn(adapter));
  const [seconds, others] = [one, other].map((engine) =>
    areMeasured ? speed.timeOf(engine, stages).seconds : speed.timeOf(engine, stages, null).seconds,
  );
  return seconds! < others!;
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
