import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { browserFlags, findBrowser } from './cli/browser.ts';

const browser = process.env['VITEST'] ? findBrowser() : null;

export default defineConfig({
  base: './',
  plugins: [svelte()],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    rollupOptions: { input: { playground: 'index.html', headless: 'headless.html' } },
  },
  test: {
    projects: [
      // Pure modules: files may share them, which halves the time; by default two cores would run one file at a time.
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          environment: 'node',
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'gpu',
          include: ['tests/gpu/**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                args: browserFlags('software'),
                ...(browser ? { executablePath: browser } : {}),
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      // The same tests in Node, on the adapter of whatever driver there is; not part of `npm test`, for it needs npm's `webgpu`.
      {
        extends: true,
        test: {
          name: 'dawn',
          include: ['tests/gpu/**/*.test.ts'],
          environment: 'node',
          setupFiles: ['tests/gpu/dawn-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
