/** The bench as one file for Node, where kernels cannot be imported as they lie: `node bench.js` needs nothing beside it but `webgpu`. */
import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from '../../cli/root.ts';
import { unbuiltPeers } from './peer-packages.ts';
import { tell } from './report.ts';

/** Under node_modules, so that `webgpu` is found from there. */
const FOLDER = join(ROOT, 'node_modules/.cache/mup-bench/node');

/** The path of the built file. */
export async function buildForNode(): Promise<string> {
  tell('Building the bench for Node…');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      target: 'node20',
      ssr: join(ROOT, 'lab/bench/node-runner.ts'),
      outDir: FOLDER,
      emptyOutDir: true,
      rollupOptions: { external: unbuiltPeers(), output: { entryFileNames: 'bench.js', codeSplitting: false } },
    },
  });
  return join(FOLDER, 'bench.js');
}
