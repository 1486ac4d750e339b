/**
 * What the page would load later is loaded ahead, one after the other while it is idle: from then on it goes on without its server, or when
 * another deployment has taken its place there.
 */
/** Milliseconds until what could not be loaded is tried again; each time twice as many, up to the most. */
const PAUSE = { first: 5_000, most: 300_000 };

type Load = () => Promise<unknown>;

/**
 * As long as something cannot be loaded, it is tried again.
 * @param beside what is to be loaded beside the parts. @param tell whether all is here, after each time. @param whenIdle runs something then.
 */
export async function loadAhead(
  beside: readonly Load[],
  tell: (areAllHere: boolean) => void,
  whenIdle: (run: () => void) => void,
): Promise<void> {
  let left = [...partNames().map((name) => () => loadFile(name)), ...beside];
  for (let pause = PAUSE.first; ; pause = Math.min(2 * pause, PAUSE.most)) {
    const failed: Load[] = [];
    for (const load of left) {
      await new Promise<void>(whenIdle);
      await load().catch(() => failed.push(load));
    }
    left = failed;
    tell(left.length === 0);
    if (left.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Files of the parts, as the built page names them, each after those that it needs; none while the page is being developed. */
const partNames = (): string[] =>
  document.querySelector<HTMLMetaElement>('meta[name=parts]')?.content.split(' ').filter(Boolean) ?? [];

async function loadFile(name: string): Promise<void> {
  const { href } = new URL(name, document.baseURI);
  // Firefox never tries a module again that it could not load once: before it is asked, the file is known to be there.
  const response = await fetch(href);
  const isPart = response.ok && !/html/.test(response.headers.get('content-type') ?? '');
  await response.arrayBuffer();
  if (!isPart) throw new Error(`${name}: ${response.status}`);
  if (name.endsWith('.css')) await addStyles(href);
  else await import(/* @vite-ignore */ href);
}

/** As the bundler's own loading does, which finds them by their address and does not load them again. */
function addStyles(href: string): Promise<void> {
  const isThere = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].some(
    (one) => one.href === href,
  );
  if (isThere) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href, crossOrigin: '' });
    link.onload = () => resolve();
    link.onerror = () => (link.remove(), reject(new Error(href)));
    document.head.append(link);
  });
}
