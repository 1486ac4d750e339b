import { expect, test } from 'vitest';
import { DeviceLog } from '../../../../lab/bench/device-log.ts';

class Pass {
  setPipeline(_: { label: string }) {}
  dispatchWorkgroups() {}
}
class Encoder {
  beginComputePass() {
    return new Pass();
  }
}
class Device {
  made = 0;
  queue = new (class {
    submit() {}
  })();
  createBuffer() {
    this.made++;
    return { size: 16 };
  }
  createBindGroup() {}
  createCommandEncoder() {
    return new Encoder();
  }
}

function step(device: Device): void {
  const pass = device.createCommandEncoder().beginComputePass();
  pass.setPipeline({ label: 'matmul' });
  pass.dispatchWorkgroups();
  pass.dispatchWorkgroups();
  pass.setPipeline({ label: 'norm' });
  pass.dispatchWorkgroups();
  device.queue.submit();
}

test('counts what a device is asked for by kernel, without getting in its way', () => {
  const device = new Device();
  const log = new DeviceLog(device as unknown as GPUDevice);
  expect(device.createBuffer()).toEqual({ size: 16 });
  expect(device.made).toBe(1);
  expect(log.take()).toEqual({ launches: new Map(), submits: 0, buffers: 1, bindGroups: 0 });
  step(device);
  step(device);
  device.createBindGroup();
  const launches = new Map([
    ['matmul', 4],
    ['norm', 2],
  ]);
  expect(log.take()).toEqual({ launches, submits: 2, buffers: 0, bindGroups: 1 });
});

test('hears nothing after it was stopped, and nothing of other devices', () => {
  const [device, other] = [new Device(), new Device()];
  const log = new DeviceLog(device as unknown as GPUDevice);
  step(other);
  log.stop();
  step(device);
  expect(log.take()).toEqual({ launches: new Map(), submits: 0, buffers: 0, bindGroups: 0 });
  expect(Object.keys(device)).toEqual(['made', 'queue']);
});
