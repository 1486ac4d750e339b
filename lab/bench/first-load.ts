/** Section "first-load": what the served page loads before it can be used, compressed as a server would. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser, Response } from 'playwright';
import type { FirstLoadFigures, FirstLoadKind, FirstLoadRow } from './figures.ts';

/** Most bytes of compressed JavaScript that the page may need. */
const LIMIT = 100_000;
const LATER = 'JavaScript of parts below, while idle';
const KINDS: FirstLoadKind[] = ['JavaScript', LATER, 'JavaScript of workers', 'CSS', 'HTML', 'everything else'];

/** @param url the playground as `npm start` serves it. */
export async function firstLoad(browser: Browser, url: string): Promise<FirstLoadFigures> {
  const page = await browser.newPage();
  const loaded: Promise<{ url: string; kind: FirstLoadKind; body: Buffer }>[] = [];
  const hear = (response: Response) => {
    loaded.push(response.body().then((body) => ({ url: response.url(), kind: kindOf(response), body })));
  };
  await page.addInitScript(markButton);
  page.on('response', hear);
  await page.goto(url);
  await page.locator('.primary').waitFor();
  await page.locator('div.device', { hasNotText: 'Looking' }).waitFor();
  await page.waitForLoadState('networkidle');
  page.off('response', hear);
  const later = new Set(await page.evaluate(askedForLater));
  const files = (await Promise.all(loaded)).map((file) =>
    file.kind === 'JavaScript' && later.has(file.url) ? { ...file, kind: LATER } : file,
  );
  const rows = KINDS.map((kind): FirstLoadRow => {
    const bodies = files.filter((file) => file.kind === kind).map(({ body }) => body);
    const sum = (sizeOf: (body: Buffer) => number) => bodies.reduce((total, body) => total + sizeOf(body), 0);
    return {
      ...{ kind, files: bodies.length, bytes: sum(({ length }) => length) },
      gzip: sum((body) => gzipSync(body).length),
      brotli: sum((body) => brotliCompressSync(body).length),
    };
  });
  const { kind, gzip } = rows[0];
  return { rows: rows.filter(({ files: many }) => many > 0), limit: { kind, gzip, most: LIMIT } };
}

/** Runs in the page: notes when the button that trains is there. */
function markButton(): void {
  // Of itself a page forgets all files beyond 250, which then would count as loaded at the start.
  performance.setResourceTimingBufferSize(10_000);
  new MutationObserver((_, observer) => {
    if (!document.querySelector('.primary')) return;
    performance.mark('button');
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
}

/** Runs in the page: addresses of what was asked for after that. */
function askedForLater(): string[] {
  const [button] = performance.getEntriesByName('button');
  const all = performance.getEntriesByType('resource');
  return all.filter(({ startTime }) => startTime > button.startTime).map(({ name }) => name);
}

function kindOf(response: Response): FirstLoadKind {
  const url = response.url();
  const type = response.request().resourceType();
  if (/\.js$/.test(url)) return /worker/.test(url) ? 'JavaScript of workers' : 'JavaScript';
  if (type === 'stylesheet') return 'CSS';
  if (type === 'document') return 'HTML';
  return 'everything else';
}
