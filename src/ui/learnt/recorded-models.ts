/** Models of the recorded example whose parameters come with the page: there is something to read before anything was trained. */
import type { Run } from '../../model/run.ts';
import { recordedPreset } from '../state/presets-of.ts';

const WIDTHS: readonly number[] = [8, 16, 32, 64];
const SEED = 1;

export const isRecordedModel = ({ width, seed }: Pick<Run, 'width' | 'seed'>): boolean =>
  seed === SEED && WIDTHS.includes(width);

/** Of a run of the example, as a safetensors file. @throws Error where it cannot be loaded. */
export async function recordedParameters(run: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(
    `${import.meta.env.BASE_URL}recorded/${recordedPreset('prediction')}/${run}.safetensors`,
  ).catch(() => null);
  // A server without the file may answer with the page instead.
  if (!response?.ok || response.headers.get('content-type')?.includes('html')) {
    throw new Error('The recorded models could not be loaded; train in Predict to ask your own.');
  }
  return new Uint8Array(await response.arrayBuffer());
}
