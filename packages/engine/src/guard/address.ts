import { BlockList, isIP } from 'node:net';

/** Classes of addresses that the guard distinguishes; `forbidden`: never a target, whatever is allowed, or not an address. */
export type AddressClass = 'loopback' | 'forbidden' | 'other';

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges)
    list.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

const LOOPBACK = blockList([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

/**
 * Never allowed as a target, even by `allow`: metadata services return credentials, multicast reaches several machines.
 */
const FORBIDDEN = blockList([
  ['0.0.0.0', 8], // "this network": connects to whatever listens here
  ['169.254.0.0', 16], // link-local, 169.254.169.254 is the metadata service of most clouds
  ['100.100.100.200', 32], // Alibaba Cloud metadata
  ['168.63.129.16', 32], // Azure's wire server
  ['192.0.0.192', 32], // Oracle Cloud metadata (older)
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
  ['::', 128],
  ['fe80::', 10], // link-local
  ['fec0::', 10], // site-local, deprecated
  ['fd00:ec2::', 32], // AWS: metadata, DNS, time
  ['fd20:ce::254', 128], // Google Cloud metadata
  ['ff00::', 8], // multicast
]);

/** The eight 16-bit groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex =
    dotted === null
      ? address
      : `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`;
  const [head = '', tail] = hex.split('::');
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const front = parse(head);
  if (tail === undefined) return front;
  const back = parse(tail);
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

/**
 * The IPv4 address that an IPv6 one carries: mapped (::ffff:0:0/96), compatible (::/96), translated (::ffff:0:0:0/96, 64:ff9b::/96,
 * 64:ff9b:1::/48; RFC 2765, 6052, 8215), 6to4 (2002::/16). A metadata address embedded in IPv6 is refused too.
 */
function embeddedIpv4(address: string): { readonly address: string; readonly mapped: boolean } | undefined {
  const g = groupsOf(address);
  const at = (index: number): number => g[index] ?? 0;
  const dotted = (high: number, low: number): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  const zeros = (from: number, to: number): boolean => g.slice(from, to).every((group) => group === 0);
  const carried = (high: number, low: number, mapped = false) => ({ address: dotted(high, low), mapped });
  if (zeros(0, 5) && at(5) === 0xffff) return carried(at(6), at(7), true);
  if (zeros(0, 4) && at(4) === 0xffff && at(5) === 0) return carried(at(6), at(7));
  if (zeros(0, 6) && at(6) !== 0) return carried(at(6), at(7));
  if (at(0) === 0x64 && at(1) === 0xff9b) return carried(at(6), at(7));
  if (at(0) === 0x2002) return carried(at(1), at(2));
  return undefined;
}

/** Classifies an IP address, written in any form that Node accepts; a zone (`%eth0`) is ignored. */
export function classifyAddress(address: string): AddressClass {
  const bare = address.replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 0) return 'forbidden';
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (LOOPBACK.check(bare, family)) return 'loopback';
  if (FORBIDDEN.check(bare, family)) return 'forbidden';
  if (version === 6) {
    const inner = embeddedIpv4(bare);
    if (inner?.mapped === true) return classifyAddress(inner.address);
    // a tunnelled loopback address reaches the loopback of the gateway, not of this machine
    if (inner !== undefined && classifyAddress(inner.address) !== 'other') return 'forbidden';
  }
  return 'other';
}
