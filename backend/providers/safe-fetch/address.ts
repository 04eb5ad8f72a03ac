import ipaddr from 'ipaddr.js';

/** Addresses that registries call public but that reach the machine's own surroundings. */
const insidePublicSpace = new Set([
  // Azure's platform endpoint (metadata and DNS), the same in every virtual network.
  '168.63.129.16',
]);

/** IPv6 global unicast is 2000::/3 (RFC 4291, 2.4); `::a.b.c.d` and whatever else lies outside is not ours to reach. */
const globalUnicast = ipaddr.IPv6.parse('2000::');

/**
 * True when an IP address may be reached from a workflow: global unicast, version 4 or 6 (security.md, SSRF row).
 * In: an address as text, without brackets. Mapped IPv6 (`::ffff:1.2.3.4`) is judged by the IPv4 address in it; the
 * other forms that embed one (6to4, NAT64, Teredo, ISATAP) are refused whatever they embed. Text that is no address: false.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6) {
    if (parsed.isIPv4MappedAddress()) return isPublicIpv4(parsed.toIPv4Address());
    return (
      parsed.zoneId === undefined && parsed.range() === 'unicast' && parsed.match(globalUnicast, 3) && !isIsatap(parsed)
    );
  }
  return isPublicIpv4(parsed);
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !insidePublicSpace.has(address.toString());
}

/** RFC 5214, 6.1: the interface id 0:5efe:<IPv4> or 200:5efe:<IPv4> tunnels to that IPv4 address. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [, , , , high, low] = address.parts;
  return low === 0x5efe && (high === 0 || high === 0x200);
}
