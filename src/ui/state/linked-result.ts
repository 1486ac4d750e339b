/** A result that a link leads to: packed in it, or a `result.json` whose address it holds. Loaded only where there is one. */
import type { Experiment } from '../../model/experiment.ts';
import { InputError } from '../../model/parse.ts';
import type { ExperimentResult } from '../../model/result.ts';
import { readResult } from '../../experiment/read-result.ts';
import { askable, fetchedFile, type Wanted } from '../link/fetched-file.ts';
import { resultFromHash } from '../link/result-link.ts';
import type { Playground } from './playground.svelte.ts';
import { PredictionStudy } from './prediction.svelte.ts';
import { resultsOf } from './results-data.ts';

export interface Linked {
  experiment: Experiment;
  /** Puts it on show, in the view it belongs to, once its experiment is entered there. */
  show(playground: Playground): void;
}

/** Who asks a person before another server is asked, and follows the link again then. */
interface Asker {
  asks: { host: string; open(): void } | null;
  readonly address: { goTo(hash: string): void };
  follow(): unknown;
}

const RESULT: Wanted = { field: 'link', noun: 'result', example: 'https://example.org/result.json' };

/** Addresses on other servers that a person has agreed to ask in this visit. */
const agreed = new Set<string>();

/**
 * What a hash leads to; null where another server would have to be asked first, which a person is asked about.
 * @throws InputError with one sentence when it cannot be used
 */
export async function linkedIn(hash: string, asker: Asker): Promise<Linked | null> {
  const packed = await resultFromHash(hash);
  if (packed) return linkedBy(packed, hash);
  const address = new URLSearchParams(hash.replace(/^#/, '')).get('result') ?? '';
  const url = askable(urlOf(address), address, RESULT);
  if (url.origin !== location.origin && !agreed.has(url.href)) {
    const open = () => {
      agreed.add(url.href);
      asker.address.goTo(hash);
      asker.follow();
    };
    asker.asks = { host: url.host, open };
    return null;
  }
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    const { file } = await fetchedFile(url, RESULT, patience, () => undefined);
    return linkedBy(readResult(await file.text(), `The file ${file.name}`), hash);
  } catch (error) {
    if (error instanceof InputError || !patience.aborted) throw error;
    throw new InputError('link', `The server ${url.host} did not answer within a minute; follow the link again later.`);
  }
}

/** Milliseconds after which a server is taken not to answer. */
const PATIENCE_MS = 60_000;

function urlOf(address: string): URL {
  try {
    if (address !== '') return new URL(address, location.href);
  } catch {
    // Refused below.
  }
  throw new InputError('link', `link: "${address}" is no address of a result; write one such as ${RESULT.example}.`);
}

const linkedBy = (result: ExperimentResult, hash: string): Linked => ({
  experiment: result.experiment,
  show(playground) {
    const study = playground.studies[result.experiment.study.kind];
    study.showLinked(resultsOf(result), hash.replace(/^#/, ''));
    if (study instanceof PredictionStudy) void study.learnFacts(study.linked);
  },
});
