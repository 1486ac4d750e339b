/** Which state of the code runs: for results, which say what made them. */
import { execFileSync } from 'node:child_process';
import { parseResult, type ExperimentResult } from '../src/model/result.ts';
import { ROOT } from './root.ts';

export function withCommit(result: ExperimentResult): ExperimentResult {
  return parseResult({ ...result, app: { ...result.app, commit: commitOf(ROOT) } });
}

/** @returns the commit that is checked out at `root`; "unknown" where that is no checkout of its own, or there is no git. */
export function commitOf(root: string): string {
  try {
    const git = (...words: string[]) =>
      execFileSync('git', words, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim();
    // Unpacked inside another project, the commit would be that one's.
    return git('rev-parse', '--show-prefix') === '' ? git('rev-parse', 'HEAD') : 'unknown';
  } catch {
    return 'unknown';
  }
}
