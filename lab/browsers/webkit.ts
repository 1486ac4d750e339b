/** WebKitGTK's MiniBrowser over its WebDriver: the engine of Safari, without WebGPU. It draws on a screen that nobody sees. */
import { createServer, type AddressInfo } from 'node:net';
import { programOf } from '../../cli/browser.ts';
import { startProgram, type RealBrowser, type RealPage, type Size } from './real-browser.ts';

const DRIVER = programOf(['WebKitWebDriver']);
const SCREEN = programOf(['xvfb-run']);
/** The driver, where there is a screen for it too. */
export const WEBKIT = SCREEN && DRIVER;

/** Ends what hangs. */
const PATIENCE_MILLISECONDS = 600_000;

/** One command of WebDriver. @throws Error with what the driver says. */
async function command(method: 'POST' | 'DELETE', address: string, body?: object): Promise<unknown> {
  const response = await fetch(address, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: unknown };
  if (!response.ok) {
    const { error, message } = value as { error: string; message: string };
    throw new Error(`${error}: ${message}`);
  }
  return value;
}

class WebkitPage implements RealPage {
  readonly browser: string;
  readonly #session: string;

  constructor(browser: string, session: string) {
    this.browser = browser;
    this.#session = session;
  }

  async open(url: string): Promise<void> {
    await command('POST', `${this.#session}/url`, { url });
  }

  async run<Args extends unknown[], T>(task: (...args: Args) => T | Promise<T>, ...args: Args): Promise<Awaited<T>> {
    const script = `const done = arguments[arguments.length - 1];
      (async () => (${task})(...${JSON.stringify(args)}))().then(
        (value) => done(JSON.stringify({ value })), (error) => done(JSON.stringify({ error: String(error) })));`;
    const answer = (await command('POST', `${this.#session}/execute/async`, { script, args: [] })) as string;
    const { value, error } = JSON.parse(answer) as { value: Awaited<T>; error?: string };
    if (error !== undefined) throw new Error(error);
    return value;
  }

  async load(script: string): Promise<void> {
    await command('POST', `${this.#session}/execute/sync`, { script, args: [] });
  }

  async resize(size: Size): Promise<void> {
    await command('POST', `${this.#session}/window/rect`, size);
  }

  async close(): Promise<void> {
    await command('DELETE', this.#session);
  }
}

export async function startWebkit(): Promise<RealBrowser> {
  const port = await freePort();
  const program = await startProgram(SCREEN!, ['--auto-servernum', DRIVER!, `--port=${port}`], null);
  const address = `http://127.0.0.1:${port}`;
  await untilReady(address);
  return {
    newPage: async () => {
      const capabilities = { alwaysMatch: { timeouts: { script: PATIENCE_MILLISECONDS } } };
      const { sessionId, capabilities: got } = (await command('POST', `${address}/session`, { capabilities })) as {
        sessionId: string;
        capabilities: { browserVersion: string };
      };
      return new WebkitPage(`WebKitGTK ${got.browserVersion}`, `${address}/session/${sessionId}`);
    },
    close: program.end,
  };
}

/** The driver says nothing when it is there. */
async function untilReady(address: string): Promise<void> {
  const isReady = () =>
    fetch(`${address}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
