/** Whether four neighbouring threads of a workgroup can broadcast to each other on a device. Kernel: quad-probe. */
import source from './kernels/quad-probe.wgsl?raw';
import { kernel } from './kernel.ts';
import { Session } from './session.ts';
import { Struct } from './struct.ts';
import { launch, Tape, type Launch, type Slot } from './tape.ts';

const CALL = new Struct('Call', { threads: 'u32' });

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

/** @param size of a workgroup. */
export function probeLaunch(size: number): { launch: Launch; heard: Slot } {
  const heard = new Tape(1).slot('heard in quads', 4 * size * COUNT);
  const asked = {
    kernel: kernel('quad-probe', source, CALL, { constants: { WORKGROUP: size } }),
    call: { threads: size * COUNT },
    bindings: [heard],
  };
  return { launch: launch({ ...asked, workgroups: [COUNT, 1, 1] }), heard };
}

async function areQuads(device: GPUDevice, size: number): Promise<boolean> {
  const { launch, heard } = probeLaunch(size);
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
