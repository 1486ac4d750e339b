/** Starts the browser that all files share. */
import { chromium } from 'playwright';
import type { TestProject } from 'vitest/node';
import { BROWSER_PATIENCE_MILLISECONDS, browserFlags, findBrowser } from '../../cli/browser.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a browser with the software adapter takes connections. */
    browserEndpoint: string;
  }
}

export default async function shareBrowser(project: TestProject): Promise<() => Promise<void>> {
  const executablePath = findBrowser() ?? undefined;
  const browser = await chromium.launchServer({
    args: browserFlags('software'),
    timeout: BROWSER_PATIENCE_MILLISECONDS,
    ...(executablePath ? { executablePath } : {}),
  });
  project.provide('browserEndpoint', browser.wsEndpoint());
  return () => browser.close();
}
