import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import net, { type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { atEnd } from './scene';
import { listening } from './weights-server';

export interface ProxyServer {
  readonly port: number;
  /** First lines of the requests, as `GET http://…` or `CONNECT host:port`, with the credentials sent. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
}

/** A proxy on 127.0.0.1: forwards http: requests, tunnels for CONNECT. */
export async function proxyServer({
  refuses = false,
  pair,
}: {
  refuses?: boolean;
  /** Key and certificate: the proxy itself is spoken to over TLS. */
  pair?: { readonly key: string; readonly cert: string };
} = {}): Promise<ProxyServer> {
  const requests: ProxyServer['requests'][number][] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    requests.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] });
  const server = pair ? https.createServer(pair) : http.createServer();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    note(request);
    const { 'proxy-authorization': _, ...headers } = request.headers;
    http.get(request.url!, { headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      // Unlike pipe, it passes on that the connection broke.
      pipeline(answer, response, () => {});
    });
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    note(request);
    if (refuses) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const { hostname, port } = new URL(`http://${request.url}`);
    const target = net.connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  const { port, close } = await listening(server);
  atEnd(close);
  return { port, requests };
}
