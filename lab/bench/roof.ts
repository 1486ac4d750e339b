/** What the adapter can do at best: the rate of fused multiply-adds that never touch memory, and the bandwidth of a plain copy. */
import { kernel } from '../../src/gpu/kernel.ts';
import { Session } from '../../src/gpu/session.ts';
import { Struct } from '../../src/gpu/struct.ts';
import { gridOf, launch, Tape } from '../../src/gpu/tape.ts';
import { timeOf } from '../../src/gpu/matmul/tuner.ts';

const FMA = `
@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  // Not known to the compiler, and such that nothing overflows.
  let x = Lane(0.9999 + f32(id.x) * 1e-9);
  let y = Lane(f32(id.x) * 1e-9);
  @each i < CHAINS: var sum{i} = Lane(f32({i}u + id.x));
  for (var k = 0u; k < call.steps; k++) {
    // Many a turn: on a CPU adapter a turn itself costs as much as several of them.
    @each n < TURN {
      @each i < CHAINS: sum{i} = fma(sum{i}, x, y);
    @}
  }
  var all = Lane(0.0);
  @each i < CHAINS: all += sum{i};
  result[id.x] = total(all);
}
`;

const COPY = `
@group(0) @binding(0) var<uniform> call: Call;
@group(0) @binding(1) var<storage, read> source: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> copied: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = (group.y * groups.x + group.x) * 64u + local;
  if (i >= call.lanes) { return; }
  copied[i] = source[i];
}
`;

const FMA_CALL = new Struct('Call', { steps: 'u32' });
const COPY_CALL = new Struct('Call', { lanes: 'u32' });

const SIZES = {
  gpu: { threads: 2 ** 18, steps: 128, copied: 2 ** 24 },
  software: { threads: 2 ** 12, steps: 32, copied: 2 ** 24 },
};
/** Multiply-adds of a chain in one turn of the loop. */
const TURN = 16;
/** Independent chains of multiply-adds a thread runs; the fastest way is the roof. */
const CHAINS = [
  { lane: 1, chains: 8 },
  { lane: 1, chains: 16 },
  { lane: 4, chains: 2 },
  { lane: 4, chains: 4 },
] as const;

interface Roof {
  /** One sample of 10⁹ floating-point operations a second: the fastest of the chains. */
  rate(): Promise<number>;
  /** One sample of 10⁹ bytes read or written a second. */
  bandwidth(): Promise<number>;
  destroy(): void;
}

export async function prepareRoof(device: GPUDevice, software: boolean): Promise<Roof> {
  const { threads, steps, copied } = SIZES[software ? 'software' : 'gpu'];
  const tape = new Tape(1);
  const [source, target, result] = [tape.slot('source', copied), tape.slot('copy', copied), tape.slot('sums', threads)];
  const chains = CHAINS.map(({ lane, chains }) => ({
    flops: 2 * threads * steps * TURN * lane * chains,
    launch: launch({
      kernel: kernel('multiply-adds', FMA, FMA_CALL, { lane, constants: { CHAINS: chains, TURN } }),
      call: { steps },
      bindings: [result],
      workgroups: gridOf(threads, 1),
    }),
  }));
  const copy = launch({
    kernel: kernel('copy', COPY, COPY_CALL),
    call: { lanes: copied / 4 },
    bindings: [source, target],
    workgroups: gridOf(copied / 4, 1),
  });
  const session = await Session.prepare(device, tape.slots, [...chains.map(({ launch }) => launch), copy]);
  return {
    rate: async () => {
      const rates: number[] = [];
      for (const { flops, launch } of chains) rates.push(flops / (await timeOf(session, launch)) / 1e6);
      return Math.max(...rates);
    },
    bandwidth: async () => (2 * 4 * copied) / (await timeOf(session, copy)) / 1e6,
    destroy: () => session.destroy(),
  };
}
