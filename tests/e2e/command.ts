/** Runs a command of the project in a process of its own, as a person would. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** @param hear called with everything that was printed so far and the process's id. */
export function runCommand(
  script: string,
  args: string[],
  hear: (out: string, pid: number) => void = () => {},
): Promise<Ended> {
  // Without what the test runner put there for itself.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_ENV|VITEST.*)$/.test(name)));
  const child = spawn(process.execPath, ['--import', 'tsx', `cli/${script}.ts`, ...args], { cwd: ROOT, env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += String(data);
    hear(out, child.pid!);
  });
  child.stderr.on('data', (data) => (err += String(data)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
