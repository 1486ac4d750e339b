/** Counts what a device is asked to do, seen from outside the engine. */

export interface DeviceCounts {
  /** Dispatches, by the label of their pipeline. */
  launches: Map<string, number>;
  submits: number;
  buffers: number;
  bindGroups: number;
}

/** Listens to a device until `stop`. Its methods are shadowed on the object itself, so that no other device is concerned. */
export class DeviceLog {
  private counts: DeviceCounts = none();

  constructor(private readonly device: GPUDevice) {
    shadow(device, 'createBuffer', () => void this.counts.buffers++);
    shadow(device, 'createBindGroup', () => void this.counts.bindGroups++);
    shadow(device.queue, 'submit', () => void this.counts.submits++);
    shadow(device, 'createCommandEncoder', (encoder) => {
      shadow(encoder, 'beginComputePass', (pass) => this.follow(pass));
    });
  }

  private follow(pass: GPUComputePassEncoder): void {
    let kernel = '';
    shadow(pass, 'setPipeline', (_, pipeline) => void (kernel = pipeline.label));
    shadow(pass, 'dispatchWorkgroups', () => {
      const { launches } = this.counts;
      launches.set(kernel, (launches.get(kernel) ?? 0) + 1);
    });
  }

  /** What was asked since the last call. */
  take(): DeviceCounts {
    const { counts } = this;
    this.counts = none();
    return counts;
  }

  stop(): void {
    for (const method of ['createBuffer', 'createBindGroup', 'createCommandEncoder'] as const) {
      Reflect.deleteProperty(this.device, method);
    }
    Reflect.deleteProperty(this.device.queue, 'submit');
  }
}

const none = (): DeviceCounts => ({ launches: new Map(), submits: 0, buffers: 0, bindGroups: 0 });

type Method<T, K extends keyof T> = T[K] extends (...args: infer A) => infer R ? { args: A; result: R } : never;

/** Calls `hear` with the result and the arguments of each call of a method of this object. */
function shadow<T extends object, K extends keyof T & string>(
  object: T,
  name: K,
  hear: (result: Method<T, K>['result'], ...args: Method<T, K>['args']) => void,
): void {
  const method = object[name] as (...args: unknown[]) => Method<T, K>['result'];
  const heard = (...args: unknown[]) => {
    const result = method.apply(object, args);
    hear(result, ...(args as Method<T, K>['args']));
    return result;
  };
  Object.defineProperty(object, name, { value: heard, configurable: true });
}
