import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { browserFlags, findBrowser } from './cli/browser.ts';
import { commitOf } from './cli/commit.ts';
import { CONTENT_SECURITY_POLICY } from './cli/content-security-policy.ts';
import { namesLaterParts } from './cli/later-parts.ts';
import { ROOT } from './cli/root.ts';
import { missingPeers } from './lab/bench/peer-packages.ts';

const browser = process.env['VITEST'] ? findBrowser() : null;

/** Ends what hangs. No test may fail because its machine is slow: how long something takes is the bench's matter. */
const HANGING_MILLISECONDS = 900_000;
const LIMITS = {
  testTimeout: HANGING_MILLISECONDS,
  hookTimeout: HANGING_MILLISECONDS,
  expect: { poll: { timeout: HANGING_MILLISECONDS / 3 } },
};

/** Files share what a worker has loaded, and both cores work: by default two cores would run one file at a time. */
const IN_NODE = { ...LIMITS, environment: 'node', isolate: false, maxWorkers: 2 } as const;

/** What every module is transformed by, beside the configuration itself: where it changes, no module that was kept is believed. */
const TRANSFORMED_BY = [join(ROOT, 'tsconfig.json'), join(ROOT, 'svelte.config.js')];

/** Pure code in Node, as a page's own: what the tests of a unit and those of its doors share. */
const UNIT = {
  ...IN_NODE,
  // Scales interpolate in the tests as they do on the page.
  server: { deps: { inline: ['d3-scale'] } },
  // Files share their modules, so that one alone could not bring a database that others have looked for before.
  alias: { idb: join(ROOT, 'tests/unit/ui/fake-idb.ts') },
  setupFiles: ['tests/unit/svelte-warnings.ts', 'tests/unit/same-numbers.ts', 'tests/unit/screen.ts'],
};

export default defineConfig({
  base: './',
  // The page is never drawn on a server, and the tests of its state in Node go by the rules that it lives by.
  plugins: [
    svelte({ dynamicCompileOptions: () => ({ generate: 'client' }) }),
    {
      name: 'transformed-by',
      configResolved: ({ configFileDependencies }) => void configFileDependencies.push(...TRANSFORMED_BY),
    },
    namesLaterParts,
    {
      // While developing, styles come as text and modules change in place.
      name: 'content-security-policy',
      apply: 'build',
      transformIndexHtml: () => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
          injectTo: 'head-prepend',
        },
      ],
    },
  ],
  define: { 'import.meta.env.VITE_COMMIT': JSON.stringify(commitOf(ROOT)) },
  resolve: { alias: { 'd3-interpolate': join(ROOT, 'src/ui/chart/interpolate.ts') } },
  // Nothing in a worker is loaded later: it goes on without the server.
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    rollupOptions: { input: { playground: 'index.html', headless: 'headless.html' } },
  },
  test: {
    // Modules that were transformed once are kept in node_modules by their content, so that the next run starts from them.
    experimental: { fsModuleCache: true },
    projects: [
      {
        extends: true,
        ssr: { resolve: { conditions: ['browser'] } },
        test: { ...UNIT, name: 'unit', include: ['tests/unit/**/*.test.ts'] },
      },
      // The doors of what comes in, with ten thousand cases each, which no two times are the same; not part of `npm test`.
      {
        extends: true,
        ssr: { resolve: { conditions: ['browser'] } },
        test: {
          ...UNIT,
          name: 'fuzz',
          include: ['tests/unit/fuzz/*.test.ts'],
          env: {
            FUZZ_CASES: process.env['FUZZ_CASES'] ?? '10000',
            FUZZ_SEED: process.env['FUZZ_SEED'] ?? 'random',
          },
        },
      },
      // How often intervals hold over simulated ladders: apart, for a law is held by exact values before it is held by frequencies.
      {
        extends: true,
        test: {
          ...IN_NODE,
          name: 'calibration',
          include: ['lab/calibration/**/*.test.ts'],
        },
      },
      {
        extends: true,
        optimizeDeps: { exclude: missingPeers() },
        test: {
          ...LIMITS,
          name: 'gpu',
          include: ['tests/gpu/**/*.test.ts'],
          fileParallelism: false,
          // One device for all files, with all that was compiled on it.
          isolate: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            connectTimeout: HANGING_MILLISECONDS,
            provider: playwright({
              launchOptions: {
                timeout: HANGING_MILLISECONDS,
                args: browserFlags('software'),
                ...(browser ? { executablePath: browser } : {}),
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      // Browsers as people have them, one after the other: where one is not installed, its tests are skipped and say so.
      {
        extends: true,
        test: {
          ...IN_NODE,
          name: 'browsers',
          include: ['tests/browsers/**/*.test.ts'],
          globalSetup: ['tests/served-page.ts'],
          maxWorkers: 1,
        },
      },
      // The same tests in Node, on the adapter of whatever driver there is; not part of `npm test`, for it needs npm's `webgpu`.
      {
        extends: true,
        test: {
          ...LIMITS,
          name: 'dawn',
          include: ['tests/gpu/**/*.test.ts'],
          environment: 'node',
          setupFiles: ['tests/gpu/dawn-setup.ts'],
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          ...IN_NODE,
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/served-page.ts', 'tests/e2e/shared-browser.ts'],
        },
      },
    ],
  },
});
