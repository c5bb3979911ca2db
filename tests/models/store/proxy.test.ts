import { writeFile } from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GanMetricsError } from '../../../src/errors';
import { proxyFor } from '../../../src/models/store/proxy';
import { proxyServer } from './proxy-server';
import { atEnd, scene, weights } from './scene';
import { selfSigned } from './self-signed';
import { startProcess } from './start-process';
import { listening } from './weights-server';

describe('proxyFor', () => {
  const proxy = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.href ?? null;
  const exempt = (url: string, NO_PROXY: string) =>
    proxy(url, { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:1', NO_PROXY }) === null;

  it('goes by the scheme of the address, lower case before upper, ALL_PROXY last', () => {
    const env = { HTTPS_PROXY: 'http://s:1', HTTP_PROXY: 'http://h:2' };
    expect(proxy('https://a.example', env)).toBe('http://s:1/');
    expect(proxy('http://a.example', env)).toBe('http://h:2/');
    expect(proxy('https://a.example', { ...env, https_proxy: 'http://l:3' })).toBe('http://l:3/');
    expect(proxy('https://a.example', { HTTP_PROXY: 'http://h:2' })).toBeNull();
    expect(proxy('https://a.example', { ALL_PROXY: 'http://a:4' })).toBe('http://a:4/');
    expect(proxy('https://a.example', {})).toBeNull();
  });

  it('takes a host and port for an http: proxy, and refuses other kinds without showing a password', () => {
    expect(proxy('https://a.example', { HTTPS_PROXY: 'proxy.example:3128' })).toBe(
      'http://proxy.example:3128/',
    );
    const socks = () => proxy('https://a.example', { ALL_PROXY: 'socks5://user:s3cret@proxy' });
    expect(socks).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(socks).toThrow(expect.not.objectContaining({ message: expect.stringContaining('s3cret') }));
  });

  it('exempts what NO_PROXY lists: hosts with their subdomains, ports, addresses, subnets', () => {
    for (const entry of [
      'a.example',
      '.a.example',
      '*.a.example',
      'x, a.example',
      'x a.example',
      'A.Example',
      '*',
      'a.example:443',
    ])
      expect([entry, exempt('https://a.example/f', entry)]).toEqual([entry, true]);
    for (const entry of ['a.example', '.example', '*.a.example'])
      expect(exempt('https://b.a.example/f', entry)).toBe(true);
    for (const entry of [
      '',
      'b.example',
      'example.a',
      'ba.example',
      'b.a.example',
      'a.example:80',
      'a.exampl',
    ])
      expect([entry, exempt('https://a.example/f', entry)]).toEqual([entry, false]);
    expect(exempt('http://10.1.2.3/f', '10.0.0.0/8')).toBe(true);
    expect(exempt('http://11.1.2.3/f', '10.0.0.0/8')).toBe(false);
    expect(exempt('http://10.1.2.3/f', '10.1.2.3')).toBe(true);
    expect(exempt('http://[fd00::7]:8080/f', 'fd00::/8')).toBe(true);
    expect(exempt('http://[::1]/f', '::1')).toBe(true);
    expect(exempt('http://[::1]/f', '[::1]')).toBe(true);
    for (const nonsense of ['10.0.0.0/99', 'a/b', '/8', '10.1.2.3/'])
      expect(exempt('http://10.1.2.3/f', nonsense)).toBe(false);
  });
});

describe('a pull over http:', () => {
  it('goes through HTTP_PROXY with the credentials in it, resume included', async () => {
    const { store, server } = await scene();
    const proxy = await proxyServer();
    server.reply({ until: 100_000, afterwards: 'close' }, {});
    const env = { HTTP_PROXY: `http://me:p%40ss@127.0.0.1:${proxy.port}` };
    expect((await store({ env }).pull('inception-v3')).state).toBe('ready');
    const seen = {
      line: `GET ${server.url('/weights-1234.pth')}`,
      authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    };
    expect(proxy.requests).toEqual([seen, seen]);
    expect(server.requests.at(-1)!.headers).not.toHaveProperty('proxy-authorization');
  });

  it('goes past the proxy where NO_PROXY says so', async () => {
    const { store, server } = await scene();
    const proxy = await proxyServer();
    const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: 'localhost,127.0.0.0/8' };
    await store({ env }).pull('inception-v3');
    expect([proxy.requests.length, server.requests.length]).toEqual([0, 1]);
  });
});

describe('a pull over https:', () => {
  async function secureScene() {
    const place = await scene();
    const pair = selfSigned();
    const server = https.createServer(pair, ({ url }, response) => {
      if (url === '/down.pth') response.writeHead(302, { location: place.server.url('/w.pth') }).end();
      else response.writeHead(200, { 'content-length': weights.length }).end(weights);
    });
    const { port, close } = await listening(server);
    atEnd(close);
    const trusted = path.join(place.cache, 'ca.pem');
    await writeFile(trusted, pair.cert);
    return { place, pair, port, trusted, mirror: (name: string) => `https://127.0.0.1:${port}/${name}` };
  }

  it('tunnels through HTTPS_PROXY, itself http: or https:, and never follows a redirect to http:', async () => {
    const { place, pair, port, trusted, mirror } = await secureScene();
    const [proxy, secureProxy] = [await proxyServer(), await proxyServer({ pair })];
    const only = (name: string) => ({ ...place.model, urls: [mirror(name)] });
    const good = startProcess(place, {
      env: { NODE_EXTRA_CA_CERTS: trusted, HTTPS_PROXY: `http://me:pass@127.0.0.1:${proxy.port}` },
      task: { model: only('w.pth') },
    });
    const down = startProcess(place, {
      env: { NODE_EXTRA_CA_CERTS: trusted, HTTPS_PROXY: `https://127.0.0.1:${secureProxy.port}` },
      task: { model: only('down.pth'), cache: `${place.cache}/2` },
    });
    expect(await good.result()).toEqual({ modelFile: await place.store().path('inception-v3') });
    expect(await down.result()).toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('redirects to the unsafe address http://'),
    });
    const line = `CONNECT 127.0.0.1:${port}`;
    const authorization = `Basic ${Buffer.from('me:pass').toString('base64')}`;
    expect(proxy.requests).toEqual([{ line, authorization }]);
    expect(secureProxy.requests).toEqual([{ line, authorization: undefined }]);
    expect(place.server.requests).toEqual([]);
  });

  it('refuses a certificate nobody vouches for, and says how to name one', async () => {
    const { place, mirror } = await secureScene();
    const store = place.store({ models: [{ ...place.model, urls: [mirror('w.pth')] }] });
    const error: GanMetricsError = await store.pull('inception-v3').catch((failure) => failure);
    expect(error.code).toBe('DOWNLOAD_FAILED');
    expect(error.message).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('says what a proxy answered that opens no tunnel', async () => {
    const { place, mirror } = await secureScene();
    const proxy = await proxyServer({ refuses: true });
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const store = place.store({ env, models: [{ ...place.model, urls: [mirror('w.pth')] }] });
    const error: GanMetricsError = await store.pull('inception-v3').catch((failure) => failure);
    expect(error.message).toContain(
      `the proxy 127.0.0.1:${proxy.port} answered 407 Proxy Authentication Required`,
    );
    expect(proxy.requests).toHaveLength(1);
  });
});
