import { BlockList, isIP, isIPv6 } from 'node:net';
import { invalidOption } from '../../errors';
import type { Environment } from './cache-folder';

/**
 * The proxy the environment names for an address, or null: HTTPS_PROXY for https:, HTTP_PROXY for http:,
 * ALL_PROXY for what has none of its own, in lower case first. NO_PROXY exempts hosts: a name stands for
 * itself and its subdomains, `host:port` for one port, `10.0.0.0/8` for a subnet, `*` for everything.
 *
 * @throws INVALID_OPTION if the proxy is not an http: or https: address
 */
export function proxyFor(url: URL, env: Environment = process.env): URL | null {
  const scheme = url.protocol.slice(0, -1);
  const proxy = variable(env, `${scheme}_proxy`) || variable(env, 'all_proxy');
  if (!proxy || isExempt(url, variable(env, 'no_proxy') ?? '')) return null;
  const address = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (!/^https?:/i.test(address) || !URL.canParse(address))
    // The value is left out of the message: it may hold a password.
    throw invalidOption(`${scheme.toUpperCase()}_PROXY`, 'an http: or https: address', '…');
  return new URL(address);
}

/** Host name of an address, IPv6 without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Port of an address, the scheme's own where none is written. */
export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

function variable(env: Environment, name: string): string | undefined {
  return env[name] ?? env[name.toUpperCase()];
}

function isExempt(url: URL, noProxy: string): boolean {
  const entries = noProxy.toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => matches(entry, hostOf(url).toLowerCase(), portOf(url)));
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return isInSubnet(host, entry);
  if (isIP(entry)) return entry === host;
  const [, name, only] = /^(.*?)(?::(\d+))?$/.exec(entry)!;
  if (only !== undefined && Number(only) !== port) return false;
  const domain = name!.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
  return host === domain || (!isIP(host) && host.endsWith(`.${domain}`));
}

function isInSubnet(host: string, entry: string): boolean {
  const [network = '', prefix = ''] = entry.split('/');
  const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
  if (!isIP(host) || !isIP(network) || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (isIPv6(network) ? 128 : 32)) return false;
  const subnet = new BlockList();
  subnet.addSubnet(network, Number(prefix), family(network));
  return subnet.check(host, family(host));
}
