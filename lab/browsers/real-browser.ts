/** A browser as people have it, driven by the protocol it speaks: pages that are opened, and functions that run in them. */
import { spawn, type ChildProcess } from 'node:child_process';

export interface Size {
  width: number;
  height: number;
}

/** One page of a visitor for whom nothing is stored yet. */
export interface RealPage {
  /** The browser as it names itself, with its version. */
  readonly browser: string;
  /** Loads an address and waits until it is loaded. */
  open(address: string): Promise<void>;
  /** What `task` returns in the page; it sees nothing but its arguments. What it throws is thrown. */
  run<Args extends unknown[], T>(task: (...args: Args) => T | Promise<T>, ...args: Args): Promise<Awaited<T>>;
  /** Runs a script that is given as text. */
  load(script: string): Promise<void>;
  resize(size: Size): Promise<void>;
  close(): Promise<void>;
}

export interface RealBrowser {
  newPage(): Promise<RealPage>;
  close(): Promise<void>;
}

interface Program {
  /** The first group of the line that was waited for. */
  said: string;
  end(): Promise<void>;
}

/**
 * Starts a program.
 * @param awaited a line of it that tells that it is ready; null does not wait.
 * @throws Error with what it said, when it ends before.
 */
export async function startProgram(command: string, args: string[], awaited: RegExp | null): Promise<Program> {
  // A group of its own: what it starts ends with it.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const said = awaited ? await firstMatch(child, awaited) : '';
  return {
    said,
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
      await ended;
    },
  };
}

function firstMatch(child: ChildProcess, awaited: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (chunk: Buffer) => {
      text += chunk.toString();
      const match = awaited.exec(text);
      if (match) resolve(match[1] ?? '');
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('error', reject);
    child.once('close', () => reject(new Error(`${child.spawnfile} ended: ${text.trim()}`)));
  });
}
