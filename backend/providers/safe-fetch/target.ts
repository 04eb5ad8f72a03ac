import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { WfmError } from '@wfm/workflow-engine/errors';
import { isPublicAddress } from './address.ts';
import { effectivePort, entriesFor, type HostEntry, plainHost } from './host-list.ts';

interface ResolvedAddress {
  address: string;
  family: number;
}

/** Finds the addresses of a host name. */
export type Resolve = (host: string) => Promise<ResolvedAddress[]>;

export interface FetchPolicy {
  /** Not empty: only these hosts and those of `allow` may be asked. */
  only: readonly HostEntry[];
  /** Hosts that may have any address, private ones too. */
  allow: readonly HostEntry[];
  /** Ports that may be asked without being listed with their host. */
  ports: readonly number[];
  /** True: hosts that are not in `allow` only by https. */
  httpsOnly?: boolean;
  resolve: Resolve;
}

/** A hop that may be connected to, at one of `addresses` and nowhere else. */
export interface Target {
  url: URL;
  addresses: ResolvedAddress[];
}

type RefusalReason = 'invalid_url' | 'scheme' | 'credentials' | 'port' | 'not_listed' | 'private_address' | 'not_https';

const sentences: Record<RefusalReason, string> = {
  invalid_url: 'The address cannot be read as a URL.',
  scheme: 'Only http and https addresses can be fetched.',
  not_https: 'This address is not https.',
  credentials: 'The address holds a user name or password. Send credentials in a header instead.',
  port: 'This port cannot be fetched. Ask the administrator to list host:port in WFM_FETCH_ALLOW or WFM_FETCH_ONLY.',
  not_listed: 'This host is not among the hosts that this server may fetch (WFM_FETCH_ONLY).',
  private_address:
    'The host is not on the public internet. Ask the administrator to list it in WFM_FETCH_ALLOW if workflows shall reach it.',
};

const maxAddresses = 16;

/** `getaddrinfo`, every address, in its order. */
export const resolveBySystem: Resolve = (host) => systemLookup(host, { all: true, verbatim: true });

/**
 * Decides whether an address may be fetched and where it leads. In: any text that claims to be a URL. Out: the URL
 * without its fragment and every address that may be connected to. Throws `url_refused` { host, reason }, whose
 * message and params never tell what a name resolved to, and `http_failed` when a name does not resolve.
 */
export async function vetTarget(text: string, policy: FetchPolicy): Promise<Target> {
  const url = readUrl(text);
  const allowed = entriesFor(policy.allow, url);
  const listed = [...allowed, ...entriesFor(policy.only, url)];
  if (policy.only.length > 0 && listed.length === 0) throw refuse('not_listed', url);
  if (policy.httpsOnly === true && url.protocol !== 'https:' && allowed.length === 0) throw refuse('not_https', url);
  const portListed = listed.some((entry) => entry.port !== undefined);
  if (!portListed && !policy.ports.includes(effectivePort(url))) throw refuse('port', url);

  const addresses = await addressesOf(url, policy.resolve);
  if (allowed.length === 0 && !addresses.every((entry) => isPublicAddress(entry.address)))
    throw refuse('private_address', url);
  return { url, addresses: addresses.slice(0, maxAddresses) };
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw refuse('invalid_url');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse('scheme', url);
  if (url.username !== '' || url.password !== '') throw refuse('credentials', url);
  url.hash = '';
  return url;
}

async function addressesOf(url: URL, resolve: Resolve): Promise<ResolvedAddress[]> {
  // URL parsing has turned every notation of an IPv4 address into dotted decimals; a literal never reaches a resolver.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(literal);
  if (family !== 0) return [{ address: literal, family }];
  let addresses: ResolvedAddress[];
  try {
    addresses = await resolve(url.hostname);
  } catch {
    addresses = [];
  }
  // A resolver that answers with anything but an address gets the whole name refused below, not this entry skipped.
  if (addresses.length === 0) {
    throw new WfmError('http_failed', `The host ${plainHost(url)} was not found.`, {
      params: { host: plainHost(url), reason: 'dns' },
      transient: true,
    });
  }
  return addresses;
}

function refuse(reason: RefusalReason, url?: URL): WfmError {
  const host = url ? plainHost(url).slice(0, 253) : '';
  const where = host === '' ? '' : ` (${host})`;
  return new WfmError('url_refused', `${sentences[reason]}${where}`, { params: { host, reason } });
}
