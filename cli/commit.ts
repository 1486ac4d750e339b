/** Which state of the code runs: for results, which say what made them. */
import { execFileSync } from 'node:child_process';
import { parseResult, type ExperimentResult } from '../src/model/result.ts';

export function withCommit(result: ExperimentResult, commit: string): ExperimentResult {
  return parseResult({ ...result, app: { ...result.app, commit } });
}

/**
 * @returns the commit that is checked out at `root`, with "-dirty" behind it where its files were changed since; "unknown" where
 * that is no checkout of its own, or there is no git.
 */
export function commitOf(root: string): string {
  try {
    const git = (...words: string[]) =>
      execFileSync('git', words, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim();
    // Unpacked inside another project, the commit would be that one's.
    if (git('rev-parse', '--show-prefix') !== '') return 'unknown';
    const changed = git('status', '--porcelain', '--untracked-files=no');
    return git('rev-parse', 'HEAD') + (changed === '' ? '' : '-dirty');
  } catch {
    return 'unknown';
  }
}
