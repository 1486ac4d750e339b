/** Text of one's own on its way into the page: from files, and from an address. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../../cli/content-security-policy.ts';
import { hashText } from '../../../src/data/text/hash.ts';
import { addressOf, fetchedFile } from '../../../src/ui/link/fetched-file.ts';
import { readTexts, TEXT, TextReading } from '../../../src/ui/recipe/text-reading.svelte.ts';
import { hashesOf } from '../../../src/ui/storage/texts.ts';

const given = (path: string, content: BlobPart) => ({ path, file: new File([content], path) });

function reading() {
  const used: [name: string, text: string][] = [];
  return { used, reading: new TextReading((...one) => used.push(one)) };
}

describe('files', () => {
  it('are read as one text, which is known by its hash', async () => {
    const { used, reading: one } = reading();
    await one.readFiles([given('b.txt', 'b'), given('a.txt', 'a\n'), given('c.png', Uint8Array.of(0x89, 0x50, 0))]);
    expect(used).toEqual([['2 files, a.txt to b.txt', 'a\n\nb']]);
    expect(readTexts.get('2 files, a.txt to b.txt')!.notes).toEqual(['Left out: 1 no text (c.png).']);
    expect(hashesOf({ a: 'a\n\nb' })).toEqual({ a: hashText('a\n\nb') });
  });

  it('of which the encoding was guessed are read in another one by choice', async () => {
    const { used, reading: one } = reading();
    const file = given(
      'old.txt',
      Uint8Array.from('na\xefve, caf\xe9', (c) => c.charCodeAt(0)),
    );
    await one.readFiles([file]);
    expect(used.at(-1)).toEqual(['old.txt', 'naïve, café']);
    expect(readTexts.get('old.txt')).toMatchObject({ guessed: 'windows-1252', chosen: null });
    await one.readFiles([file], 'windows-1251');
    expect(used.at(-1)).toEqual(['old.txt', 'naпve, cafй']);
    expect(readTexts.get('old.txt')).toMatchObject({ guessed: null, chosen: 'windows-1251', notes: [] });
  });

  it.each(['bad \0 text', '\0a\0b', '%PDF-1.7', '\x01\x02\x03'])(
    'are not guessed at where %j is pasted, which is text already',
    async (pasted) => {
      const { used, reading: one } = reading();
      await one.readPasted(pasted);
      expect([used, one.problem]).toEqual([[['pasted text', pasted]], '']);
      expect(readTexts.get('pasted text')).toMatchObject({ notes: [], guessed: null, chosen: null });
      await one.readPasted('');
      expect([used.length, one.problem]).toEqual([1, '']);
    },
  );

  it('are refused in a sentence, and what is chosen later wins', async () => {
    const { used, reading: one } = reading();
    await one.readFiles([given('x.pdf', '%PDF-1.7')]);
    expect(one.problem).toBe('"x.pdf" is a PDF, no text; save what it holds as plain text.');
    const long = one.readFiles([given('long.txt', 'a long text '.repeat(1e6))]);
    await Promise.all([long, one.readFiles([given('short.txt', 'short')])]);
    expect([used, one.problem]).toEqual([[['short.txt', 'short']], '']);
  });
});

it.each([
  ['one byte per character', 'The law of the width. ', 'utf-8'],
  ['in another encoding', 'naïve café. ', 'windows-1252'],
])('a long text lets the page go on: %s', async (_, words, encoding) => {
  const { used, reading: one } = reading();
  const text = words.repeat(8e6 / words.length);
  const file = encoding === 'utf-8' ? given('a.txt', text) : given('a.txt', Buffer.from(text, 'latin1'));
  let turns = 0;
  let isOver = false;
  const count = () => void (turns++, isOver || setImmediate(count));
  count();
  await one.readFiles([file]);
  isOver = true;
  expect(used[0]![1]).toBe(text);
  expect(turns).toBeGreaterThan(3);
});

describe('an address', () => {
  async function served(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void (server.closeAllConnections(), server.close()));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('is asked over https, or on this machine, which is what the page’s policy lets through', () => {
    expect(addressOf(' example.org/book.txt ', TEXT).href).toBe('https://example.org/book.txt');
    expect(addressOf('http://localhost:8080/a', TEXT).href).toBe('http://localhost:8080/a');
    for (const typed of ['http://example.org/a', 'ftp://example.org/a', 'file:///etc/passwd', 'javascript:alert(1)']) {
      expect(() => addressOf(typed, TEXT), typed).toThrow(
        /must be asked over https, or be localhost; enter such an address\.$/,
      );
    }
    expect(() => addressOf('https://me:secret@example.org/', TEXT)).toThrow(/leave them out\.$/);
    for (const typed of ['', 'not an address'])
      expect(() => addressOf(typed, TEXT), typed).toThrow(/is no address; enter one/);
    // Code, styles and workers come from nowhere else still.
    expect(CONTENT_SECURITY_POLICY.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "worker-src 'self'",
      "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
      "img-src 'self' data:",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('gives a text by the name of its file, with what comes as a page told', async () => {
    const address = await served((_, answer) => {
      answer.setHeader('content-type', 'text/html; charset=utf-8');
      answer.end('<p>Text</p>');
    });
    const { used, reading: one } = reading();
    await one.readAddress(`${address}/books/my%20book.html?x=1`);
    expect(used).toEqual([['my book.html', '<p>Text</p>']]);
    expect(readTexts.get('my book.html')!.notes[0]).toMatch(/^It came as a web page/);
  });

  it('that does not answer, or with something else, is told in one sentence', async () => {
    const { used, reading: one } = reading();
    const address = await served((request, answer) => {
      answer.statusCode = Number(request.url!.slice(1));
      answer.end('sorry');
    });
    const host = address.slice('http://'.length);
    const told = async (at: string) => (await one.readAddress(at), one.problem);
    expect(await told(`${address}/404`)).toBe(
      `The server ${host} answered 404: there is no such text; look at the address.`,
    );
    expect(await told(`${address}/503`)).toMatch(/answered 503; try again later\.$/);
    expect(await told(`${address}/403`)).toMatch(/answered 403: the text is not for everybody/);
    expect(await told('http://127.0.0.1:9/')).toMatch(
      /^The server 127\.0\.0\.1:9 could not be read: it is not there, .* \(CORS\); save the text/,
    );
    expect(used).toEqual([]);
  });

  it('of more than 200 MB is refused before it is read, and one that does not say so while it is', async () => {
    const address = await served((request, answer) => {
      if (request.url === '/told') answer.setHeader('content-length', 200_000_001);
      answer.write(Buffer.alloc(1e6, 'a'));
      const more = () => answer.write(Buffer.alloc(1e6, 'a'), (error) => error || more());
      if (request.url === '/silent') more();
    });
    const { used, reading: one } = reading();
    for (const path of ['told', 'silent']) {
      await one.readAddress(`${address}/${path}`);
      expect(one.problem).toBe(`"${path}" has more than 200 MB; choose a smaller file, or cut it.`);
    }
    expect(used).toEqual([]);
  });

  it('is left when it is cancelled, with its progress told until then', async () => {
    const closed = vi.fn();
    const address = await served((_, answer) => {
      answer.on('close', closed);
      answer.setHeader('content-length', 4e6);
      answer.write(Buffer.alloc(2e6, 'a'));
    });
    const progress = vi.fn();
    const leaving = new AbortController();
    const fetching = fetchedFile(new URL(address), TEXT, leaving.signal, progress).catch((error: unknown) => error);
    await vi.waitFor(() => expect(progress).toHaveBeenLastCalledWith(2e6, 4e6));
    leaving.abort();
    expect(await fetching).toMatchObject({ name: 'AbortError' });
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
    const { used, reading: one } = reading();
    const left = one.readAddress(address);
    // Also where nothing more comes, it is told, and there is something to press.
    await vi.waitFor(() => expect([one.isLasting, one.share]).toEqual([true, 0.5]));
    one.cancel();
    await left;
    expect([used, one.problem, one.isLasting]).toEqual([[], '', false]);
  });
});
