/** Runs the sections in a browser: its own page for what needs a device, the served playground for what is about the page. */
import { chromium, type Browser, type Page } from 'playwright';
import { build, preview, type InlineConfig } from 'vite';
import { join } from 'node:path';
import {
  adapterChoices,
  BROWSER_PATIENCE_MILLISECONDS,
  browserFlags,
  findBrowser,
  type AdapterChoice,
} from '../../cli/browser.ts';
import { Failure } from '../../cli/command.ts';
import { ROOT } from '../../cli/root.ts';
import { buildIfNeeded, serve } from '../../cli/serve.ts';
import { InputError } from '../../src/model/parse.ts';
import type { AdapterInfo } from '../../src/model/training.ts';
import type { SectionName, Sections } from './figures.ts';
import { FIREFOX, startFirefox } from '../browsers/firefox.ts';
import type { RealBrowser } from '../browsers/real-browser.ts';
import { startWebkit, WEBKIT } from '../browsers/webkit.ts';
import { browsers, type OpenPage } from './browsers.ts';
import { endurance } from './endurance.ts';
import { cpuCores } from './cpu-cores.ts';
import { firstLoad } from './first-load.ts';
import { longTasks } from './long-tasks.ts';
import type { BenchOptions } from './options.ts';
import type {} from './page/page.ts';
import { unbuiltPeers } from './peer-packages.ts';
import { refit } from './refit.ts';
import { tell, type Runner } from './report.ts';

/** `preview` serves what `build` made; both without the playground's configuration. */
const pageConfig = (): InlineConfig => ({
  root: ROOT,
  configFile: false,
  logLevel: 'error',
  base: './',
  build: {
    target: 'es2023',
    outDir: join(ROOT, 'node_modules/.cache/mup-bench/page'),
    emptyOutDir: true,
    rollupOptions: { input: join(ROOT, 'lab/bench/page/bench.html'), external: unbuiltPeers() },
    // The peers are large, and nobody waits for them on a network.
    chunkSizeWarningLimit: Infinity,
  },
  preview: {
    ...{ host: '127.0.0.1', port: 0, open: false },
    // An isolated page has a clock of 5 µs, others one of 100.
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
});

interface BrowserRunner extends Runner {
  close(): Promise<void>;
}

/** @throws InputError for a browser that is not there, Failure when it offers no adapter. */
export async function openBrowserRunner({ browser: path, quick }: BenchOptions): Promise<BrowserRunner> {
  const executablePath = browserAt(path);
  tell('Building the page of the bench…');
  const config = pageConfig();
  await build(config);
  const server = await preview(config);
  const address = `${server.resolvedUrls!.local[0]}lab/bench/page/bench.html`;
  const { choice, adapter, version } = await chooseAdapter(executablePath, address);
  const where = `Chromium ${version}`;
  const opened = () => launch(executablePath, choice);

  // A fresh browser for each section: none finds pipelines or memory that another one left.
  const onBenchPage = async <T>(work: (page: Page) => Promise<T>): Promise<T> => {
    const browser = await opened();
    try {
      return await work(await openPage(browser, address));
    } finally {
      await browser.close();
    }
  };
  const onPlayground = async <T>(work: (browser: Browser, url: string) => Promise<T>): Promise<T> => {
    await buildIfNeeded(tell);
    const playground = await serve(null);
    const browser = await opened();
    try {
      return await work(browser, playground.url);
    } finally {
      await browser.close();
      await playground.close();
    }
  };
  const measure = async (name: SectionName): Promise<Sections[SectionName]> => {
    switch (name) {
      case 'long-tasks':
        return onPlayground((browser, url) => longTasks(browser, url, { quick, tell }));
      case 'first-load':
        return onPlayground((browser, url) => firstLoad(browser, url));
      case 'browsers':
        return onPlayground((browser, url) => browsers(installedBesides(browser), url, { quick, tell }));
      case 'endurance':
        return onPlayground((browser, url) => endurance(browser, url, { quick, tell }));
      case 'cpu-cores':
        return cpuCores(path, { quick, tell });
      case 'refit': {
        const inPage = await onBenchPage((page) =>
          page.evaluate(([place, isQuick]) => window.mupBench.refit(place, isQuick), [where, quick] as const),
        );
        return { places: [inPage, await refit(`Node ${process.versions.node}`, { quick, tell })] };
      }
      default:
        return onBenchPage((page) =>
          page.evaluate(([section, isQuick]) => window.mupBench.run(section, isQuick), [name, quick] as const),
        );
    }
  };
  return { version: where, adapter, measure, close: () => server.close() };
}

/** Chromium first, then what else is installed here. */
function installedBesides(chromium: Browser): OpenPage[] {
  const inChromium: OpenPage = async (work) => {
    const page = await chromium.newPage();
    page.setDefaultTimeout(BROWSER_PATIENCE_MILLISECONDS);
    return work({
      browser: `Chromium ${chromium.version()}`,
      open: async (address) => void (await page.goto(address)),
      run: (task, ...args) => page.evaluate(`(${task})(...${JSON.stringify(args)})`),
    });
  };
  const on =
    (start: () => Promise<RealBrowser>): OpenPage =>
    async (work) => {
      const browser = await start();
      try {
        return await work(await browser.newPage());
      } finally {
        await browser.close();
      }
    };
  return [inChromium, ...(FIREFOX ? [on(startFirefox)] : []), ...(WEBKIT ? [on(startWebkit)] : [])];
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
    'No Chrome or Chromium was found: install one (npx playwright install chromium), name one with --browser PATH, or measure without one by --runtime node.',
  );
}

interface Chosen {
  choice: AdapterChoice;
  adapter: AdapterInfo;
  version: string;
}

/** The machine's own adapter where the browser gets at it, else Chromium's software adapter. */
async function chooseAdapter(executablePath: string, address: string): Promise<Chosen> {
  let reason = '';
  for (const choice of adapterChoices()) {
    const browser = await launch(executablePath, choice);
    try {
      const page = await openPage(browser, address);
      const described = await page.evaluate(() => window.mupBench.describe());
      if ('reason' in described) {
        ({ reason } = described);
      } else if (choice === 'software' || !described.adapter.software) {
        return { choice, adapter: described.adapter, version: browser.version() };
      }
    } finally {
      await browser.close();
    }
  }
  throw new Failure(`${reason} "${executablePath}" cannot train with WebGPU; name another browser with --browser.`);
}

async function launch(executablePath: string, choice: AdapterChoice): Promise<Browser> {
  try {
    const args = [...browserFlags(choice), '--disable-dawn-features=timestamp_quantization'];
    return await chromium.launch({ executablePath, args, timeout: BROWSER_PATIENCE_MILLISECONDS });
  } catch (error) {
    const first = (error as Error).message.split('\n')[0];
    throw new Failure(`"${executablePath}" could not be started (${first}); name another browser with --browser PATH.`);
  }
}

async function openPage(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(BROWSER_PATIENCE_MILLISECONDS);
  await page.exposeFunction('mupTell', tell);
  await page.goto(address);
  await page.waitForFunction(() => 'mupBench' in window);
  return page;
}
