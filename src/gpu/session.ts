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
    }
    return pipeline;
  }
}

export class Session {
  private constructor(
    readonly device: GPUDevice,
    private readonly buffers: Map<Slot, GPUBuffer>,
    private readonly calls: GPUBuffer[],
    private readonly replays: Map<Launch, Replay>,
  ) {}

  /** Allocates every slot and makes every launch ready. Throws with the label of what the device refused. */
  static async prepare(
    device: GPUDevice,
    pipelines: PipelineCache,
    slots: Slot[],
    launches: Launch[],
  ): Promise<Session> {
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    const buffers = new Map(slots.map((slot) => [slot, createBuffer(device, slot)]));
    const calls: GPUBuffer[] = [];
    const ready = await Promise.all(
      [...new Set(launches)].map(async (launch): Promise<[Launch, Replay]> => {
        const pipeline = await pipelines.get(launch.kernel);
        const call = createCall(device, launch);
        calls.push(call);
        return [
          launch,
          { pipeline, bindGroup: bind(device, pipeline, launch, call, buffers), workgroups: launch.workgroups },
        ];
      }),
    );
    const [invalid, memory] = [await device.popErrorScope(), await device.popErrorScope()];
    const session = new Session(device, buffers, calls, new Map(ready));
    if (invalid ?? memory) {
      session.destroy();
      throw new Error((invalid ?? memory)!.message);
    }
    return session;
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
      ? { buffer: buffers.get(binding.slot)!, offset: binding.from * 4 }
      : { buffer: buffers.get(binding)! },
  );
  return device.createBindGroup({
    label: launch.kernel.label,
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ buffer: call }, ...resources].map((resource, binding) => ({ binding, resource })),
  });
}
