/** What the page's main thread does while something goes on. */
import type { Browser, Page } from 'playwright';

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
export async function mainThreadTasks(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<number[]> {
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
