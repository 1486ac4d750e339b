/**
 * A program made real on a device: buffers, pipelines, bind groups. After `Session.prepare` nothing is allocated any more;
 * a step only replays.
 */
import { DeviceError, refusalOf } from './device-errors.ts';
import type { Kernel } from './kernel.ts';
import type { Launch, Slot, View } from './tape.ts';

interface Replay {
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
  workgroups: [number, number, number];
}

/** Pipelines by WGSL text, for the life of a device: rungs of a ladder share nearly all of them. */
export class PipelineCache {
  private static readonly byDevice = new WeakMap<GPUDevice, PipelineCache>();
  private readonly pipelines = new Map<string, Promise<GPUComputePipeline>>();

  private constructor(private readonly device: GPUDevice) {}

  /** The one of a device: whatever runs there shares what was compiled. */
  static of(device: GPUDevice): PipelineCache {
    const cache = PipelineCache.byDevice.get(device) ?? new PipelineCache(device);
    PipelineCache.byDevice.set(device, cache);
    return cache;
  }

  get(kernel: Kernel): Promise<GPUComputePipeline> {
    let pipeline = this.pipelines.get(kernel.source);
    if (!pipeline) {
      pipeline = this.compile(kernel);
      this.pipelines.set(kernel.source, pipeline);
      pipeline.catch(() => this.pipelines.delete(kernel.source));
    }
    return pipeline;
  }

  /** Those of launches, in their order. */
  all(launches: readonly Launch[]): Promise<GPUComputePipeline[]> {
    return Promise.all(launches.map(({ kernel }) => this.get(kernel)));
  }

  private async compile({ label, source }: Kernel): Promise<GPUComputePipeline> {
    const { device } = this;
    let pipeline: Promise<GPUComputePipeline> | undefined;
    const refusal = refusalOf(device, () => {
      const module = device.createShaderModule({ label, code: source });
      pipeline = device.createComputePipelineAsync({ label, layout: 'auto', compute: { module } });
    });
    try {
      return await pipeline!;
    } catch (error) {
      const refused = await refusal;
      const what = `Kernel "${label}" does not compile`;
      if (refused) throw new DeviceError(what, refused.message);
      // Not refused by the device, it may be lost: whoever trains asks.
      throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** The device has no room for a program. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
  constructor() {
    super(
      'The graphics device ran out of memory; use a smaller batch, width or vocabulary, or close other pages that use it.',
    );
  }
}

export class Session {
  private known: Promise<void> = Promise.resolve();

  private constructor(
    readonly device: GPUDevice,
    private readonly buffers: Map<Slot, GPUBuffer>,
    private readonly calls: GPUBuffer[],
    private readonly replays: Map<Launch, Replay>,
  ) {}

  /**
   * Allocates every slot and makes every launch ready.
   * @throws OutOfMemory when the device has no room; otherwise a DeviceError with the label of what it refused.
   */
  static async prepare(device: GPUDevice, slots: Slot[], launches: Launch[]): Promise<Session> {
    // Compiled before anything is allocated, so that a kernel that does not compile leaves nothing behind.
    const distinct = [...new Set(launches)];
    const compiled = await PipelineCache.of(device).all(distinct);
    const buffers = new Map<Slot, GPUBuffer>();
    const allocated = refusalOf(device, () => slots.forEach((slot) => buffers.set(slot, createBuffer(device, slot))));
    const calls: GPUBuffer[] = [];
    const replays = new Map<Launch, Replay>();
    const bound = refusalOf(device, () =>
      distinct.forEach((launch, i) => {
        const call = createCall(device, launch);
        calls.push(call);
        const pipeline = compiled[i];
        const bindGroup = bind(device, pipeline, launch, call, buffers);
        replays.set(launch, { pipeline, bindGroup, workgroups: launch.workgroups });
      }),
    );
    const session = new Session(device, buffers, calls, replays);
    // A buffer that could not be had also makes its bind groups invalid: the memory is what is to be told.
    const refusals = Promise.all([allocated, bound]).then(([first, second]) => first ?? second);
    const refusal = await refusals.catch((error: unknown) => {
      session.destroy();
      throw error;
    });
    if (!refusal) return session;
    session.destroy();
    if (refusal.kind === 'out-of-memory') throw new OutOfMemory();
    throw new DeviceError('The graphics device refused what was asked of it', refusal.message);
  }

  buffer(slot: Slot): GPUBuffer {
    return this.buffers.get(slot)!;
  }

  /**
   * Resolves when all that was asked for so far is known to be without error.
   * @throws DeviceError of the first that was not.
   */
  get sound(): Promise<void> {
    return this.known;
  }

  write(slot: Slot, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>, fromEntry = 0): void {
    this.ask(`write "${slot.label}"`, () => this.device.queue.writeBuffer(this.buffer(slot), fromEntry * 4, data));
  }

  /** Runs the launches, in order and `times` over, in a submit of their own; @param then what else the submit does. */
  submit(what: string, launches: Launch[], then?: (encoder: GPUCommandEncoder) => void, times = 1): void {
    const commands = () => {
      const encoder = this.device.createCommandEncoder({ label: what });
      if (launches.length > 0) {
        const pass = encoder.beginComputePass({ label: what });
        for (let i = 0; i < times; i++) this.encode(pass, launches);
        pass.end();
      }
      then?.(encoder);
      this.device.queue.submit([encoder.finish()]);
    };
    this.ask(what, commands, launches);
  }

  /** Copies a slot back, or a part of it; waits for everything submitted before. */
  async read(place: Slot | View): Promise<ArrayBuffer> {
    const { slot, from } = 'slot' in place ? place : { slot: place, from: 0 };
    const size = place.entries * 4;
    let staging: GPUBuffer | undefined;
    try {
      this.submit(`read "${slot.label}"`, [], (encoder) => {
        staging = this.staging(slot.label, size);
        encoder.copyBufferToBuffer(this.buffer(slot), from * 4, staging, 0, size);
      });
      return await this.map(staging!, size);
    } finally {
      staging?.destroy();
    }
  }

  /** A buffer to copy to, and to read by `map`. */
  staging(label: string, size: number): GPUBuffer {
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
    return this.device.createBuffer({ label: `copy of ${label}`, size, usage });
  }

  /**
   * What was copied to a staging buffer, once all that led to it is known to be without error.
   * @throws DeviceError where something was not; Error when it cannot be read back, as on a lost device.
   */
  async map(staging: GPUBuffer, size: number): Promise<ArrayBuffer> {
    let mapped: Promise<void> | undefined;
    this.ask(`read back the ${staging.label}`, () => (mapped = staging.mapAsync(GPUMapMode.READ, 0, size)));
    mapped!.catch(() => undefined);
    await this.sound;
    await mapped!;
    const bytes = staging.getMappedRange(0, size).slice(0);
    staging.unmap();
    return bytes;
  }

  /** Gives the commands at once; whether the device takes them is known later, by `sound`. */
  private ask(what: string, commands: () => void, launches: Launch[] = []): void {
    const refusal = refusalOf(this.device, commands);
    refusal.catch(() => undefined);
    this.known = this.known.then(async () => {
      const found = await refusal;
      if (!found) return;
      const kernel = await this.refusedKernel(launches);
      const where = kernel === null ? `could not ${what}` : `failed at kernel "${kernel}" (to ${what})`;
      throw new DeviceError(`The graphics device ${where}`, found.message);
    });
    this.known.catch(() => undefined);
  }

  /** Which of the launches of a submit that was refused is refused alone, too. */
  private async refusedKernel(launches: Launch[]): Promise<string | null> {
    const refusals = launches.map((launch) =>
      refusalOf(this.device, () => {
        const encoder = this.device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        this.encode(pass, [launch]);
        pass.end();
        this.device.queue.submit([encoder.finish()]);
      }),
    );
    const at = (await Promise.all(refusals)).findIndex((refusal) => refusal !== null);
    return at < 0 ? null : launches[at].kernel.label;
  }

  private encode(pass: GPUComputePassEncoder, launches: Launch[]): void {
    for (const launch of launches) {
      const { pipeline, bindGroup, workgroups } = this.replays.get(launch)!;
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
    }
  }

  destroy(): void {
    for (const buffer of this.buffers.values()) buffer.destroy();
    for (const buffer of this.calls) buffer.destroy();
  }
}

function createBuffer(device: GPUDevice, slot: Slot): GPUBuffer {
  return device.createBuffer({
    label: slot.label,
    size: Math.max(16, slot.entries * 4),
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  });
}

function createCall(device: GPUDevice, launch: Launch): GPUBuffer {
  const words = launch.words();
  const size = Math.ceil(words.length / 4) * 16;
  const buffer = device.createBuffer({
    label: `${launch.kernel.label} call`,
    size,
    usage: GPUBufferUsage.UNIFORM,
    mappedAtCreation: true,
  });
  new Uint32Array(buffer.getMappedRange()).set(words);
  buffer.unmap();
  return buffer;
}

function bind(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  launch: Launch,
  call: GPUBuffer,
  buffers: Map<Slot, GPUBuffer>,
): GPUBindGroup {
  const resources = launch.bindings.map((binding) =>
    'slot' in binding
      ? {
          buffer: buffers.get(binding.slot)!,
          offset: binding.from * 4,
          ...('entries' in binding ? { size: Math.max(16, binding.entries * 4) } : {}),
        }
      : { buffer: buffers.get(binding)! },
  );
  return device.createBindGroup({
    label: launch.kernel.label,
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ buffer: call }, ...resources].map((resource, binding) => ({ binding, resource })),
  });
}
