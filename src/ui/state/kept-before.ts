/** Whether there may be something to read from what this browser keeps: the first look at the page needs nothing of what reads it. */

/** Milliseconds after which a browser that does not tell is asked in another way. */
const PATIENCE = 2000;

/** False only where the browser says that nothing was ever kept; some do not tell. */
export async function isKeptBefore(): Promise<boolean> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE));
  try {
    const all = await Promise.race([indexedDB.databases(), late]);
    return all?.some(({ name }) => name === 'mup-playground') ?? true;
  } catch {
    return true;
  }
}
