/** Devices of which each is lost in another moment of a training, and the last one in none. */
import type { RandomStream } from '../../src/model/random.ts';

interface Moment {
  name: string;
  /** Looks out for the moment from then on that the device is made. */
  await(device: GPUDevice, lose: () => void): void;
}

/** Calls `then` behind each call of a method; what it answers stays. */
function behind<Owner extends object>(
  owner: Owner,
  name: keyof Owner & string,
  then: (...given: never[]) => void,
): void {
  const call = (owner[name] as (...given: unknown[]) => unknown).bind(owner);
  const value = (...given: unknown[]) => {
    const answer = call(...given);
    (then as (...given: unknown[]) => void)(...given, answer);
    return answer;
  };
  Object.defineProperty(owner, name, { value, configurable: true });
}

/** The `count`-th submit that is named so. */
const submitted = (name: string, count: number): Moment => ({
  name,
  await(device, lose) {
    let found = 0;
    let isNamed = false;
    behind(device, 'createCommandEncoder', ({ label }: { label: string }) => void (isNamed = label.startsWith(name)));
    behind(device.queue, 'submit', () => isNamed && ++found === count && lose());
  },
});

const compiling: Moment = {
  name: 'compile',
  await: (device, lose) =>
    behind(device, 'createComputePipelineAsync', ({ label }: { label: string }) => label !== 'quad-probe' && lose()),
};

const uploading: Moment = {
  name: 'upload',
  await: (device, lose) => behind(device.queue, 'writeBuffer', lose),
};

const readingBack: Moment = {
  name: 'read losses back',
  await(device, lose) {
    behind(device, 'createBuffer', ({ label }: { label: string }, buffer: GPUBuffer) => {
      if (label === 'copy of losses') behind(buffer, 'mapAsync', lose);
    });
  },
};

export const racing = submitted('race matrix products', 1);

/** In an order in which no more than three follow each other without a checkpoint: more would end the training. */
export const MOMENTS: readonly Moment[] = [
  racing,
  compiling,
  uploading,
  submitted('train', 3),
  submitted('evaluate', 1),
  readingBack,
  submitted('read "parameters"', 3),
  submitted('read "run states"', 4),
];

/** In their order. */
export function drawTwo(moments: readonly Moment[], { below }: RandomStream): Moment[] {
  const first = below(moments.length);
  const second = (first + 1 + below(moments.length - 1)) % moments.length;
  return moments.filter((_, at) => at === first || at === second);
}

/** Every device that is asked for from now on is lost in the next of the moments. @returns what ends that, and tells those that have not come. */
export function loseDevices(moments: readonly Moment[], isLost: () => void): () => string[] {
  const left = [...moments];
  const { gpu } = navigator;
  const requestAdapter = gpu.requestAdapter.bind(gpu);
  const value = async (...given: Parameters<GPU['requestAdapter']>) => {
    const adapter = await requestAdapter(...given);
    if (adapter) behind(adapter, 'requestDevice', (_: unknown, made: Promise<GPUDevice>) => void made.then(strike));
    return adapter;
  };
  const strike = (device: GPUDevice) => {
    const [moment] = left;
    moment?.await(device, () => {
      if (left[0] !== moment) return;
      left.shift();
      isLost();
      device.destroy();
    });
  };
  Object.defineProperty(gpu, 'requestAdapter', { value, configurable: true });
  return () => {
    Reflect.deleteProperty(gpu, 'requestAdapter');
    return left.map(({ name }) => name);
  };
}
