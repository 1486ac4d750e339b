/** A whole result, saved as a file. */
import type { ExperimentResult } from '../../model/result.ts';
import { download, fileName } from '../chart/export.ts';

export function takeResult(result: ExperimentResult): void {
  const text = JSON.stringify(result, null, 1);
  download(fileName('result.json', !!result.source), new Blob([text], { type: 'application/json' }));
}
