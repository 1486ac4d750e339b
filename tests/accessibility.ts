/** What axe finds on a page, whatever drives it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A script that, once it ran in a page, lets `findingsOf` run there. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const RULES = {
  all: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  /** All rules of these that look at colours: of one page in another theme they alone can find anything new. */
  colours: ['color-contrast', 'link-in-text-block'],
};

/** Runs in the page: what axe finds, as readable lines; none is the aim. */
export async function findingsOf(runOnly: string[]): Promise<string[]> {
  const { axe } = window as unknown as { axe: { run(root: Document, options: object): Promise<AxeOutcome> } };
  interface AxeOutcome {
    violations: { id: string; nodes: { html: string }[] }[];
  }
  // In the middle of a transition a colour is neither the one before nor the one after; what goes on for ever has no end to go to.
  for (const animation of document.getAnimations()) {
    if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
  }
  const { violations } = await axe.run(document, { runOnly });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 140)}`));
}
