import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { Environment } from './cache-folder';
import { basicAuthorization, openSocket } from './open-socket';
import { proxyFor } from './proxy';
import { publicUrl } from './published-models';
import { networkFailure, TransferFailure } from './transfer-failure';

/** How to ask for an address. */
export interface OpenOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly env: Environment;
  /** Longest time until a connection stands, proxy and TLS included. */
  readonly connectMs: number;
  /** Longest time from the request to the first line of the answer. */
  readonly responseMs: number;
  readonly signal?: AbortSignal | undefined;
}

const mostRedirects = 10;

/**
 * The answer to a GET of `url`, its body not yet read: the environment's proxy is used and redirects are
 * followed, but never from https: to http:.
 *
 * Node's own `fetch` is not used because it ignores the proxy variables unless the process was started
 * with a switch that Node 20 lacks.
 *
 * @throws TransferFailure
 */
export async function openUrl(url: URL, options: OpenOptions): Promise<IncomingMessage> {
  let at = url;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await request(at, options);
    if (![301, 302, 303, 307, 308].includes(response.statusCode!)) return response;
    response.destroy();
    at = redirected(at, response.headers.location);
  }
  throw new TransferFailure(`redirected more than ${mostRedirects} times`, { retryable: false });
}

async function request(url: URL, { headers, env, connectMs, responseMs, signal }: OpenOptions) {
  const proxy = proxyFor(url, env);
  const within = (ms: number) => AbortSignal.any([AbortSignal.timeout(ms), ...(signal ? [signal] : [])]);
  try {
    const socket = await openSocket(url, { proxy, signal: within(connectMs) }).catch((error) => {
      throw isTimeout(error)
        ? new TransferFailure(`no connection within ${connectMs / 1000} s`, { unreachable: true })
        : error;
    });
    const toProxy = proxy !== null && url.protocol === 'http:';
    const asked = http.request({
      createConnection: () => socket,
      path: `${toProxy ? url.origin : ''}${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        connection: 'close',
        'accept-encoding': 'identity',
        'user-agent': 'gan-metrics',
        ...basicAuthorization('authorization', url),
        ...(toProxy ? basicAuthorization('proxy-authorization', proxy) : {}),
        ...headers,
      },
    });
    asked.on('error', () => {});
    asked.end();
    return await answer(asked, { signal: within(responseMs), responseMs });
  } catch (error) {
    throw networkFailure(error);
  }
}

async function answer(
  asked: http.ClientRequest,
  { signal, responseMs }: { signal: AbortSignal; responseMs: number },
): Promise<IncomingMessage> {
  try {
    const [response] = (await once(asked, 'response', { signal })) as [IncomingMessage];
    return response;
  } catch (error) {
    asked.destroy();
    throw isTimeout(error) ? new TransferFailure(`no answer within ${responseMs / 1000} s`) : error;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.cause as Error | undefined)?.name === 'TimeoutError';
}

function redirected(from: URL, location: string | undefined): URL {
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : null;
  const fail = (what: string) => new TransferFailure(what, { retryable: false });
  if (to === null) throw fail(`${publicUrl(from)} redirects to nowhere`);
  if (!/^https?:$/.test(to.protocol) || (from.protocol === 'https:' && to.protocol === 'http:'))
    throw fail(`${publicUrl(from)} redirects to the unsafe address ${publicUrl(to)}`);
  return to;
}
