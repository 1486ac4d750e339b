/** Which commit of the playground a result was made with. */
import { execFileSync } from 'node:child_process';
import { parseResult, type ExperimentResult } from '../src/model/result.ts';
import { ROOT } from './root.ts';

export function withCommit(result: ExperimentResult): ExperimentResult {
  return parseResult({ ...result, app: { ...result.app, commit: commit() } });
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    // Not a checkout, or no git: the version alone has to do.
    return '';
  }
}
