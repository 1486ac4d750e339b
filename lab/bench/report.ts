/** From options to bench.json and its tables, whatever runs the sections. */
import { writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { Failure } from '../../cli/command.ts';
import type { AdapterInfo } from '../../src/model/training.ts';
import { BENCH_SCHEMA, type Bench, type Host, type SectionName, type Sections } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { benchText } from './tables.ts';

/** Where the sections run. */
export interface Runner {
  version: string;
  adapter: AdapterInfo;
  measure(name: SectionName): Promise<Sections[SectionName]>;
}

/**
 * Measures what was asked for, prints its tables and writes them. A section that fails leaves the others standing.
 * @throws Failure naming what could not be measured, after everything else was printed.
 */
export async function runBench(options: BenchOptions, { version, adapter, measure }: Runner): Promise<void> {
  const sections: Partial<Record<SectionName, Sections[SectionName]>> = {};
  const failures: string[] = [];
  const benchSoFar = (): Bench => ({
    schema: BENCH_SCHEMA,
    created: new Date().toISOString(),
    quick: options.quick,
    host: hostOf(options, version),
    adapter,
    sections: sections as Partial<Sections>,
  });
  // After each section: who ends a long bench early keeps what was measured.
  const write = () => {
    if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(benchSoFar(), null, 1)}\n`);
  };
  for (const name of options.sections) {
    try {
      sections[name] = await measure(name);
      write();
    } catch (error) {
      const first = (error as Error).message.split('\n')[0];
      failures.push(`${name} could not be measured (${first})`);
    }
  }
  write();
  console.log(benchText(benchSoFar()));
  if (failures.length > 0) throw new Failure(`${failures.join('; ')}.`);
}

function hostOf({ runtime }: BenchOptions, version: string): Host {
  return {
    ...{ runtime, version },
    platform: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() || 'unnamed processor',
    cores: availableParallelism(),
  };
}

/** Progress, apart from the tables: one line that is written over, or a line each where nobody watches. */
export function tell(text: string): void {
  const { stderr } = process;
  stderr.write(stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
}

/** Ends the line of progress. */
export function tellEnd(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}
