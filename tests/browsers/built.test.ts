/** What only some browsers stumble over in the built pages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../cli/root.ts';

it('no part imports the script that a worker is started with: WebKit would run it again, and answer each message twice', () => {
  const folder = join(ROOT, 'dist/assets');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const entries = scripts.filter((name) => /^(?!of-)[a-z]+-worker-/.test(name));
  expect(entries.length).toBeGreaterThan(1);
  const importing = scripts.filter((name) => {
    const imported = [...readFileSync(join(folder, name), 'utf8').matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)];
    return imported.some(([, file]) => entries.includes(file!));
  });
  expect(importing).toEqual([]);
});
