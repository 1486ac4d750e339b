/**
 * A WebGPU device without a GPU, for what an engine does around its kernels: buffers hold bytes, submits copy them, and of the kernels
 * only those act that keep the clock and write losses. A submit that touches a destroyed buffer is refused as a whole, as WebGPU
 * has it; what is mapped then reads as it was before, zeros at first.
 */

const usages = { STORAGE: 1, COPY_SRC: 2, COPY_DST: 4, MAP_READ: 8, UNIFORM: 16 };
Object.assign(globalThis, { GPUBufferUsage: usages, GPUMapMode: { READ: 1 } });

export class FakeBuffer {
  readonly label: string;
  readonly words: Uint32Array<ArrayBuffer>;
  isDestroyed = false;

  constructor(
    private readonly device: FakeDevice,
    { label = '', size }: GPUBufferDescriptor,
  ) {
    this.label = label;
    this.words = new Uint32Array(size / 4);
  }

  get floats() {
    return new Float32Array(this.words.buffer);
  }

  getMappedRange(from = 0, size = this.words.byteLength - from) {
    return from === 0 && size === this.words.byteLength
      ? this.words.buffer
      : this.words.buffer.slice(from, from + size);
  }

  unmap() {}

  destroy() {
    this.isDestroyed = true;
  }

  async mapAsync() {
    await this.device.answered();
    if (this.isDestroyed || this.device.isLost) throw new Error('mapping was aborted');
  }
}

interface Bound {
  kernel: string;
  buffers: FakeBuffer[];
}
type Command = { touched: FakeBuffer[]; act: () => void };

const isKernel = (kernel: string) => (command: Bound) => command.kernel === kernel;

export class FakeDevice extends EventTarget {
  readonly features = new Set<string>();
  readonly limits = { maxStorageBufferBindingSize: 2 ** 27, maxBufferSize: 2 ** 28 };
  readonly buffers: FakeBuffer[] = [];
  /** Texts of all kernels, in the order in which they were asked for. */
  readonly compiled: string[] = [];
  readonly lost: Promise<{ message: string }>;
  isLost = false;
  /** Takes every submit, and runs none of its kernels. */
  isIdle = false;
  /** Of the step taken, by run. */
  lossAt: (step: number, run: number) => number = (step) => 3 - step / 1000;
  /** Awaited by whatever maps a buffer: who holds it back decides how late losses come. */
  answered: () => Promise<void> = () => Promise.resolve();
  /** The same for what scopes hold. */
  errorsKnown: () => Promise<void> = () => Promise.resolve();
  private lose: (info: { message: string }) => void = () => {};
  private readonly scopes: { kind: string; error: { message: string } | null }[] = [];

  constructor() {
    super();
    this.lost = new Promise((resolve) => (this.lose = resolve));
  }

  /** As the adapter that an engine is made on. */
  get gpu() {
    const adapter = { vendor: '', architecture: '', description: 'fake', features: [], software: true };
    return { device: this as unknown as GPUDevice, adapter, quads: false };
  }

  named(label: string): FakeBuffer[] {
    return this.buffers.filter((buffer) => buffer.label === label);
  }

  /** Of the step: a segment has as many batches as its history has losses of each run. */
  batchAt(step: number): Uint32Array {
    const [tokens, history, states] = ['training tokens', 'loss history', 'run states'].map(
      (label) => this.named(label).at(-1)!.words,
    );
    const segmentSteps = history.length / (states.length / 2);
    const size = tokens.length / segmentSteps;
    return tokens.subarray((step % segmentSteps) * size, ((step % segmentSteps) + 1) * size);
  }

  /** What goes wrong where nobody looks, or inside of the innermost scope of its kind. */
  fail(kind: string, message: string): void {
    const scope = this.scopes.findLast((one) => one.kind === kind);
    if (scope) scope.error ??= { message };
    else this.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: { message } }));
  }

  destroy(): void {
    this.isLost = true;
    this.lose({ message: 'destroyed' });
  }

  pushErrorScope(kind: string): void {
    this.scopes.push({ kind, error: null });
  }

  async popErrorScope() {
    const { error } = this.scopes.pop()!;
    await this.errorsKnown();
    return error;
  }

  createBuffer(descriptor: GPUBufferDescriptor): FakeBuffer {
    const buffer = new FakeBuffer(this, descriptor);
    this.buffers.push(buffer);
    return buffer;
  }

  createShaderModule({ label, code }: { label: string; code: string }) {
    this.compiled.push(code);
    return { label };
  }

  async createComputePipelineAsync({ label }: { label: string }) {
    return { label, getBindGroupLayout: () => ({}) };
  }

  createBindGroup({ entries }: { entries: { resource: { buffer: FakeBuffer } }[] }) {
    return { buffers: entries.map(({ resource }) => resource.buffer) };
  }

  createCommandEncoder() {
    const commands: Command[] = [];
    return {
      beginComputePass: () => {
        const bound: Bound = { kernel: '', buffers: [] };
        return {
          setPipeline: ({ label }: { label: string }) => void (bound.kernel = label),
          setBindGroup: (_: number, { buffers }: { buffers: FakeBuffer[] }) => void (bound.buffers = buffers),
          dispatchWorkgroups: (_x: number, _y: number, runs: number) => {
            const launch = { ...bound };
            commands.push({ touched: launch.buffers, act: () => this.run(launch, runs) });
          },
          end: () => {},
        };
      },
      copyBufferToBuffer: (from: FakeBuffer, at: number, to: FakeBuffer, _: number, size: number) =>
        commands.push({
          touched: [from, to],
          act: () => to.words.set(from.words.subarray(at / 4, (at + size) / 4)),
        }),
      finish: () => commands,
    };
  }

  readonly queue = {
    submit: ([commands]: Command[][]) => {
      if (this.isLost) return;
      const gone = commands.flatMap(({ touched }) => touched).find(({ isDestroyed }) => isDestroyed);
      if (gone) this.fail('validation', `[Buffer "${gone.label}"] used in submit while destroyed.\n - and where`);
      else for (const { act } of commands) act();
    },
    writeBuffer: (buffer: FakeBuffer, offset: number, data: Uint32Array | Float32Array) => {
      if (buffer.isDestroyed) this.fail('validation', `[Buffer "${buffer.label}"] is destroyed.`);
      else buffer.words.set(new Uint32Array(data.buffer, data.byteOffset, data.length), offset / 4);
    },
    onSubmittedWorkDone: () => this.answered(),
  };

  private run(launch: Bound, runs: number): void {
    if (this.isIdle) return;
    if (isKernel('record-loss')(launch)) {
      const [, , states, history] = launch.buffers;
      for (let run = 0; run < runs; run++) {
        const step = states.words[2 * run];
        history.floats[(step * runs + run) % history.floats.length] = this.lossAt(step, run);
      }
    } else if (isKernel('prepare-update')(launch)) {
      const [states] = this.named('run states').slice(-1);
      for (let run = 0; run < runs; run++) states.words[2 * run]++;
    } else if (isKernel('record-evaluation')(launch)) {
      launch.buffers.at(-1)!.floats.fill(2.5);
    }
  }
}

/**
 * Losses are made of what stands in parameters and moments, so that one that is not put back shows in all that follow, and of the
 * tokens of the step, so that a batch of another segment shows in its loss.
 */
export function learningDevice(): FakeDevice {
  const device = new FakeDevice();
  device.lossAt = (step, run) => {
    let sum = device.batchAt(step).reduce((all, token, at) => all + token * (1 + (at % 7)), 0) / 2 ** 10;
    for (const label of ['parameters', 'first moments', 'second moments']) {
      const { words } = device.named(label).at(-1)!;
      const at = (run * words.length) / 2;
      words[at] = Math.imul(words[at] + step + 1, 0x9e3779b1);
      sum += words[at] / 2 ** 32;
    }
    return 1 + sum;
  };
  return device;
}
