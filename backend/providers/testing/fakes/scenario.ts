/**
 * What a fake does with one order, told by how its prompt begins: `!429x2 a lake` answers 429 twice, then works.
 * Creating: `rate` `busy` `credits` `auth` `policy` `invalid` `server` `echo-key` (fail, `xN` times or always), `hang`,
 * `cut`, `html`, `huge`. Working: `slow:N` (N looks until done), `fail:policy`, `fail:job`. Looking: `cut-poll`,
 * `html-poll`, `huge-poll`, `server-poll`, `hang-poll` (`xN`). Fetching: `expired`, `redirect-private`, `wrong-type`,
 * `empty`, `cut-file`, `hang-file` (`xN`), `none` (done without a result).
 */
export interface Scenario {
  name: string;
  /** After a colon. */
  detail: string;
  /** How often it happens; `Infinity` without `xN`. */
  times: number;
}

const aliases: Record<string, string> = { '429': 'rate', '402': 'credits', '401': 'auth', '500': 'server' };

/** The scenario that a prompt begins with; null for an ordinary one. */
export function scenarioOf(prompt: string): Scenario | null {
  const match = /^!([a-z0-9-]+?)(?:x(\d{1,3}))?(?::([a-z0-9-]+))?(?:\s|$)/.exec(prompt);
  if (!match) return null;
  const [, name = '', times, detail = ''] = match;
  return { name: aliases[name] ?? name, detail, times: times === undefined ? Infinity : Number(times) };
}
