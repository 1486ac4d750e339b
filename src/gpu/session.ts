/**
 * A program made real on a device: buffers, pipelines, bind groups. After `prepareSession` nothing is allocated any more;
 * a step only replays.
 */
import type { Kernel } from './kernel.ts';
import type { Launch, Slot } from './tape.ts';

interface Replay {
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
  workgroups: [number, number, number];
}

/** Pipelines by WGSL text, for the life of a device: rungs of a ladder share nearly all of them. */
export class PipelineCache {
  private readonly pipelines = new Map<string, Promise<GPUComputePipeline>>();

  constructor(private readonly device: GPUDevice) {}

  get(kernel: Kernel): Promise<GPUComputePipeline> {
    let pipeline = this.pipelines.get(kernel.source);
    if (!pipeline) {
      const { label, source } = kernel;
      const module = this.device.createShaderModule({ label, code: source });
      pipeline = this.device.createComputePipelineAsync({ label, layout: 'auto', compute: { module } });
      this.pipelines.set(kernel.source, pipeline);
      pipeline.catch(() => this.pipelines.delete(kernel.source));
    }
    return pipeline;
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
  private constructor(
    readonly device: GPUDevice,
    private readonly buffers: Map<Slot, GPUBuffer>,
    private readonly calls: GPUBuffer[],
    private readonly replays: Map<Launch, Replay>,
  ) {}

  /**
   * Allocates every slot and makes every launch ready.
   * @throws OutOfMemory when the device has no room; otherwise an Error with the label of what it refused.
   */
  static async prepare(
    device: GPUDevice,
    pipelines: PipelineCache,
    slots: Slot[],
    launches: Launch[],
  ): Promise<Session> {
    // Compiled before anything is allocated, so that a kernel that does not compile leaves nothing behind.
    const distinct = [...new Set(launches)];
    const compiled = await Promise.all(distinct.map((launch) => pipelines.get(launch.kernel)));
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    const buffers = new Map(slots.map((slot) => [slot, createBuffer(device, slot)]));
    const memory = device.popErrorScope();
    const calls = distinct.map((launch) => createCall(device, launch));
    const replays = distinct.map((launch, i): [Launch, Replay] => {
      const pipeline = compiled[i];
      const bindGroup = bind(device, pipeline, launch, calls[i], buffers);
      return [launch, { pipeline, bindGroup, workgroups: launch.workgroups }];
    });
    const invalid = device.popErrorScope();
    const session = new Session(device, buffers, calls, new Map(replays));
    const [outOfMemory, refused] = [await memory, await invalid];
    if (!outOfMemory && !refused) return session;
    session.destroy();
    // A buffer that could not be had also makes its bind groups invalid: the memory is what is to be told.
    throw outOfMemory ? new OutOfMemory() : new Error(refused!.message);
  }

  buffer(slot: Slot): GPUBuffer {
    return this.buffers.get(slot)!;
  }

  write(slot: Slot, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>, fromEntry = 0): void {
    this.device.queue.writeBuffer(this.buffer(slot), fromEntry * 4, data);
  }

  encode(pass: GPUComputePassEncoder, launches: Launch[]): void {
    for (const launch of launches) {
      const { pipeline, bindGroup, workgroups } = this.replays.get(launch)!;
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
    }
  }

  /** Copies a slot back; waits for everything submitted before. */
  async read(slot: Slot): Promise<ArrayBuffer> {
    const size = slot.entries * 4;
    const staging = this.device.createBuffer({
      label: `copy of ${slot.label}`,
      size,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    try {
      const encoder = this.device.createCommandEncoder({ label: `read ${slot.label}` });
      encoder.copyBufferToBuffer(this.buffer(slot), 0, staging, 0, size);
      this.device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      return staging.getMappedRange().slice(0);
    } finally {
      staging.destroy();
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
  const size = Math.ceil(launch.call.length / 4) * 16;
  const buffer = device.createBuffer({
    label: `${launch.kernel.label} call`,
    size,
    usage: GPUBufferUsage.UNIFORM,
    mappedAtCreation: true,
  });
  new Uint32Array(buffer.getMappedRange()).set(launch.call);
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
