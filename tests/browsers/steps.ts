/** What a visitor does and looks at, in any browser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ROOT } from '../../cli/root.ts';
import { readResult } from '../../src/experiment/read-result.ts';
import type { Experiment } from '../../src/model/experiment.ts';
import { linkHash } from '../../src/ui/link/experiment-link.ts';
import { resultHash } from '../../src/ui/link/result-link.ts';
import { AXE, findingsOf, RULES } from '../accessibility.ts';
import type { RealPage } from '../../lab/browsers/real-browser.ts';

export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Ends what hangs: trained on a slow processor, the smallest ladder takes minutes. */
const timeout = 800_000;

/** Waits until an element that `selector` finds holds `text`, and answers all that it holds. */
export async function whenShown(page: RealPage, selector: string, text: string | RegExp): Promise<string> {
  // A string matches itself.
  const source = typeof text === 'string' ? text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : text.source;
  const find = (selector: string, source: string) => {
    const all = [...document.querySelectorAll(selector)].map(({ textContent }) =>
      textContent.replace(/\s+/g, ' ').trim(),
    );
    return all.find((held) => new RegExp(source).test(held)) ?? null;
  };
  const found = () => page.run(find, selector, source);
  await expect.poll(found, { timeout, interval: 200, message: `${selector} holds ${text}` }).not.toBeNull();
  return (await found())!;
}

/** Presses the first element that `selector` finds and whose text or label begins with `text`. */
export async function press(page: RealPage, selector: string, text: string): Promise<void> {
  const isPressed = await page.run(
    (selector: string, text: string) => {
      const all = [...document.querySelectorAll<HTMLElement>(selector)];
      const wanted = all.find((element) => (element.ariaLabel ?? element.textContent.trim()).startsWith(text));
      wanted?.click();
      return wanted !== undefined;
    },
    selector,
    text,
  );
  expect(isPressed, `${selector} "${text}" is there`).toBe(true);
}

async function axeFindings(page: RealPage, rules: keyof typeof RULES): Promise<string[]> {
  await page.load(AXE);
  return page.run(findingsOf, RULES[rules]);
}

const hasSidewaysScroll = (page: RealPage) =>
  page.run(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

const VIEWS = ['Compare', 'Transfer', 'Coordinates', 'Basin', 'Learnt', 'Tables', 'Predict'];

/** Opens every view: accessible in both themes, on a desk and on a phone, where nothing scrolls sideways. */
export async function visitAllViews(page: RealPage): Promise<void> {
  for (const name of VIEWS) {
    await press(page, 'nav a', name);
    await expect.poll(() => page.run(() => document.title), { timeout, interval: 200 }).toMatch(new RegExp(`^${name}`));
    await whenShown(page, 'h1', /\S/);
    expect(await axeFindings(page, 'all'), name).toEqual([]);
    expect(await hasSidewaysScroll(page), name).toBe(false);
    await press(page, 'button', 'Switch to the');
    expect(await axeFindings(page, 'colours'), `${name}, other theme`).toEqual([]);
    await page.resize(PHONE);
    expect(await hasSidewaysScroll(page), `${name}, on a phone`).toBe(false);
    expect(await axeFindings(page, 'all'), `${name}, on a phone`).toEqual([]);
    await page.resize(DESK);
  }
}

/** From an experiment's link to the end of its training. */
export async function trainFrom(page: RealPage, address: string, experiment: Experiment): Promise<void> {
  // Another page before it: a hash alone would load nothing.
  await page.open('about:blank');
  await page.open(`${address}#${linkHash(experiment)}`);
  await whenShown(page, '.device', /^(?!Looking).*idle/);
  await press(page, '.primary', 'Train');
  await whenShown(page, '.primary', 'Train again');
}

/** The example's result in a link, and its figure, which is the same in every browser. */
export async function openLinkedExample(page: RealPage, address: string): Promise<void> {
  const text = readFileSync(join(ROOT, 'public/recorded/sentences.json'), 'utf8');
  const example = readResult(text, 'the example');
  await page.open('about:blank');
  await page.open(`${address}#${await resultHash(example, true)}`);
  await whenShown(page, 'section', /^Sentences that can be read, from a link\. .*seals are intact/);
  const [{ loss }, { actual }] = [example.sealed[1]!, example.sealed[1]!];
  await whenShown(page, 'h1', `Width 64 was predicted at ${loss.toFixed(3)} and reached ${actual!.toFixed(3)}`);
  // Five rungs, and two targets that were measured.
  await expect
    .poll(() => page.run(() => document.querySelectorAll('#hero figure svg circle').length))
    .toBeGreaterThanOrEqual(5);
}

export interface SavedFile {
  name: string;
  type: string;
  bytes: number;
  /** Its beginning, as text. */
  start: string;
}

/** What the browser is given to save when the button of that name is pressed. */
export async function saved(page: RealPage, button: string): Promise<SavedFile> {
  await page.run(() => {
    const holder = window as unknown as { saved: Promise<SavedFile> };
    holder.saved = new Promise((resolve) => {
      const made = new Map<string, Blob>();
      const { createObjectURL } = URL;
      const { click } = HTMLAnchorElement.prototype;
      URL.createObjectURL = (content: Blob) => {
        const address = createObjectURL.call(URL, content);
        made.set(address, content);
        return address;
      };
      HTMLAnchorElement.prototype.click = function () {
        const blob = made.get(this.href)!;
        const { download: name } = this;
        URL.createObjectURL = createObjectURL;
        HTMLAnchorElement.prototype.click = click;
        void blob
          .slice(0, 4096)
          .text()
          .then((start) => resolve({ name, type: blob.type, bytes: blob.size, start }));
      };
    });
  });
  await press(page, 'button', button);
  return page.run(() => (window as unknown as { saved: Promise<SavedFile> }).saved);
}
