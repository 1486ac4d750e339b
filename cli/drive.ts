/** Runs an experiment in a headless Chromium: the same page, workers and engine as in the playground. */
import { chromium, type Browser, type Page } from 'playwright';
import { InputError } from '../src/model/parse.ts';
import type { HeadlessOutcome, HeadlessRequest } from '../src/workers/headless.ts';
import type { ConductorEvent, EngineDescription } from '../src/experiment/protocol.ts';
import {
  adapterChoices,
  BROWSER_PATIENCE_MILLISECONDS,
  browserFlags,
  findBrowser,
  type AdapterChoice,
} from './browser.ts';
import { Failure } from './command.ts';
import { buildIfNeeded, serve } from './serve.ts';

export interface Listener {
  event(event: ConductorEvent): void;
  file(names: string[], part: Uint8Array, isFirst: boolean): void;
  tell(text: string): void;
}

export interface DrivenPage {
  run(request: HeadlessRequest): Promise<HeadlessOutcome>;
  cancel(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the headless page on the adapter that is named, else on the machine's own where it has one, else on Chromium's software adapter.
 * @throws InputError for a browser that is not there, Failure when no adapter can be had.
 */
export async function openHeadlessPage(
  browserPath: string | undefined,
  adapter: AdapterChoice | undefined,
  listener: Listener,
): Promise<DrivenPage> {
  const executablePath = browserAt(browserPath);
  await buildIfNeeded(listener.tell);
  const server = await serve(null);
  let reason = '';
  for (const choice of adapter ? [adapter] : adapterChoices()) {
    const browser = await launch(executablePath, choice);
    const page = await openPage(browser, `${server.url}headless.html`, listener);
    const engine = await page.evaluate(() => window.mupHeadless.describe());
    if (isAsChosen(engine, choice)) return driven(browser, page, server.close);
    reason = engine.reason ?? 'The adapter is a software one.';
    await browser.close();
  }
  await server.close();
  throw new Failure(
    `${reason} "${executablePath}" cannot train with WebGPU; name another browser with --browser, or train on the CPU with --engine reference.`,
  );
}

function browserAt(path: string | undefined): string {
  let found: string | null;
  try {
    found = findBrowser(path);
  } catch (error) {
    throw new InputError('--browser', (error as Error).message);
  }
  if (found) return found;
  throw new Failure(
    'No Chrome or Chromium was found: install one (npx playwright install chromium), name one with --browser PATH, or train on the CPU with --engine reference.',
  );
}

/** A software adapter found while looking for hardware is not the well-tried one. */
const isAsChosen = ({ kind, adapter }: EngineDescription, choice: AdapterChoice) =>
  kind === 'gpu' && (choice === 'software' || !adapter.software);

async function launch(executablePath: string, choice: AdapterChoice): Promise<Browser> {
  try {
    // Signals are the command's: on ctrl-C it first asks the page for what is finished.
    return await chromium.launch({
      executablePath,
      args: browserFlags(choice),
      timeout: BROWSER_PATIENCE_MILLISECONDS,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    const first = (error as Error).message.split('\n')[0];
    throw new Failure(`"${executablePath}" could not be started (${first}); name another browser with --browser PATH.`);
  }
}

async function openPage(browser: Browser, url: string, listener: Listener): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(BROWSER_PATIENCE_MILLISECONDS);
  await page.exposeFunction('mupEvent', (event: ConductorEvent) => listener.event(event));
  await page.exposeFunction('mupFile', (names: string[], part: string, isFirst: boolean) =>
    listener.file(names, Buffer.from(part, 'base64'), isFirst),
  );
  await page.goto(url);
  await page.waitForFunction(() => 'mupHeadless' in window);
  return page;
}

function driven(browser: Browser, page: Page, stopServing: () => Promise<void>): DrivenPage {
  return {
    run: async (request) => {
      try {
        return await page.evaluate((wanted) => window.mupHeadless.run(wanted), request);
      } catch (error) {
        const first = (error as Error).message.split('\n')[0].replace(/^page\.evaluate: (Error: )?/, '');
        throw new Failure(`The browser could not finish the experiment: ${first}`);
      }
    },
    cancel: () => page.evaluate(() => window.mupHeadless.cancel()),
    close: async () => {
      await browser.close();
      await stopServing();
    },
  };
}
