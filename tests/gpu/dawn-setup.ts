/** `npm run test:dawn`: the engine's tests in Node. */
import { afterAll } from 'vitest';
import { installDawn } from '../../lab/dawn.ts';

await installDawn('test:dawn');
const { gpu } = await import('./shared-device.ts');
// Each file has a process and a device of its own here, and no page that ends it.
afterAll(() => gpu.device.destroy());
