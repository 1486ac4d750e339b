/** Every figure, taken away: complete by itself, on white, in the widths of a paper, and nothing of it outside of its frame. */
import type { Page } from 'playwright';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPage, openStage, savedFigure, visit, type Stage } from './page-stage.ts';

let stage: Stage;
beforeAll(async () => void (stage = await openStage('software')));
afterAll(() => stage?.close());

const recorded = (name: string) => readFileSync(new URL(`../../public/recorded/${name}.json`, import.meta.url), 'utf8');
const VIEWS = [
  ['Predict', 'sentences'],
  ['Compare', 'qk-norm'],
  ['Transfer', 'transfer-sentences'],
  ['Coordinates', 'coordinates-smoke'],
  ['Basin', 'basin-smoke'],
  ['Tables', 'sentences'],
] as const;

/** Texts of the drawing, and those that reach beyond it. */
async function lookedAt(alone: Page, svg: string) {
  await alone.setContent(svg.replace(/^<\?xml[^>]*>/, ''));
  return alone.evaluate(() => {
    const root = document.querySelector('svg')!;
    const frame = root.getBoundingClientRect();
    const texts = [...root.querySelectorAll('text')].filter(({ textContent }) => textContent.trim() !== '');
    const isOut = (text: SVGTextElement) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      return left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 1 || bottom > frame.bottom + 1;
    };
    return {
      width: root.width.baseVal.value,
      texts: texts.map(({ textContent }) => textContent),
      out: texts.filter(isOut).map(({ textContent }) => textContent),
      families: [...new Set(texts.map((text) => text.getAttribute('font-family')))],
      ground: root.querySelector('rect')!.getAttribute('fill'),
    };
  });
}

describe('figures of', () => {
  it.each(VIEWS)('%s stand by themselves', async (view, example) => {
    const { page, complaints } = await visit(stage, { recorded: recorded(example), colorScheme: 'dark' });
    await page.getByRole('link', { name: new RegExp(`^${view}`) }).click();
    await page.locator('#hero figure svg').first().waitFor();
    await expect.poll(() => page.locator('#hero figure .foot li').count()).toBeGreaterThan(0);
    const alone = await newPage(stage);
    const hero = page.locator('#hero figure').first();
    const before = await hero.locator('svg').first().getAttribute('viewBox');
    const words = (all: string[]) =>
      all.map((text) =>
        text
          .replace(/\(.*\)/, '')
          .replace(/\s+/g, ' ')
          .trim(),
      );
    const legend = words(await hero.locator('.foot li').allTextContents());
    for (const [size, width] of [
      [undefined, null],
      ['One column', 372],
      ['Two columns', 732],
    ] as const) {
      const { buffer } = await savedFigure(page, 'SVG drawing', size ? { size } : {});
      const svg = buffer.toString();
      expect(svg).not.toMatch(/var\(|class=|style=|tabindex|<script|href/);
      const seen = await lookedAt(alone, svg);
      expect(seen.out, `${view}, ${size}`).toEqual([]);
      expect(seen.families).toEqual(["Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"]);
      expect(seen.ground).toBe('#fff');
      expect(seen.texts).toEqual(expect.arrayContaining(legend));
      expect(seen.texts.join(' ')).toMatch(/μP Playground \d+\.\d+\.\d+/);
      if (width) expect(seen.width).toBe(width);
      // Every finding stands above its figure.
      const title = (await hero.locator('h1, h2').first().textContent())!.slice(0, 12).trim();
      expect(seen.texts.join(' ')).toContain(title);
    }
    // The page is again what it was.
    expect(await hero.locator('svg').first().getAttribute('viewBox')).toBe(before);
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    expect(complaints).toEqual([]);
  });

  it('a view are printed alone, and described for a paper', async () => {
    const { page } = await visit(stage, {
      recorded: recorded('sentences'),
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('#hero figure svg').first().waitFor();
    await page.evaluate(() => {
      window.print = () => {
        document.documentElement.dataset['printed'] = String(document.querySelectorAll('.paper svg text').length);
      };
    });
    await page.getByRole('button', { name: 'Export', exact: true }).first().click();
    await page.getByRole('button', { name: 'Print, or PDF' }).click();
    await expect
      .poll(() => page.evaluate(() => Number(document.documentElement.dataset['printed'])))
      .toBeGreaterThan(10);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.paper svg').first().isVisible()).toBe(true);
    expect(await page.locator('#app').isVisible()).toBe(false);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: 'screen' });
    expect(await page.locator('.paper').count()).toBe(0);
    expect(await page.locator('#app').isVisible()).toBe(true);

    await page.getByRole('button', { name: 'Export', exact: true }).first().click();
    await page.getByRole('button', { name: 'Copy the caption' }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/grammar corpus, AdamW.*seeds 1, 2\. Trained on .* by μP Playground .* width 64: [0-9a-f]{64}$/);
    await page.getByRole('button', { name: 'Export', exact: true }).first().click();
    await page.getByRole('button', { name: 'Copy BibTeX' }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/^@software\{mup_playground,[^]*version = \{\d+\.\d+\.\d+ \([0-9a-f]{7}\)\}[^]*arXiv:2304\.06875/);
  });
});
