/** `npm start`: serves the built page and says where. */
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../cli/content-security-policy.ts';
import { runCommand } from './command.ts';

async function withPort<T>(use: (port: number) => Promise<T>, isFree: boolean): Promise<T> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  if (isFree) await new Promise((resolve) => server.close(resolve));
  try {
    return await use(port);
  } finally {
    if (!isFree) server.close();
  }
}

test('prints the address at which the page and its headless sister are', async () => {
  await withPort(async (port) => {
    const pages: Promise<{ policy: string | null; text: string }[]>[] = [];
    const { code } = await runCommand('start', ['--port', String(port)], (out, pid) => {
      const address = /http:\/\/localhost:\d+\//.exec(out)?.[0];
      if (!address || pages.length > 0) return;
      const answers = ['', 'headless.html'].map(async (path) => {
        const answer = await fetch(`${address}${path}`);
        return { policy: answer.headers.get('content-security-policy'), text: await answer.text() };
      });
      pages.push(Promise.all(answers).finally(() => process.kill(pid, 'SIGTERM')));
    });
    expect(code).toBe(0);
    const [page, headless] = await pages[0];
    expect(page.text).toContain('<div id="app">');
    expect(headless.text).toContain('npm run experiment');
    // Each says by itself what it may load, for static hosting, and our server says it of all it serves.
    const meta = `<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY.replaceAll("'", '&#39;')}">`;
    for (const { policy, text } of [page, headless]) {
      expect(policy).toBe(CONTENT_SECURITY_POLICY);
      expect(text).toContain(meta);
      expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
    }
  }, true);
});

test('a port that is in use, or that is none, is refused in one sentence', async () => {
  const inUse = await withPort((port) => runCommand('start', ['--port', String(port)]), false);
  expect(inUse.err).toMatch(/^--port: port \d+ is in use; choose another one, such as --port \d+\.\n$/);
  expect(inUse.code).toBe(2);
  const none = await runCommand('start', ['--port', 'many']);
  expect(none.err).toBe('--port must be a whole number from 1 to 65535, not "many".\n');
  expect(none.code).toBe(2);
});
