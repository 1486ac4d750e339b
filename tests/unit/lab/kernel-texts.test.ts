/** What `npm run kernels` prints: the WGSL of every kernel of the engine, without a line that is still to be repeated or left out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../../cli/root.ts';
import { kernelTexts, listOf, printed, textsOf } from '../../../lab/kernels/texts.ts';

const texts = kernelTexts();

test('whatever lies among the kernels stands in a text, and no text has a line of our own making', () => {
  const folder = join(ROOT, 'src/gpu/kernels');
  const heads = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8').split('\n')[0]);
  expect(heads.filter((head) => !texts.some(({ source }) => source.includes(head)))).toEqual([]);
  expect(texts.filter(({ source }) => /^\s*@(each|when|\})/m.test(source))).toEqual([]);
});

test('a kernel is printed in each way it is compiled, headed by what for; of many, more words name fewer', () => {
  const attention = textsOf(texts, 'attention');
  expect(new Set(attention.map(({ label }) => label))).toEqual(new Set(['attention']));
  const text = printed(attention);
  expect(text).toContain('struct Call { batch: u32, context: u32, heads: u32 }\n');
  expect(text).toContain(
    '// 1 of 3: attention (Lane = vec4f, TEAM = 4, HEAD_LANES = 4, HEAD_QUARTER = 4, QUADS = 0)\n',
  );
  expect(text).toContain('product += query3 * key3;\n');
  const labels = new Set(textsOf(texts, 'matmul tiled 64x64').map(({ label }) => label));
  expect(labels).toContain('matmul tiled 64x64 by 8x4, float16, gelu');
  expect([...labels].every((label) => label.startsWith('matmul tiled 64x64 by'))).toBe(true);
  expect(textsOf(texts, 'attent')).toEqual([]);
});

test('the list has a line for each kernel: its name, how many texts it has, and what it does', () => {
  const lines = listOf(texts).split('\n');
  expect(lines.find((line) => line.startsWith('attention '))).toMatch(
    /^attention +3 {2}Causal attention: TEAM threads/,
  );
  expect(lines.every((line) => /^[a-z-]+ +\d+ {2}\S/.test(line))).toBe(true);
});
