/** `npm start`: serves the built page and says where. */
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
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
    const pages: Promise<string[]>[] = [];
    const { code } = await runCommand('start', ['--port', String(port)], (out, pid) => {
      const address = /http:\/\/localhost:\d+\//.exec(out)?.[0];
      if (!address || pages.length > 0) return;
      const texts = ['', 'headless.html'].map(async (path) => (await fetch(`${address}${path}`)).text());
      pages.push(Promise.all(texts).finally(() => process.kill(pid, 'SIGTERM')));
    });
    expect(code).toBe(0);
    const [page, headless] = await pages[0];
    expect(page).toContain('<div id="app">');
    expect(headless).toContain('npm run experiment');
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
