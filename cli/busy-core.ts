/** A core that something else keeps busy: what a slow machine is to whatever runs there. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Ends by itself when the process that started it is gone, however that ended. */
const LOOP = `while (process.ppid === ${process.pid});`;

interface BusyCore {
  /** Put before a command, runs it on that core; empty where no `taskset` can choose one. */
  onCore: string[];
  end(): void;
}

export function keepCoreBusy(): BusyCore {
  const onCore = spawnSync('taskset', ['--version']).status === 0 ? ['taskset', '-c', firstCore()] : [];
  const [command, ...args] = [...onCore, process.execPath, '-e', LOOP];
  const loop = spawn(command, args, { stdio: 'ignore' });
  return { onCore, end: () => void loop.kill('SIGKILL') };
}

/** The first core that this process may use: in a container it need not be 0. */
function firstCore(): string {
  const allowed = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return allowed?.[1] ?? '0';
}
