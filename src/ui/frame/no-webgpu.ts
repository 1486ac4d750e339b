/** What to do where WebGPU is there and does not come, in words. */

export const restartWords =
  'Load the page again; if it stays so, close the browser and start it again: the process that draws for it may hang.';

/** @param place where the page came from, over plain http. */
export function secureWords({ hostname, port, pathname }: Pick<Location, 'hostname' | 'port' | 'pathname'>): string {
  const far = port || '80';
  // Ports below 1024 are not everybody's.
  const here = port || '8080';
  return `Open it over https, or on the machine that serves it, or forward its port: ssh -N -L ${here}:localhost:${far} ${hostname}, then http://localhost:${here}${pathname} here.`;
}
