/** Several files as one text. */
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../../src/data/text/decode.ts';
import { FilesToJoin } from '../../../../src/data/text/joined-files.ts';
import { InputError } from '../../../../src/model/parse.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

function joined(contents: Record<string, Uint8Array | string>) {
  const given = Object.entries(contents).map(([path, content]) => {
    const bytes = typeof content === 'string' ? utf8(content) : content;
    return { path, size: bytes.length, bytes };
  });
  const files = new FilesToJoin(given);
  for (const file of files.taken) {
    try {
      files.add(file, decodeText(file.bytes, file.path));
    } catch (error) {
      files.refuse(file, error as InputError);
    }
  }
  return files.joined();
}

describe('several files', () => {
  it('are one text in the order of their names, numbers by their value, with one blank line between', () => {
    expect(joined({ 'ch10.txt': 'ten', 'ch2.txt': 'two\n\n\n', 'ch1.txt': '\ufeffone\r\n' })).toMatchObject({
      ...{ name: '3 files, ch1.txt to ch10.txt', text: 'one\n\ntwo\n\nten', notes: [], guessed: null },
    });
  });

  it('of one folder bear its name, and what is left out is told with its reason', () => {
    const { name, text, notes } = joined({
      'notes/b.txt': 'b',
      'notes/a/a.txt': 'a',
      'notes/.DS_Store': 'x',
      'notes/.git/HEAD': 'x',
      'notes/photo.jpg': Uint8Array.of(0xff, 0xd8, 0xff, 0),
      'notes/void.txt': '',
    });
    expect([name, text]).toEqual(['notes, 2 files', 'a\n\nb']);
    expect(notes).toEqual([
      'Left out: 2 hidden (notes/.DS_Store, notes/.git/HEAD), 1 no text (notes/photo.jpg), 1 empty (notes/void.txt).',
    ]);
  });

  it('each in its own encoding, and guesses are told by encoding', () => {
    const latin = Uint8Array.from('Größe', (c) => c.charCodeAt(0));
    const { text, notes, guessed } = joined({
      'a.txt': latin,
      'b.txt': 'weiß',
      'c.txt': latin,
      'd.txt': latin,
      'e.txt': latin,
    });
    expect(text).toBe('Größe\n\nweiß\n\nGröße\n\nGröße\n\nGröße');
    expect(guessed).toBe('windows-1252');
    expect(notes).toEqual(['Read as Windows-1252 by a guess: a.txt, c.txt and 2 others.']);
  });

  it('a single one is as it is, and its refusal is that of the file', () => {
    expect(joined({ 'in/.a.txt': 'a\n\n' })).toMatchObject({ name: '.a.txt', text: 'a\n\n', notes: [] });
    expect(() => joined({ 'a.txt': '' })).toThrow('corpus.file: "a.txt" is empty; choose a file of text.');
  });

  it('are refused where none is text, or there are too many', () => {
    expect(() => joined({ '.a': 'x', 'b.bin': Uint8Array.of(1, 0, 2) })).toThrow(
      'corpus.file: of 2 files none can be used. Left out: 1 hidden (.a), 1 no text (b.bin).',
    );
    const many = Array.from({ length: 10_001 }, (_, i) => ({ path: `${i}`, size: 1 }));
    expect(() => new FilesToJoin(many)).toThrow('10,001 files are more than the 10,000 that are read; choose fewer.');
  });

  it('that are more than 200 MB together end before that, and what is too large is told', () => {
    const files = new FilesToJoin([
      { path: 'a', size: 150e6 },
      { path: 'b', size: 60e6 },
      { path: 'c', size: 50e6 },
    ]);
    expect(files.taken.map(({ path }) => path)).toEqual(['a', 'c']);
    for (const file of files.taken) files.add(file, { parts: [file.path], encoding: 'utf-8', guess: null });
    expect(files.joined().notes).toEqual(['Left out: 1 too large (b).']);
  });
});
