/** Builds the pages once for all files, as `npm start` does, and serves them. */
import type { TestProject } from 'vitest/node';
import { buildIfNeeded, serve } from '../cli/serve.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built page is served; ends with a slash. */
    pageAddress: string;
  }
}

export default async function servePage(project: TestProject): Promise<() => Promise<void>> {
  await buildIfNeeded(console.log);
  const served = await serve(null);
  project.provide('pageAddress', served.url);
  return () => served.close();
}
