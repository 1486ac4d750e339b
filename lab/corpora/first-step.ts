/**
 * How long a training of many steps waits for its first losses, for its tokens: the preset `sentences` with 20,000 steps.
 *
 *   npx tsx lab/corpora/first-step.ts [STEPS]
 */
import { listenToReports } from '../../src/experiment/report-port.ts';
import { EngineTrainer } from '../../src/experiment/trainer-service.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import { runOf } from '../../src/model/run.ts';
import { createReferenceEngine } from '../../src/reference/trainer.ts';

const steps = Number(process.argv[2] ?? 20_000);
const [preset] = presetExperiment('sentences').recipes;
const recipe = { ...preset, steps };
const { batch, context } = recipe;
const trainer = new EngineTrainer(async () => ({ engine: createReferenceEngine(), reason: null }));
await trainer.prepare(recipe, {});
const before = performance.now();
let first: number | null = null;
const reports = listenToReports(() => {
  first ??= performance.now() - before;
  void trainer.cancel();
});
await trainer.train({ runs: [runOf(recipe, 8, 1)] }, reports.port);
await reports.ended;
reports.close();
console.log(
  `${steps} steps, ${steps * batch * (context + 1)} tokens: the first losses after ${(first! / 1000).toFixed(1)} s`,
);
