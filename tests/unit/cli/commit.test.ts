import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { commitOf } from '../../../cli/commit.ts';

const root = mkdtempSync(join(tmpdir(), 'mup-commit-'));
afterAll(() => rmSync(root, { recursive: true }));

it('is that of a checkout, and unknown for a copy without one, also inside another project', () => {
  const copy = join(root, 'copy');
  mkdirSync(copy);
  expect(commitOf(copy)).toBe('unknown');
  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  git('init');
  git('-c', 'user.name=A', '-c', 'user.email=a@b.c', 'commit', '--allow-empty', '--message', 'One');
  expect(commitOf(root)).toBe(git('rev-parse', 'HEAD').toString().trim());
  expect(commitOf(copy)).toBe('unknown');

  writeFileSync(join(root, 'file'), 'one');
  git('add', 'file');
  expect(commitOf(root), 'changed since').toBe(`${git('rev-parse', 'HEAD').toString().trim()}-dirty`);
});
