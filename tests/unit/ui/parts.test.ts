import { beforeEach, expect, test } from 'vitest';
import { InputError } from '../../../src/model/parse.ts';
import { parts } from '../../../src/ui/state/parts.svelte.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { chooseEngine } from '../../../src/experiment/choose-engine.ts';
import { trainerClient } from '../../../src/workers/clients.ts';
import { carryErrors } from '../../../src/workers/error-transfer.ts';
import { RenewedWorker } from '../../../src/workers/renewed-worker.ts';
import { EngineTrainer } from '../../../src/experiment/trainer-service.ts';
import { FakeWorker } from '../workers/fake-worker.ts';
import { fakeEngine, fakeServices } from './fake-stream.ts';

beforeEach(() => void (parts.areMissing = false));

test('a part that is there is handed on; one that is gone after a new deployment is said, in a sentence', async () => {
  expect(await parts.load(() => Promise.resolve(7))).toBe(7);
  expect(parts.areMissing).toBe(false);

  const gone = parts.load(() => Promise.reject(new TypeError('Failed to fetch dynamically imported module')));
  await expect(gone).rejects.toThrow(InputError);
  await expect(gone).rejects.not.toThrow(/fetch/);
  expect(parts.areMissing).toBe(true);
});

/** A page whose trainer stands behind a worker's boundary, after it has looked for its engine. */
async function pageWith(loadReference: Parameters<typeof chooseEngine>[1]): Promise<Playground> {
  carryErrors();
  const noGpu = Promise.resolve({ reason: 'There is no GPU here.', remedy: 'switch on' as const });
  const worker = new FakeWorker(new EngineTrainer(chooseEngine(noGpu, loadReference)));
  const trainer = trainerClient(new RenewedWorker('training', () => worker.page));
  const playground = new Playground({ ...fakeServices(fakeEngine, Infinity), describe: () => trainer.describe() });
  await playground.findEngine();
  worker.end();
  return playground;
}

test('a part that a worker lacks is said as the page’s own are: without the engine of the CPU the page is to be loaded again', async () => {
  const { engineFault, engineNotice } = await pageWith(() =>
    Promise.reject(new TypeError('Failed to fetch dynamically imported module')),
  );
  expect([engineFault, engineNotice]).toEqual(['A part of the page could not be loaded; load the page again.', '']);
  expect(parts.areMissing).toBe(true);
});

test('any other failure of a worker is said as it is', async () => {
  const createReferenceEngine = () => {
    throw new Error('The CPU is gone.');
  };
  const { engineFault, engineNotice } = await pageWith(async () => ({ createReferenceEngine }));
  expect(engineFault).toBe('The CPU is gone.');
  expect(engineNotice).toMatch(/^Training could not start on this page: The CPU is gone\. /);
  expect(parts.areMissing).toBe(false);
});
