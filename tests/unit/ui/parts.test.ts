import { beforeEach, expect, test } from 'vitest';
import { MissingPart } from '../../../src/model/missing-part.ts';
import { parts } from '../../../src/ui/state/parts.svelte.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { trainerClient } from '../../../src/workers/clients.ts';
import { carryErrors } from '../../../src/workers/error-transfer.ts';
import { RenewedWorker } from '../../../src/workers/renewed-worker.ts';
import { FakeWorker } from '../workers/fake-worker.ts';
import { fakeEngine, fakeServices } from './fake-stream.ts';

beforeEach(() => void (parts.areMissing = false));

test('a part that is there is handed on; one that is gone after a new deployment is said, in a sentence', async () => {
  expect(await parts.load(() => Promise.resolve(7))).toBe(7);
  expect(parts.areMissing).toBe(false);

  const gone = parts.load(() => Promise.reject(new TypeError('Failed to fetch dynamically imported module')));
  await expect(gone).rejects.toThrow(MissingPart);
  await expect(gone).rejects.not.toThrow(/fetch/);
  expect(parts.areMissing).toBe(true);
});

/** A page whose trainer stands behind a worker's boundary, after it has looked for its engine. */
async function pageWith(fault: (worker: FakeWorker) => void): Promise<Playground> {
  carryErrors();
  const worker = new FakeWorker({ describe: () => new Promise(() => {}) });
  const trainer = trainerClient(new RenewedWorker('training', () => worker.page));
  const playground = new Playground({ ...fakeServices(fakeEngine, Infinity), describe: () => trainer.describe() });
  const found = playground.findEngine();
  fault(worker);
  await found;
  return playground;
}

test('a worker whose script is gone is said as the page’s own parts are', async () => {
  const { engineFault, engineNotice } = await pageWith((worker) => worker.fail());
  expect([engineFault, engineNotice]).toEqual(['A part of the page could not be loaded; load the page again.', '']);
  expect(parts.areMissing).toBe(true);
});

test('any other failure of a worker is said as it is', async () => {
  const { engineFault, engineNotice } = await pageWith((worker) => worker.fail('the CPU is gone'));
  expect(engineFault).toBe('The training worker stopped: the CPU is gone.');
  expect(engineNotice).toMatch(/^Training could not start on this page: The training worker stopped: /);
  expect(parts.areMissing).toBe(false);
});
