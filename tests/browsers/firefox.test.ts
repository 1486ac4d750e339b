/** Firefox with WebGPU on a software driver: what trains in Chromium trains there. */
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ROOT } from '../../cli/root.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import { FIREFOX, startFirefox } from '../../lab/browsers/firefox.ts';
import type { RealBrowser, RealPage } from '../../lab/browsers/real-browser.ts';
import { openLinkedExample, trainFrom, visitAllViews, whenShown } from './steps.ts';

const NOT_THERE = ' (skipped: not installed; on Debian: apt-get install firefox-esr mesa-vulkan-drivers)';

/** The page there, whatever the CPU could do. */
const onAdapter = () => `${inject('pageAddress')}?engine=gpu`;

describe.skipIf(!FIREFOX)(`Firefox${FIREFOX ? '' : NOT_THERE}`, () => {
  let browser: RealBrowser;
  let page: RealPage;
  beforeAll(async () => {
    browser = await startFirefox();
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  // Release 140 has no WebGPU whatever its preferences say ("not yet available in Release"): there is nothing to wait for.
  beforeEach(async ({ skip }) => {
    const version = Number(/Firefox\/(\d+)/.exec(await page.run(() => navigator.userAgent))?.[1]);
    skip(version < 141, `Firefox ${version} has no WebGPU; update it`);
  });

  it('opens every view, accessibly, in both themes, on a desk and on a phone', async () => {
    await page.open(onAdapter());
    await whenShown(page, '.device', /software.*idle/);
    await visitAllViews(page);
  });

  it('shows the result of a link as every browser does', () => openLinkedExample(page, onAdapter()));

  it('trains the smoke preset on WebGPU to its verdict', async () => {
    await trainFrom(page, onAdapter(), presetExperiment('smoke'));
    await whenShown(page, 'h1', /^Width 48 was predicted at \d\.\d{3} and reached \d\.\d{3}$/);
  });

  it('reads off activations what muP keeps still and SP lets grow', async () => {
    await trainFrom(page, onAdapter(), presetExperiment('coordinates-smoke'));
    await whenShown(page, 'h1', /^Under μP .*; under SP .*grow/);
  });

  describe('the engine alone', () => {
    let server: ViteDevServer;
    beforeAll(async () => {
      server = await createServer({
        root: ROOT,
        logLevel: 'silent',
        server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
      });
      await server.listen();
      await page.open(`${server.resolvedUrls!.local[0]}tests/browsers/engine-page/index.html`);
    });
    afterAll(() => server?.close());

    it('goes on along the same trajectory when its device is lost', async () => {
      await expect.poll(() => page.run(() => 'engine' in window)).toBe(true);
      const { lost, undisturbed, disturbed } = await page.run(() => window.engine.losing(40));
      expect(lost).toBe(1);
      expect(disturbed).toEqual(undisturbed);
    });
  });
});
