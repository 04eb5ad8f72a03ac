/** One entry of WFM_FETCH_ONLY or WFM_FETCH_ALLOW. */
export interface HostEntry {
  /** As `URL.hostname` writes it, without a trailing dot. */
  host: string;
  /** Absent: the entry says nothing about ports. */
  port?: number;
}

/**
 * Reads entries `host`, `host:port`, `[v6]` and `[v6]:port`. Hosts are compared exactly, so `example.com` does not
 * stand for its subdomains. Throws a `TypeError` that quotes an entry which is none of these: a setting that is
 * silently ignored would open or close more than its author meant.
 */
export function parseHostList(entries: readonly string[]): HostEntry[] {
  return entries
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseEntry);
}

function parseEntry(entry: string): HostEntry {
  const refused = new TypeError(`"${entry}" is not a host or host:port. Write for example intranet.example:8080.`);
  const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:/?#@[\]\\]+)(?::(\d{1,5}))?$/.exec(entry);
  const [, name, digits] = match ?? [];
  if (name === undefined || !URL.canParse(`http://${name}/`)) throw refused;
  const host = plainHost(new URL(`http://${name}/`));
  if (digits === undefined) return { host };
  const port = Number(digits);
  if (port < 1 || port > 65_535) throw refused;
  return { host, port };
}

/** The host of a URL as the lists hold it: lower case, punycode, without the root's dot. */
export function plainHost(url: URL): string {
  return url.hostname.replace(/\.$/, '');
}

/** The port that a URL means, 80 or 443 when it names none. */
export function effectivePort(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** The entries about this host and port; one without a port is about every port. */
export function entriesFor(list: readonly HostEntry[], url: URL): HostEntry[] {
  const host = plainHost(url);
  const port = effectivePort(url);
  return list.filter((entry) => entry.host === host && (entry.port === undefined || entry.port === port));
}
