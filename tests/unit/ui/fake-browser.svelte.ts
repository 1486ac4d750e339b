/** The address bar of a browser with its history, and effects that run as in a page. */
import { flushSync } from 'svelte';
import type { AddressBar } from '../../../src/ui/state/address.ts';

interface FakeStep {
  state: unknown;
  hash: string;
}

export function fakeBrowser(hash: string) {
  const steps: FakeStep[] = [{ state: null, hash }];
  let at = 0;
  const bar: AddressBar = {
    location: {
      get hash() {
        return steps[at].hash;
      },
    },
    history: {
      get state() {
        return steps[at].state as unknown;
      },
      pushState(state: unknown, _: string, url: string) {
        steps.splice(++at, Infinity, { state, hash: url });
      },
      replaceState(state: unknown, _: string, url: string) {
        steps[at] = { state, hash: url };
      },
    },
  };
  const browser = {
    bar,
    onhashchange: () => {},
    hashes: () => steps.map((step) => step.hash),
    /** A link followed within the page. */
    go(to: string) {
      steps.splice(++at, Infinity, { state: null, hash: to });
      browser.arrive();
    },
    back() {
      at--;
      browser.arrive();
    },
    forward() {
      at++;
      browser.arrive();
    },
    arrive() {
      browser.onhashchange();
      flushSync();
    },
  };
  return browser;
}

/** Runs what the page runs as effects; returns what ends them. */
export const watch = (...effects: (() => void)[]) =>
  $effect.root(() => {
    for (const run of effects) $effect(() => run());
  });

/** Lets promises and effects come to rest. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
  flushSync();
}
