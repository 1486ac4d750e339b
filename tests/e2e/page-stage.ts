/** The built page, served, in a browser: what every test of the page starts from. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';
import { build, preview } from 'vite';
import { browserFlags, findBrowser, type AdapterChoice } from '../../cli/browser.ts';
import type { Experiment } from '../../src/model/experiment.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import { linkHash } from '../../src/ui/link/experiment-link.ts';

export interface Stage {
  address: string;
  browser: Browser;
  close(): Promise<void>;
}

/** Builds the page as it ships, without the recorded example unless the test brings one. */
export async function openStage(adapter: AdapterChoice): Promise<Stage> {
  const outDir = await mkdtemp(join(tmpdir(), 'mup-page-'));
  const environment = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  await build({ mode: 'production', logLevel: 'error', build: { outDir, rollupOptions: { input: 'index.html' } } });
  const server = await preview({ logLevel: 'error', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  process.env['NODE_ENV'] = environment;
  const executablePath = findBrowser() ?? undefined;
  const browser = await chromium.launch({ args: browserFlags(adapter), ...(executablePath ? { executablePath } : {}) });
  return {
    address: server.resolvedUrls!.local[0],
    browser,
    async close() {
      await browser.close();
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

export interface Opened {
  page: Page;
  /** Errors and warnings of the console, and uncaught errors. */
  complaints: string[];
}

export interface OpenOptions extends BrowserContextOptions {
  experiment?: Experiment;
  hash?: string;
  /** Body of the recorded example; without it there is none. */
  recorded?: string;
}

/** A fresh visit: nothing stored, no example. */
export async function visit({ address, browser }: Stage, options: OpenOptions = {}): Promise<Opened> {
  const { experiment, hash = experiment ? `#${linkHash(experiment)}` : '', recorded, ...context } = options;
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context })).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.route('**/recorded/*.json', (route) =>
    recorded ? route.fulfill({ body: recorded, contentType: 'application/json' }) : route.fulfill({ body: '' }),
  );
  await page.goto(address + hash);
  await page.locator('.primary').waitFor();
  await page.locator('.device', { hasText: 'idle' }).waitFor();
  await page.locator('.device', { hasNotText: 'Looking' }).waitFor();
  return { page, complaints };
}

/** An experiment that trains in seconds, also on a software adapter. */
export function tinyExperiment(change: (experiment: Experiment) => void = () => {}): Experiment {
  const experiment = presetExperiment('smoke');
  experiment.name = 'Tiny';
  experiment.ladder = { rungs: [8, 12, 16], targets: [24] };
  Object.assign(experiment.recipes[0], { steps: 30, batch: 8, context: 16 });
  experiment.recipes[0].evaluation.sequences = 32;
  change(experiment);
  return experiment;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Processor time of the thread, microseconds. */
  tdur?: number;
  args: { name?: string };
}

/**
 * Milliseconds of processor time of each task on the page's main thread during `work`, the longest first. A `longtask` entry
 * counts the clock on the wall, and where training fills every core, as on a software adapter, that is mostly the wait for
 * a core; what the page itself does is the time its thread ran.
 */
export async function mainThreadTasks({ browser }: Stage, page: Page, work: () => Promise<unknown>): Promise<number[]> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const isMain = ({ name, args }: TraceEvent) => name === 'thread_name' && args.name === 'CrRendererMain';
  const mains = new Set(traceEvents.filter(isMain).map(thread));
  return traceEvents
    .filter((event) => event.ph === 'X' && event.name.includes('RunTask') && mains.has(thread(event)))
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a);
}

/** Presses the big button and waits until everything is over. */
export async function trainToEnd(page: Page): Promise<void> {
  await page.locator('.primary').click();
  await page.locator('.primary', { hasText: 'Train again' }).waitFor({ timeout: 90_000 });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds, as readable lines; none is the aim. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as { axe: { run(root: Document, options: object): Promise<AxeOutcome> } };
    interface AxeOutcome {
      violations: { id: string; nodes: { html: string }[] }[];
    }
    // In the middle of a transition a colour is neither the one before nor the one after.
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
    const { violations } = await axe.run(document, { runOnly });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 140)}`));
  }, STANDARDS);
}

export const hasSidewaysScroll = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
