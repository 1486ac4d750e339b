/** Asking for a WebGPU device: with the adapter's own limits where it offers more than the guaranteed ones. */
import { hasQuads } from './quads.ts';
import type { AdapterInfo } from '../model/training.ts';

export interface Gpu {
  device: GPUDevice;
  adapter: AdapterInfo;
  /** Whether four neighbouring threads of a workgroup can broadcast to each other. */
  quads: boolean;
}

/** Limits that are raised to what the adapter has; all others stay at WebGPU's guaranteed values. */
const RAISED = ['maxStorageBufferBindingSize', 'maxBufferSize'] as const;
/** Optional features that the engine uses where they are; none changes what it computes, but how fast. */
const USED_FEATURES: GPUFeatureName[] = ['subgroups', 'shader-f16'];
/** Optional features that a result names when the adapter has them. */
const NAMED_FEATURES: GPUFeatureName[] = ['timestamp-query', 'subgroups', 'shader-f16'];

/** A device, or one sentence that says why there is none. */
export async function requestGpu(): Promise<Gpu | { reason: string }> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (!gpu) return { reason: 'This browser does not offer WebGPU.' };
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    return { reason: `WebGPU refused to name an adapter (${(error as Error).message}).` };
  }
  if (!adapter) return { reason: 'This browser has WebGPU, but no graphics adapter it can use.' };
  try {
    const device = await adapter.requestDevice({
      label: 'muP Playground',
      requiredFeatures: USED_FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(RAISED.map((name) => [name, adapter.limits[name]])),
    });
    return { device, adapter: describe(adapter), quads: await hasQuads(device) };
  } catch (error) {
    return { reason: `The graphics adapter gave no device (${(error as Error).message}).` };
  }
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i;

function describe(adapter: GPUAdapter): AdapterInfo {
  const { vendor, architecture, device } = adapter.info;
  // Browsers leave the device's own name out; Node says it, and a driver's version as the description.
  const description = [device, adapter.info.description].filter(Boolean).join(', ');
  const isFallback = adapter.info.isFallbackAdapter;
  return {
    vendor,
    architecture,
    description,
    features: NAMED_FEATURES.filter((feature) => adapter.features.has(feature)),
    software: isFallback || SOFTWARE.test(`${vendor} ${architecture} ${description}`),
  };
}
