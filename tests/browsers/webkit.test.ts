/** WebKitGTK, the engine of Safari, where there is no WebGPU: what the page does without. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { coresToTrainOn } from '../../src/model/cores.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import type { RealBrowser, RealPage } from '../../lab/browsers/real-browser.ts';
import { openLinkedExample, press, saved, trainFrom, visitAllViews, whenShown } from './steps.ts';
import { startWebkit, WEBKIT } from '../../lab/browsers/webkit.ts';

const NOT_THERE = ' (skipped: not installed; on Debian: apt-get install webkit2gtk-driver xvfb xauth)';

describe.skipIf(!WEBKIT)(`WebKitGTK${WEBKIT ? '' : NOT_THERE}`, () => {
  let browser: RealBrowser;
  let page: RealPage;
  beforeAll(async () => {
    browser = await startWebkit();
    page = await browser.newPage();
  });
  afterAll(async () => {
    await page?.close();
    await browser?.close();
  });

  it('opens every view, accessibly, in both themes, on a desk and on a phone', async () => {
    await page.open(inject('pageAddress'));
    await whenShown(page, '.device', 'CPU, no WebGPU');
    await visitAllViews(page);
    await press(page, '.device button', 'CPU, no WebGPU');
    const cores = coresToTrainOn(await page.run(() => navigator.hardwareConcurrency));
    await whenShown(page, '.facts dd', cores > 1 ? `${cores} runs at once` : 'a run at a time');
  });

  it('shows the result of a link as every browser does', () => openLinkedExample(page, inject('pageAddress')));

  it('trains the smoke preset on the CPU to its verdict, and what it found leaves as files', async () => {
    await trainFrom(page, inject('pageAddress'), presetExperiment('smoke'));
    await whenShown(page, 'h1', /^Width 48 was predicted at \d\.\d{3} and reached \d\.\d{3}$/);

    const figure = async (kind: string) => {
      await press(page, 'figure button', 'Export');
      await whenShown(page, 'figure button', kind);
      return saved(page, kind);
    };
    const svg = await figure('SVG drawing');
    expect(svg).toMatchObject({ name: 'scaling.svg', start: expect.stringContaining('<svg ') as unknown });
    const png = await figure('PNG picture');
    expect(png).toMatchObject({ type: 'image/png', start: expect.stringContaining('PNG') as unknown });
    const csv = await figure('CSV numbers');
    expect(csv.start.split('\r\n').length).toBeGreaterThan(6);
    const result = await saved(page, 'result.json');
    expect(result.start).toMatch(/^\{\s+"schema": "mup-playground\/experiment@1"/);
    expect(result.bytes).toBeGreaterThan(10_000);
  });
});
