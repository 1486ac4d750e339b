/** Builds the pages once for all files, as `npm start` does, serves them, and starts the browser that the files share. */
import { chromium } from 'playwright';
import type { TestProject } from 'vitest/node';
import { BROWSER_PATIENCE_MILLISECONDS, browserFlags, findBrowser } from '../../cli/browser.ts';
import { buildIfNeeded, serve } from '../../cli/serve.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built page is served; ends with a slash. */
    pageAddress: string;
    /** Where a browser with the software adapter takes connections. */
    browserEndpoint: string;
  }
}

export default async function share(project: TestProject): Promise<() => Promise<void>> {
  await buildIfNeeded(console.log);
  const served = await serve(null);
  const executablePath = findBrowser() ?? undefined;
  const browser = await chromium.launchServer({
    args: browserFlags('software'),
    timeout: BROWSER_PATIENCE_MILLISECONDS,
    ...(executablePath ? { executablePath } : {}),
  });
  project.provide('pageAddress', served.url);
  project.provide('browserEndpoint', browser.wsEndpoint());
  return async () => {
    await browser.close();
    await served.close();
  };
}
