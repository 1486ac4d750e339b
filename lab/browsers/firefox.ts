/** Firefox over WebDriver BiDi, which it speaks itself: no driver beside it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { programOf } from '../../cli/browser.ts';
import { startProgram, type RealBrowser, type RealPage, type Size } from './real-browser.ts';

export const FIREFOX = programOf(['firefox-esr', 'firefox']);

/** WebGPU on Linux is behind preferences there, and takes a software driver only when told. */
const PREFERENCES = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

type Parameters = Record<string, unknown>;

/** Commands and their answers over one socket. */
class Connection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: Parameters): void; reject(error: Error): void }>();
  #sent = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#hear(JSON.parse(String(data)) as Message));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox is gone.'));
    });
  }

  static open(address: string): Promise<Connection> {
    const socket = new WebSocket(address, { perMessageDeflate: false });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  send(method: string, params: Parameters): Promise<Parameters> {
    const id = ++this.#sent;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }

  #hear({ id, type, result, error, message }: Message): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (type === 'error') waiting?.reject(new Error(`${error}: ${message}`));
    else waiting?.resolve(result);
  }
}

interface Message {
  id: number;
  type: 'success' | 'error' | 'event';
  result: Parameters;
  error: string;
  message: string;
}

class FirefoxPage implements RealPage {
  readonly browser: string;
  readonly #connection: Connection;
  readonly #user: string;
  readonly #context: string;

  constructor(browser: string, connection: Connection, user: string, context: string) {
    this.browser = browser;
    this.#connection = connection;
    this.#user = user;
    this.#context = context;
  }

  async open(url: string): Promise<void> {
    await this.#connection.send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  async run<Args extends unknown[], T>(task: (...args: Args) => T | Promise<T>, ...args: Args): Promise<Awaited<T>> {
    const text = await this.#call(`async () => JSON.stringify({ value: await (${task})(...${JSON.stringify(args)}) })`);
    return (JSON.parse(text!) as { value: Awaited<T> }).value;
  }

  async load(script: string): Promise<void> {
    await this.#call(`() => { ${script} }`);
  }

  async resize(viewport: Size): Promise<void> {
    await this.#connection.send('browsingContext.setViewport', { context: this.#context, viewport });
  }

  async close(): Promise<void> {
    await this.#connection.send('browser.removeUserContext', { userContext: this.#user });
  }

  async #call(functionDeclaration: string): Promise<string | undefined> {
    const answer = await this.#connection.send('script.callFunction', {
      functionDeclaration,
      awaitPromise: true,
      target: { context: this.#context },
    });
    if (answer['type'] === 'exception') throw new Error((answer['exceptionDetails'] as { text: string }).text);
    return (answer['result'] as { value?: string }).value;
  }
}

export async function startFirefox(): Promise<RealBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'mup-firefox-'));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${value});`);
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const program = await startProgram(
    FIREFOX!,
    ['--headless', '--remote-debugging-port=0', '--no-remote', '--profile', profile],
    /WebDriver BiDi listening on (ws:\S+)/,
  );
  const connection = await Connection.open(`${program.said}/session`);
  const { capabilities } = (await connection.send('session.new', { capabilities: {} })) as {
    capabilities: { browserVersion: string };
  };
  const name = `Firefox ${capabilities.browserVersion}`;
  return {
    newPage: async () => {
      const { userContext } = await connection.send('browser.createUserContext', {});
      const { context } = await connection.send('browsingContext.create', { type: 'tab', userContext });
      return new FirefoxPage(name, connection, userContext as string, context as string);
    },
    close: async () => {
      connection.close();
      await program.end();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
