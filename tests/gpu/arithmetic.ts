/** What an adapter and its browser make of a few sums and functions: where two agree in it, the same training gives the same bits. */

/** Of Chromium's software adapter as it made public/recorded. Recordings made where it is another need that one here. */
export const ARITHMETIC = '6b3205aa';

const COUNT = 256;
const KERNEL = `
@group(0) @binding(0) var<storage, read_write> results: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = f32(id.x) * 0.137 + 0.0171;
  var sum = 0.0;
  for (var k = 0u; k < 32u; k++) { sum = sum * 0.987 + x * (f32(k) * 0.371 + 1.13); }
  results[4u * id.x] = sum;
  results[4u * id.x + 1u] = exp(-x) + log(x);
  results[4u * id.x + 2u] = inverseSqrt(x) + sqrt(x) / (x + 3.1);
  results[4u * id.x + 3u] = tanh(x - 9.0) + sin(x);
}`;

/** Eight hex digits. Besides the adapter's own it covers what corpora and starts are made with: the browser's functions of numbers. */
export async function arithmeticOf(device: GPUDevice): Promise<string> {
  const size = 4 * 4 * COUNT;
  const results = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const read = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const compute = { module: device.createShaderModule({ code: KERNEL }) };
  const pipeline = device.createComputePipeline({ layout: 'auto', compute });
  const entries = [{ binding: 0, resource: { buffer: results } }];
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(COUNT / 64);
  pass.end();
  encoder.copyBufferToBuffer(results, 0, read, 0, size);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  const own = new Uint32Array(read.getMappedRange().slice(0));
  for (const buffer of [results, read]) buffer.destroy();
  const functions = [Math.exp, Math.log, Math.sqrt, Math.sin, Math.cos, (x: number) => x ** -0.61];
  const numbers = functions.flatMap((f) => Array.from({ length: COUNT }, (_, i) => f(0.0171 + 0.137 * i)));
  return hashOf([...own, ...new Uint32Array(new Float64Array(numbers).buffer)]);
}

/** FNV-1a over whole words. */
function hashOf(words: readonly number[]): string {
  const hash = words.reduce((sum, word) => Math.imul(sum ^ word, 0x01000193), 0x811c9dc5 | 0);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
