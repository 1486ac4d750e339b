/** What `npm run experiment` refuses before anything trains. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { experimentCommand } from '../../../cli/experiment.ts';
import { InputError } from '../../../src/model/parse.ts';
import { experimentWith } from '../experiment/fakes.ts';

const folder = mkdtempSync(join(tmpdir(), 'mup-refusals-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const tiny = experimentWith({ ladder: { rungs: [8, 12, 16], targets: [20] } });
const [recipe] = tiny.recipes;

function experimentFile(name: string, experiment: unknown): string {
  writeFileSync(at(name), JSON.stringify(experiment));
  return at(name);
}

const withRecipe = (change: object) => ({ ...tiny, recipes: [{ ...recipe, ...change }] });
const unnamed = withRecipe({ corpus: { kind: 'text' } });
const withText = (name: string, bytes: string | Uint8Array) => {
  writeFileSync(at(name), bytes);
  return experimentFile(`${name}.json`, withRecipe({ corpus: { kind: 'text', file: name } }));
};

describe('bad input is refused in one sentence that names what is at fault', () => {
  const tinyFile = experimentFile('tiny.json', tiny);
  writeFileSync(at('not.json'), 'no JSON');
  writeFileSync(at('short.txt'), 'too short');
  const cases: [what: string, args: string[], sentence: RegExp][] = [
    ['unknown preset', ['nope'], /^preset: there is no preset "nope"; known presets are .*smoke/],
    ['nothing named', [], /^Name an experiment file or a preset \(presets: /],
    ['missing file', [at('none.json')], /^There is no experiment file ".*none\.json"/],
    ['no JSON', [at('not.json')], /not\.json" is not JSON/],
    [
      'unknown key',
      [experimentFile('key.json', withRecipe({ stepz: 3 }))],
      /^recipes\[0\]\.stepz: unknown key; allowed here: .*steps/,
    ],
    [
      'heads that do not divide',
      [experimentFile('width.json', { ...tiny, ladder: { rungs: [4, 10] } })],
      /^ladder\.rungs\[1\]: width 10 .*multiple of 4/,
    ],
    ['zero steps', [experimentFile('zero.json', withRecipe({ steps: 0 }))], /^recipes\[0\]\.steps.*from 1 to .*not 0/],
    ['empty text', [withText('empty.txt', '')], /^corpus\.file: "empty\.txt" is empty/],
    ['binary text', [withText('binary.bin', Uint8Array.of(1, 0, 2))], /^corpus\.file: "binary\.bin" is a binary file/],
    [
      'a text that nothing names',
      [experimentFile('unnamed.json', unnamed)],
      /^recipes\[0\]\.corpus\.file is missing; name the text with --text\.$/,
    ],
    [
      'a picture',
      [withText('photo.txt', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0))],
      /^corpus\.file: "photo\.txt" is a JPEG picture, no text/,
    ],
    [
      'text shorter than the context',
      [tinyFile, '--text', at('short.txt'), '--engine', 'reference'],
      /^corpus\.file: "short\.txt" has 9 characters, but a context of 8 .* needs at least \d+/,
    ],
    [
      'a text by its path, out of the folder',
      [experimentFile('climbing.json', withRecipe({ corpus: { kind: 'text', file: '../secret.txt' } }))],
      /^recipes\[0\]\.corpus\.file: "\.\.\/secret\.txt" is a path, .*; name the file with --text\.$/,
    ],
    [
      'a text by its path, from the root',
      [experimentFile('rooted.json', withRecipe({ corpus: { kind: 'text', file: '/etc/hostname' } }))],
      /^recipes\[0\]\.corpus\.file: "\/etc\/hostname" is a path/,
    ],
    [
      'going on from nothing',
      [tinyFile, '--resume', at('none.json')],
      /^--resume: ".*" cannot be read: there is no such/,
    ],
    ['missing text', [tinyFile, '--text', at('none.txt')], /^corpus\.file: .*there is no such file/],
    ['unknown option', [tinyFile, '--bogus'], /^Unknown option --bogus; usage: npm run experiment/],
    ['option without its value', [tinyFile, '--out'], /^--out needs a value/],
    ['unknown engine', [tinyFile, '--engine', 'abacus'], /^--engine must be gpu or reference, not "abacus"/],
    ['result into nowhere', [tinyFile, '--out', at('nowhere/r.json')], /^--out: .*its folder does not exist/],
    ['dump into a file', [tinyFile, '--dump', at('not.json')], /^--dump: .*there is a file of that name/],
    [
      'too large for the CPU',
      [
        experimentFile('large.json', { ...tiny, ladder: { rungs: [4, 8, 12], targets: [32768] } }),
        '--engine',
        'reference',
      ],
      /^width 32768 is too much for training on the CPU/,
    ],
  ];
  test.each(cases)('%s', async (_what, args, sentence) => {
    const refusal = await experimentCommand(args).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InputError);
    const { message } = refusal as InputError;
    expect(message).toMatch(sentence);
    expect(message).not.toContain('\n');
  });

  test.each([
    ['none.txt', 'cannot be read: there is no such file.'],
    ['empty.txt', 'is empty; choose a file of text.'],
    ['binary.bin', 'is a binary file (it holds zero bytes); choose a file of text.'],
    ['short.txt', 'has 9 characters, but a context of 8'],
  ])('%s, where --text names what the experiment leaves unnamed', async (name, sentence) => {
    const args = [experimentFile('unnamed.json', unnamed), '--text', at(name), '--engine', 'reference'];
    const refusal = await experimentCommand(args).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InputError);
    const { message } = refusal as InputError;
    expect(message).toMatch(/^corpus\.file: "/);
    expect(message).toContain(sentence);
  });

  test('nothing is left behind', () => {
    expect(existsSync(at('nowhere'))).toBe(false);
  });
});
