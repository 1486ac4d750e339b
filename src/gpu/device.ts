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

/** Milliseconds in which a browser is to answer: long even for one that starts its graphics process on a busy machine. */
const PATIENCE = 20_000;

/** What would bring WebGPU: a page from https or from this machine, a switch of the browser, or its restart. */
export type Remedy = 'secure page' | 'switch on' | 'restart';

export interface NoGpu {
  /** Why there is no device, in one sentence. */
  reason: string;
  remedy: Remedy;
}

interface Waiting {
  /** Milliseconds given to each answer of the browser. */
  patience?: number;
  /** Whoever aborts waits for none of them. */
  signal?: AbortSignal;
}

/** A device, or why there is none. */
export async function requestGpu({ patience = PATIENCE, signal }: Waiting = {}): Promise<Gpu | NoGpu> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (!gpu) {
    // Outside of browsers nothing is said of that.
    if (globalThis.isSecureContext !== false) {
      return { reason: 'This browser does not offer WebGPU.', remedy: 'switch on' };
    }
    const reason =
      'Browsers offer WebGPU only to pages that come over https or from the machine itself; this one came over plain http from another.';
    return { reason, remedy: 'secure page' };
  }
  let adapter: GPUAdapter | null;
  try {
    adapter = await within({ patience, signal }, gpu.requestAdapter({ powerPreference: 'high-performance' }));
  } catch (error) {
    return { reason: `WebGPU named no graphics adapter (${(error as Error).message}).`, remedy: 'restart' };
  }
  if (!adapter) {
    return { reason: 'This browser has WebGPU, but no graphics adapter it can use.', remedy: 'switch on' };
  }
  try {
    return await within({ patience, signal }, gpuOf(adapter), ({ device }) => device.destroy());
  } catch (error) {
    return { reason: `The graphics adapter gave no device (${(error as Error).message}).`, remedy: 'restart' };
  }
}

async function gpuOf(adapter: GPUAdapter): Promise<Gpu> {
  const device = await adapter.requestDevice({
    label: 'muP Playground',
    requiredFeatures: USED_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(RAISED.map((name) => [name, adapter.limits[name]])),
  });
  return { device, adapter: describe(adapter), quads: await hasQuads(device) };
}

/** @throws Error when there is no answer in time, or before the signal aborts. @param tooLate gets an answer that comes after all. */
function within<T>(
  { patience, signal }: { patience: number; signal: AbortSignal | undefined },
  answer: Promise<T>,
  tooLate?: (answer: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const giveUp = (why: string) => {
      isOver = true;
      reject(new Error(why));
    };
    const timer = setTimeout(() => giveUp(`no answer within ${patience / 1000} s`), patience);
    const abort = () => giveUp('not waited for');
    signal?.addEventListener('abort', abort);
    answer
      .then((value) => (isOver ? tooLate?.(value) : resolve(value)), reject)
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      });
  });
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i;

/** Chrome tells an adapter's `info` from version 127 on, Firefox leaves it empty; before, Chrome told of software otherwise. */
type ToldAdapter = { info?: GPUAdapterInfo; isFallbackAdapter?: boolean };

function describe(adapter: GPUAdapter): AdapterInfo {
  const { info, isFallbackAdapter }: ToldAdapter = adapter;
  const { vendor = '', architecture = '', device = '' } = info ?? {};
  // Browsers leave the device's own name out; Node says it, and a driver's version as the description.
  const told = [device, info?.description].filter(Boolean).join(', ');
  const description = told || (vendor || architecture ? '' : 'GPU');
  const isFallback = info?.isFallbackAdapter ?? isFallbackAdapter ?? false;
  return {
    vendor,
    architecture,
    description,
    features: NAMED_FEATURES.filter((feature) => adapter.features.has(feature)),
    software: isFallback || SOFTWARE.test(`${vendor} ${architecture} ${description}`),
  };
}
