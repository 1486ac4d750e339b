/**
 * Finding a Chrome or Chromium to drive, and the flags that give it WebGPU on a machine without a GPU.
 *
 * Order: an explicit path (`--browser`), the variable CHROME_PATH, names on PATH and well-known places, Playwright's own download.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

const QUIET_FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** How long a browser may take to start, and its page to load, before it counts as hanging: a slow machine takes its time. */
export const BROWSER_PATIENCE_MILLISECONDS = 300_000;

/** A Chrome or Chromium that can be started, or null. Throws when an explicitly named one does not exist. */
export function findBrowser(explicit?: string): string | null {
  const named = explicit ?? process.env['CHROME_PATH'];
  if (named) {
    if (existsSync(named)) return named;
    const source = explicit ? '--browser' : 'CHROME_PATH';
    throw new Error(`${source}: no browser at "${named}"; give the path of a Chrome or Chromium executable.`);
  }
  return programOf(NAMES) ?? [...PLACES, chromium.executablePath()].find(isExecutable) ?? null;
}

/** The first program on PATH of one of these names, or null. */
export function programOf(names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Which WebGPU the browser shall offer: Chromium's software adapter, the machine's own GPU, or none at all. */
export type AdapterChoice = 'software' | 'hardware' | 'none';

/** Device files that tell of a graphics card on Linux; elsewhere one is taken for granted. */
const GRAPHICS_DEVICES = ['/dev/dri', '/dev/nvidia0', '/dev/dxg'];

/** Which adapters to try, in this order: the machine's own where it has one, then Chromium's software adapter. */
export function adapterChoices(): AdapterChoice[] {
  const hasGraphics = process.platform !== 'linux' || GRAPHICS_DEVICES.some((device) => existsSync(device));
  return hasGraphics ? ['hardware', 'software'] : ['software'];
}

/** Command-line flags for a headless Chromium with the chosen adapter. */
export function browserFlags(adapter: AdapterChoice): string[] {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const webgpu = {
    software: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    hardware: ['--enable-unsafe-webgpu', '--enable-features=Vulkan'],
    none: [],
  }[adapter];
  return [...QUIET_FLAGS, ...asRoot, ...webgpu];
}
