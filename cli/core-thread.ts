/** A thread that trains on one core, beside others of its kind. */
import { parentPort } from 'node:worker_threads';
import { expose, type Endpoint } from 'comlink';
import { createReferenceEngine } from '../src/reference/trainer.ts';
import { coreServiceOf } from '../src/workers/core-service.ts';
import { carryErrors } from '../src/workers/error-transfer.ts';
import { answerPulse } from '../src/workers/pulse.ts';

/** In Node a port to the parent is an event target as well, which its types do not say. */
const parent = parentPort as unknown as Endpoint & Parameters<typeof answerPulse>[0];

carryErrors();
answerPulse(parent);
expose(coreServiceOf(createReferenceEngine()), parent);
