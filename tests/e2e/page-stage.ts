/** The built page, served, in a browser: what every test of the page starts from. */
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';
import { inject, onTestFinished } from 'vitest';
import { BROWSER_PATIENCE_MILLISECONDS, browserFlags, findBrowser } from '../../cli/browser.ts';
import type { Experiment } from '../../src/model/experiment.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import { linkHash } from '../../src/ui/link/experiment-link.ts';
import { AXE, findingsOf, RULES } from '../accessibility.ts';

export interface Stage {
  address: string;
  browser: Browser;
  close(): Promise<void>;
}

/**
 * The page on the software adapter, whatever the CPU could do, in the browser that all files share or, for what its other pages would suffer from, in
 * one of its own; or without WebGPU.
 */
export async function openStage(adapter: 'software' | 'none', isAlone = adapter === 'none'): Promise<Stage> {
  const browser = isAlone ? await ownBrowser(adapter) : await sharedBrowser();
  const address = `${inject('pageAddress')}${adapter === 'software' ? '?engine=gpu' : ''}`;
  return { address, browser, close: () => browser.close() };
}

const sharedBrowser = () => chromium.connect(inject('browserEndpoint'), { timeout: BROWSER_PATIENCE_MILLISECONDS });

function ownBrowser(adapter: 'software' | 'none'): Promise<Browser> {
  const executablePath = findBrowser() ?? undefined;
  const args = browserFlags(adapter);
  return chromium.launch({
    args,
    timeout: BROWSER_PATIENCE_MILLISECONDS,
    ...(executablePath ? { executablePath } : {}),
  });
}

/** A page of a visitor of its own, who leaves with the test: what is still open takes the time of those that come. */
export async function newPage({ browser }: Stage, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: DESK, ...options });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(BROWSER_PATIENCE_MILLISECONDS);
  return context.newPage();
}

export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

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
  /** Done with the page before it is opened. */
  before?: (page: Page) => Promise<void>;
}

/** A fresh visit: nothing stored, no example. */
export async function visit(stage: Stage, options: OpenOptions = {}): Promise<Opened> {
  const { experiment, hash = experiment ? `#${linkHash(experiment)}` : '', recorded, before, ...context } = options;
  const page = await newPage(stage, context);
  await before?.(page);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
      console.error(`Refused by the page's policy: ${effectiveDirective}, ${blockedURI}`),
    ),
  );
  await page.route('**/recorded/*.json', (route) =>
    recorded ? route.fulfill({ body: recorded, contentType: 'application/json' }) : route.fulfill({ body: '' }),
  );
  await page.goto(stage.address + hash);
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

/** Presses the big button and waits until everything is over. */
export async function trainToEnd(page: Page): Promise<void> {
  await page.locator('.primary').click();
  await page.locator('.primary', { hasText: 'Train again' }).waitFor();
}

/** What the Export of a figure saves, of the first one where no other is meant. */
export async function savedFigure(
  page: Page,
  kind: 'SVG drawing' | 'PNG picture, three times as fine' | 'CSV numbers',
  { nth = 0, size }: { nth?: number; size?: 'One column' | 'Two columns' } = {},
) {
  await page.getByRole('button', { name: 'Export', exact: true }).nth(nth).click();
  if (size) await page.getByRole('button', { name: size, exact: true }).click();
  return savedFile(page, kind);
}

/** What the browser saves when the button of that name is pressed, as a file to open again. */
export async function savedFile(page: Page, button: string) {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  const download = await saving;
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return { name: download.suggestedFilename(), mimeType: 'application/json', buffer: Buffer.concat(parts) };
}

/** What axe finds, as readable lines; none is the aim. */
export async function axeFindings(page: Page, rules: keyof typeof RULES = 'all'): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(findingsOf, RULES[rules]);
}

export const hasSidewaysScroll = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
