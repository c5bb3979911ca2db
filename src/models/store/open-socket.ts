import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import net, { isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import { hostOf, portOf } from './proxy';
import { TransferFailure } from './transfer-failure';

/**
 * A connection ready for HTTP/1.1 requests to `url`: plain or TLS, direct or through a proxy. Behind a
 * proxy an https: address gets a tunnel (CONNECT); an http: one gets the connection to the proxy itself.
 *
 * @param proxy  http: or https: address, user and password included where the proxy wants them
 * @throws TransferFailure, or the system's error
 */
export async function openSocket(
  url: URL,
  { proxy, signal }: { proxy: URL | null; signal: AbortSignal },
): Promise<Socket> {
  const socket = await connect(proxy ?? url, signal);
  if (proxy === null || url.protocol === 'http:') return socket;
  await requestTunnel(socket, { proxy, url, signal });
  return secure(socket, url, signal);
}

/** `Basic` credentials of an address that carries a user, as a header; else no header. */
export function basicAuthorization(name: string, { username, password }: URL): Record<string, string> {
  if (!username) return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { [name]: `Basic ${Buffer.from(pair).toString('base64')}` };
}

async function connect(url: URL, signal: AbortSignal): Promise<Socket> {
  const socket = net.connect({
    host: hostOf(url),
    port: portOf(url),
    // Node's 250 ms for each address of a host but the last is too short for slow networks.
    autoSelectFamilyAttemptTimeout: 2000,
  });
  await established(socket, 'connect', signal);
  return url.protocol === 'https:' ? secure(socket, url, signal) : socket;
}

async function secure(socket: Socket, url: URL, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(url);
  const secured = tls.connect({
    socket,
    host,
    // A name is announced to the server; an IP address must not be, yet is still checked by `host`.
    ...(isIP(host) ? {} : { servername: host }),
    ALPNProtocols: ['http/1.1'],
  });
  return established(secured, 'secureConnect', signal);
}

async function established(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<Socket> {
  // Stays for good: between two steps nobody else listens, and an unheard error ends the process.
  socket.on('error', () => {});
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function requestTunnel(
  socket: Socket,
  { proxy, url, signal }: { proxy: URL; url: URL; signal: AbortSignal },
): Promise<void> {
  const target = `${url.hostname}:${portOf(url)}`;
  const request = http.request({
    createConnection: () => socket,
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...basicAuthorization('proxy-authorization', proxy) },
  });
  request.on('error', () => {});
  request.end();
  try {
    const [response] = (await once(request, 'connect', { signal })) as [IncomingMessage];
    if (response.statusCode !== 200)
      throw new TransferFailure(
        `the proxy ${proxy.host} answered ${response.statusCode} ${response.statusMessage ?? ''}`.trimEnd(),
        { retryable: false },
      );
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
