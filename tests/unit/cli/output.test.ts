import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertWritableFolder, canBeReplaced, replaceFile, writeParts } from '../../../cli/output.ts';

let folder = '';
const at = (name: string) => join(folder, name);
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'mup-output-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('a file is replaced by a whole one: its text never changes in place, and nothing stays beside it', () => {
  replaceFile(at('result.json'), 'one');
  chmodSync(at('result.json'), 0o600);
  const before = statSync(at('result.json'));
  replaceFile(at('result.json'), 'two');
  expect(statSync(at('result.json')).ino).not.toBe(before.ino);
  expect(statSync(at('result.json')).mode).toBe(before.mode);
  expect(readFileSync(at('result.json'), 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['result.json']);
});

test('a link stays one, and its file is replaced', () => {
  replaceFile(at('file'), 'one');
  symlinkSync(at('file'), at('link'));
  replaceFile(at('link'), 'two');
  expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(at('file'), 'utf8')).toBe('two');
});

test.skipIf(process.platform === 'win32')('a device is written to, not replaced', () => {
  expect(canBeReplaced('/dev/null')).toBe(false);
  replaceFile('/dev/null', 'one');
  expect(statSync('/dev/null').isFile()).toBe(false);
});

test('a dump is written below its folder only, whatever the files are called', () => {
  assertWritableFolder(at('dump'), '--dump');
  writeParts(at('dump'), ['a.safetensors'], Uint8Array.of(1), true);
  writeParts(at('dump'), ['a.safetensors'], Uint8Array.of(2), false);
  expect([...readFileSync(at('dump/a.safetensors'))]).toEqual([1, 2]);
  for (const name of ['../a', '/tmp/a', '..', '.', '', 'b/a', '..\\a', 'b\\a', 'C:a', 'C:\\a', 'a\0b']) {
    expect(() => writeParts(at('dump'), [name], Uint8Array.of(1), true)).toThrow(/is no name of a file of a dump/);
  }
  expect(readdirSync(folder)).toEqual(['dump']);
});
