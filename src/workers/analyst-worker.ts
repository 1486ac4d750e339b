/** The worker that fits laws, beside the one that trains. */
import { expose } from 'comlink';
import { carryErrors } from './error-transfer.ts';
import { LawFitter } from '../analysis/fitter-service.ts';

carryErrors();
expose(new LawFitter());
