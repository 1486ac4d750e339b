/** The worker that finds what follows from measurements, beside the one that trains. */
import { expose } from 'comlink';
import { carryErrors } from './error-transfer.ts';
import { answerPulse } from './pulse.ts';
import { analyse } from '../analysis/analyse.ts';

carryErrors();
answerPulse();
expose(analyse);
