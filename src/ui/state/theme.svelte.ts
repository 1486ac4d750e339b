/** Light, dark, or as the system has it. The choice is remembered where storage allows. */
import { createContext } from 'svelte';

const THEMES = ['system', 'light', 'dark'] as const;
type ThemeChoice = (typeof THEMES)[number];

const KEY = 'mup-playground-theme';

export class Theme {
  choice = $state<ThemeChoice>('system');
  #systemIsDark = $state(false);
  /** While a figure is drawn for paper, which is white. */
  isPaper = $state(false);
  readonly isDark = $derived.by(
    () => !this.isPaper && (this.choice === 'system' ? this.#systemIsDark : this.choice === 'dark'),
  );

  constructor() {
    const query = matchMedia('(prefers-color-scheme: dark)');
    this.#systemIsDark = query.matches;
    query.addEventListener('change', () => (this.#systemIsDark = query.matches));
    try {
      const kept = localStorage.getItem(KEY);
      this.choice = THEMES.find((theme) => theme === kept) ?? 'system';
    } catch {
      // Storage is blocked, as in a cross-site frame: the system's theme is a good answer.
    }
  }

  next(): void {
    this.choice = THEMES[(THEMES.indexOf(this.choice) + 1) % THEMES.length];
    try {
      localStorage.setItem(KEY, this.choice);
    } catch {
      // As above: the choice then lasts as long as the page.
    }
  }
}

export const [getTheme, setTheme] = createContext<Theme>();
