/**
 * Time that this process has computed, in ms. A bound on work is a bound on this: what else a machine does while a test
 * runs is nothing to it.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
