/** Whether four neighbouring threads of a workgroup can broadcast to each other on a device. Kernel: quad-probe. */
import source from './kernels/quad-probe.wgsl?raw';
import { kernel } from './kernel.ts';
import { Session } from './session.ts';
import { Tape } from './tape.ts';

/** Sizes of the workgroups of kernels by quads. */
const WORKGROUPS = [16, 64];
/** More than one, because the last might be alone in being right. */
const COUNT = 3;

/** Asked of the device itself: a browser that offers subgroups may lay them out in another way, or not compile the kernel. */
export async function hasQuads(device: GPUDevice): Promise<boolean> {
  if (!device.features.has('subgroups')) return false;
  try {
    for (const size of WORKGROUPS) if (!(await areQuads(device, size))) return false;
    return true;
  } catch {
    return false;
  }
}

async function areQuads(device: GPUDevice, size: number): Promise<boolean> {
  const heard = new Tape(1).slot('heard in quads', 4 * size * COUNT);
  const launch = {
    kernel: kernel('quad-probe', source, 4, { WORKGROUP: size }),
    call: [size * COUNT],
    bindings: [heard],
    workgroups: [COUNT, 1, 1] as [number, number, number],
  };
  const session = await Session.prepare(device, [heard], [launch]);
  try {
    session.submit('probe quads', [launch]);
    const words = new Uint32Array(await session.read(heard));
    return words.every((word, i) => {
      const local = Math.floor(i / 4) % size;
      return word === local - (local % 4) + (i % 4);
    });
  } finally {
    session.destroy();
  }
}
