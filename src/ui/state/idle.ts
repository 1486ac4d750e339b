/** When a page that loads what nobody asked for yet is in nobody's way. */

/** Runs once the page is idle; returns what takes it back. */
export function onceIdle(run: () => void): () => void {
  // Safari has no idle callback.
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(run, 2000);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(run);
  return () => cancelIdleCallback(handle);
}
