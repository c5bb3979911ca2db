import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';

/** How the server answers one request; what is not said is done right. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Whether it understands Range (true). */
  readonly ranges?: boolean;
  /** ETag; null: none. */
  readonly etag?: string | null;
  /** Content-Length as claimed; null: none, the end of the connection ends the body. */
  readonly claims?: number | null;
  /** Bytes of the file after which it stops sending. */
  readonly until?: number;
  /** What it does then: end the answer, close the connection, or stay silent. */
  readonly afterwards?: 'end' | 'close' | 'stall';
  /** Closes the connection instead of answering. */
  readonly dies?: boolean;
  /** What it sends instead of an answer. */
  readonly raw?: string;
}

export interface SeenRequest {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Bytes of the body sent. */
  readonly sent: number;
}

export interface WeightsServer {
  readonly port: number;
  /** An address on this server. */
  url(path: string): string;
  readonly requests: SeenRequest[];
  /** Answers to the next requests; the last one stays. */
  reply(...replies: readonly Reply[]): void;
  close(): Promise<void>;
}

/** A server of one file on 127.0.0.1 that misbehaves as told. */
export async function weightsServer(file: Buffer, { port: wished = 0 } = {}): Promise<WeightsServer> {
  let replies: Reply[] = [{}];
  const requests: SeenRequest[] = [];
  const server = http.createServer((request, response) => {
    const reply = replies.length > 1 ? replies.shift()! : replies[0]!;
    requests.push({
      url: request.url!,
      headers: request.headers,
      sent: answer(request, response, { file, ...reply }),
    });
  });
  const { port, close } = await listening(server, wished);
  return {
    port,
    url: (path) => `http://127.0.0.1:${port}${path}`,
    requests,
    reply: (...next) => {
      replies = [...next];
    },
    close,
  };
}

/** Starts a server on a port of 127.0.0.1, a free one by default; `close` also ends its connections. */
export async function listening(
  server: Server,
  wished = 0,
): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(wished, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, close };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  {
    file,
    status,
    headers = {},
    body = file,
    ranges = true,
    etag = '"v1"',
    claims,
    until,
    afterwards = 'end',
    dies,
    raw,
  }: Reply & {
    file: Buffer;
  },
): number {
  const socket = response.socket!;
  if (dies) {
    socket.destroy();
    return 0;
  }
  if (raw !== undefined) {
    socket.end(raw);
    return 0;
  }
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const same = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
  const start = ranges && asked !== null && same && status === undefined ? Number(asked[1]) : 0;
  const whole = { ...(etag === null ? {} : { etag }), connection: 'close', ...headers };
  if (start > 0 && start >= body.length) {
    response.writeHead(416, { ...whole, 'content-range': `bytes */${body.length}` }).end();
    return 0;
  }
  const sent = body.subarray(start, until);
  const length = claims === undefined ? body.length - start : claims;
  // Without it the end of the connection is the only end of the body.
  response.removeHeader('transfer-encoding');
  response.writeHead(status ?? (start > 0 ? 206 : 200), {
    ...whole,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` } : {}),
    ...(length === null ? {} : { 'content-length': length }),
    ...headers,
  });
  response.write(sent, () => {
    if (afterwards === 'close' || (afterwards === 'end' && length !== sent.length)) socket.destroySoon();
  });
  if (afterwards === 'end' && length === sent.length) response.end();
  return sent.length;
}
