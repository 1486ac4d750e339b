/** Trains the real ladders of the study, one after another, and keeps each as soon as it is done. */
import { ProgressDisplay } from '../../cli/progress.ts';
import { Failure } from '../../cli/command.ts';
import { startTraining } from '../../cli/training.ts';
import { parseExperiment } from '../../src/model/experiment.ts';
import { carefulSpecs } from './careful-specs.ts';
import { ladderSpecs, type LadderSpec } from './ladder-specs.ts';
import { readRecorded, recordedRun, writeRecorded, type RecordedLadder } from './recorded-ladders.ts';

/**
 * Goes on where an earlier recording stopped. Rungs and targets train alike, in ascending width; they are told apart only by
 * the study.
 * @throws Failure when a ladder cannot be trained to its end.
 */
export async function recordLadders(browser: string | undefined, tell: (text: string) => void): Promise<void> {
  for (const { design, specs } of [
    { design: 'careful' as const, specs: carefulSpecs() },
    { design: 'randomised' as const, specs: ladderSpecs() },
  ]) {
    const recorded = readRecorded(design);
    const names = new Set(recorded.map(({ name }) => name));
    for (const spec of specs) {
      if (names.has(spec.name)) continue;
      const started = performance.now();
      recorded.push(await train(spec, browser));
      writeRecorded(design, recorded);
      const seconds = Math.round((performance.now() - started) / 1000);
      tell(`${spec.name} of ${specs.length}: ${seconds} s`);
    }
  }
}

async function train(spec: LadderSpec, browser: string | undefined): Promise<RecordedLadder> {
  const experiment = parseExperiment({
    name: spec.name,
    recipes: [spec.recipe],
    ladder: { rungs: [...spec.rungs, ...spec.targets] },
    seeds: spec.seeds,
  });
  const display = new ProgressDisplay(process.stdout, true, experiment.study);
  const request = { experiment, texts: {}, engine: 'gpu' as const, browser, dump: undefined };
  const training = await startTraining(request, display);
  const { result, failure } = await training.ended;
  if (failure !== null) throw new Failure(`${spec.name}: ${failure}`);
  const { vendor, architecture, description } = result.adapter;
  const adapter = [vendor, architecture, description].filter(Boolean).join(' ');
  return { ...spec, adapter, runs: result.runs.map(recordedRun) };
}
