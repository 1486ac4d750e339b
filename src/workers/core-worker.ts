/** A worker that trains on one core, beside others of its kind; the trainer's worker starts them where there is no WebGPU. */
import { expose } from 'comlink';
import { createReferenceEngine } from '../reference/trainer.ts';
import { coreServiceOf } from './core-service.ts';
import { carryErrors } from './error-transfer.ts';
import { answerPulse } from './pulse.ts';

carryErrors();
answerPulse();
expose(coreServiceOf(createReferenceEngine()));
