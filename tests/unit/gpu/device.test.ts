/** What becomes of a browser that gives no device, or tells little of it. */
import { afterEach, expect, test, vi } from 'vitest';
import { requestGpu } from '../../../src/gpu/device.ts';
import { secureWords } from '../../../src/ui/frame/no-webgpu.ts';

afterEach(() => vi.unstubAllGlobals());

const limits = { maxStorageBufferBindingSize: 2 ** 27, maxBufferSize: 2 ** 28 };
const never = () => new Promise<never>(() => undefined);
const deviceOf = (destroy: () => void = () => undefined) => ({
  features: new Set<string>(),
  limits,
  lost: never(),
  destroy,
});

function offer(adapter: object | null): void {
  const base = { features: new Set<string>(), limits, requestDevice: async () => deviceOf() };
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter && { ...base, ...adapter } } });
}

test('an adapter that tells nothing of itself is a device, called GPU', async () => {
  const nameless = { vendor: '', architecture: '', description: 'GPU', features: [], software: false };
  for (const told of [{}, { info: { vendor: '', architecture: '', device: '', description: '' } }]) {
    offer(told);
    expect(await requestGpu()).toMatchObject({ adapter: nameless, quads: false });
  }
  offer({ isFallbackAdapter: true });
  expect(await requestGpu()).toMatchObject({ adapter: { software: true } });
  offer({ info: { vendor: 'v', architecture: 'a', device: '', description: '' } });
  expect(await requestGpu()).toMatchObject({ adapter: { vendor: 'v', architecture: 'a', description: '' } });
});

test('who does not answer is waited for no longer than the limit', async () => {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: never } });
  expect(await requestGpu({ patience: 0 })).toEqual({
    reason: 'WebGPU named no graphics adapter (no answer within 0 s).',
    remedy: 'restart',
  });
  offer({ requestDevice: never });
  expect(await requestGpu({ patience: 0 })).toEqual({
    reason: 'The graphics adapter gave no device (no answer within 0 s).',
    remedy: 'restart',
  });
});

test('a device that comes too late is given back', async () => {
  let answer: (device: object) => void = () => undefined;
  offer({ requestDevice: () => new Promise((resolve) => (answer = resolve)) });
  expect(await requestGpu({ patience: 0 })).toHaveProperty('reason');
  await new Promise<void>((resolve) => answer(deviceOf(resolve)));
});

test('each reason comes with what would help', async () => {
  vi.stubGlobal('navigator', {});
  expect(await requestGpu()).toMatchObject({ remedy: 'switch on' });
  vi.stubGlobal('isSecureContext', false);
  expect(await requestGpu()).toMatchObject({ reason: expect.stringContaining('plain http'), remedy: 'secure page' });
  vi.stubGlobal('isSecureContext', true);
  expect(await requestGpu()).toMatchObject({ remedy: 'switch on' });
  offer(null);
  expect(await requestGpu()).toMatchObject({ remedy: 'switch on' });
  offer({ requestDevice: () => Promise.reject(new Error('no room')) });
  expect(await requestGpu()).toEqual({ reason: 'The graphics adapter gave no device (no room).', remedy: 'restart' });
});

test('who serves it over plain http is told what to forward', () => {
  const words = (port: string) => secureWords({ hostname: 'class.lan', port, pathname: '/' });
  expect(words('4173')).toContain('ssh -N -L 4173:localhost:4173 class.lan, then http://localhost:4173/ here');
  expect(words('')).toContain('ssh -N -L 8080:localhost:80 class.lan');
});
