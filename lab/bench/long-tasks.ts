/** Section "long-tasks": whether the main thread stays free while the page trains. */
import type { Browser, Page } from 'playwright';
import { presetExperiment } from '../../src/model/presets.ts';
import type { Experiment } from '../../src/model/experiment.ts';
import { linkHash } from '../../src/ui/link/experiment-link.ts';
import type { LongTaskFigures } from './figures.ts';
import { mainThreadTasks } from './main-thread.ts';
import type { SectionOptions } from './section.ts';
import { spreadOf } from './spread.ts';

const PRESET = 'smoke';
const LONG_FRAME = 50;

interface Watch {
  longTasks: number[];
  gaps: number[];
  /** From the press of the button to the first step that the page shows; milliseconds. */
  firstLoss: number | null;
  pressed: number | null;
  /** Time of the frame before. */
  last: number;
  isOn: boolean;
  begin(): void;
  frame(now: number): void;
}

declare global {
  interface Window {
    mupWatch: Watch;
  }
}

/** @param url the playground as `npm start` serves it. */
export async function longTasks(
  browser: Browser,
  url: string,
  { quick, tell }: SectionOptions,
): Promise<LongTaskFigures> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${url}?engine=gpu#${linkHash(experimentOf(quick))}`);
  await page.locator('div.device', { hasText: 'idle' }).waitFor();
  await page.locator('div.device', { hasNotText: 'Looking' }).waitFor();
  tell(`long-tasks: training the preset ${PRESET} in the page`);
  let training = 0;
  const [longestByProcessor] = await mainThreadTasks(browser, page, async () => {
    await page.evaluate(watchMainThread);
    const pressed = performance.now();
    await page.locator('.primary').click();
    await page.locator('.primary', { hasText: 'Train again' }).waitFor({ timeout: 600_000 });
    training = performance.now() - pressed;
  });
  return { preset: PRESET, training, longestByProcessor, ...(await watched(page)) };
}

function experimentOf(quick: boolean): Experiment {
  const experiment = presetExperiment(PRESET);
  if (!quick) return experiment;
  experiment.ladder = { rungs: [8, 12, 16], targets: [24] };
  experiment.recipes[0].steps = 40;
  return experiment;
}

/** Runs in the page, as it is written: methods and no named functions, which the compiler would wrap in a function of its own. */
function watchMainThread(): void {
  window.mupWatch = {
    longTasks: [],
    gaps: [],
    firstLoss: null,
    pressed: null,
    last: performance.now(),
    isOn: true,
    begin() {
      new PerformanceObserver((list) => {
        if (this.isOn) this.longTasks.push(...list.getEntries().map(({ duration }) => duration));
      }).observe({ type: 'longtask' });
      addEventListener('click', () => (this.pressed ??= performance.now()), { capture: true });
      requestAnimationFrame((now) => this.frame(now));
    },
    frame(now) {
      if (!this.isOn) return;
      this.gaps.push(now - this.last);
      this.last = now;
      if (this.pressed !== null && this.firstLoss === null) {
        const isShown = /step [1-9]\d* of/.test(document.body.textContent ?? '');
        if (isShown) this.firstLoss = performance.now() - this.pressed;
      }
      requestAnimationFrame((next) => this.frame(next));
    },
  };
  window.mupWatch.begin();
}

async function watched(page: Page): Promise<Pick<LongTaskFigures, 'firstLoss' | 'longTasks' | 'frames'>> {
  const {
    longTasks: tasks,
    gaps,
    firstLoss,
  } = await page.evaluate(() => {
    window.mupWatch.isOn = false;
    return { longTasks: window.mupWatch.longTasks, gaps: window.mupWatch.gaps, firstLoss: window.mupWatch.firstLoss };
  });
  if (firstLoss === null) throw new Error('the page showed no step while it trained');
  return {
    firstLoss,
    longTasks: { count: tasks.length, longest: tasks.length > 0 ? Math.max(...tasks) : null },
    frames: {
      gap: spreadOf(gaps),
      longest: gaps.reduce((longest, gap) => Math.max(longest, gap), 0),
      over50: gaps.filter((gap) => gap > LONG_FRAME).length,
    },
  };
}
