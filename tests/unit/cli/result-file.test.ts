import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Failure } from '../../../cli/command.ts';
import { ResultFile } from '../../../cli/result-file.ts';
import { assembleResult } from '../../../src/analysis/assemble.ts';
import { parseResult } from '../../../src/model/result.ts';
import { experimentWith } from '../experiment/fakes.ts';
import { fakeEngine } from '../ui/fake-stream.ts';

const folder = mkdtempSync(join(tmpdir(), 'mup-result-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const record = { experiment: experimentWith(), adapter: fakeEngine.adapter, runs: [], sealed: [] };
const named = { id: 'a', created: '2026-01-02T12:00:00.000Z' };

test('the file is unfinished until it is finished, under one name', () => {
  const path = join(folder, 'result.json');
  const file = new ResultFile(path, (result) => ({ ...result, ...named }), expect.unreachable);
  const written = () => parseResult(JSON.parse(readFileSync(path, 'utf8')));
  file.keep(record);
  expect(written()).toMatchObject({ ...named, unfinished: true });
  file.finish({ ...assembleResult(record, { fits: [] }), ...named });
  expect(written()).toMatchObject(named);
  expect(written().unfinished).toBeUndefined();
});

test('a file that cannot be written is told of once and ends no training; at the end it is a failure', () => {
  const said: string[] = [];
  const file = new ResultFile(
    join(folder, 'gone', 'result.json'),
    (result) => result,
    (text) => said.push(text),
  );
  file.keep(record);
  file.keep(record);
  expect(said).toEqual([expect.stringMatching(/^--out: ".*" cannot be written: .*\. Training goes on\.$/)]);
  expect(() => file.finish(assembleResult(record, { fits: [] }))).toThrow(Failure);
});
