/** `npm run test:dawn`: the engine's tests in Node. */
import { installDawn } from '../dawn.ts';

await installDawn('test:dawn');
