import { describe, expect, it } from 'vitest';
import type { GanMetricsError } from '../../../src/errors';
import { inceptionV3, sourcesOf } from '../../../src/models/store/published-models';
import { atEnd, scene, sha256, weights } from './scene';
import { weightsServer } from './weights-server';

async function another() {
  const server = await weightsServer(weights);
  atEnd(server.close);
  return server;
}

describe('sourcesOf', () => {
  const name = 'pt_inception-2015-12-05-6726825d.pth';
  const first = (GAN_METRICS_MIRROR: string) => sourcesOf(inceptionV3, { GAN_METRICS_MIRROR })[0]!.href;

  it('are the publishers in order, and their names carry the digits of the hash', () => {
    const urls = sourcesOf(inceptionV3, {}).map(({ href }) => href);
    expect(urls).toEqual(inceptionV3.urls);
    expect(urls[0]).toContain(name);
    for (const url of urls) expect(url).toMatch(new RegExp(`-${inceptionV3.sha256.slice(0, 8)}\\.pth$`));
  });

  it('begin with the mirror: a folder gets the file name appended, a .pth file is taken as it is', () => {
    expect(first('https://mirror.example/weights')).toBe(`https://mirror.example/weights/${name}`);
    expect(first('https://mirror.example/weights/')).toBe(`https://mirror.example/weights/${name}`);
    expect(first('https://mirror.example')).toBe(`https://mirror.example/${name}`);
    expect(first('https://mirror.example/a?token=b')).toBe(`https://mirror.example/a/${name}?token=b`);
    expect(first('https://mirror.example/fid.pth')).toBe('https://mirror.example/fid.pth');
    expect(sourcesOf(inceptionV3, { GAN_METRICS_MIRROR: 'https://mirror.example' })).toHaveLength(3);
  });

  it('refuse a mirror that is no web address', () => {
    for (const mirror of ['/srv/weights', 'file:///srv/weights', 'ftp://mirror.example', 'mirror.example'])
      expect(() => first(mirror)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe('a pull', () => {
  it('asks the mirror first, and nobody else where it has the file', async () => {
    const { store, server } = await scene();
    const mirror = await another();
    const { manifest } = await store({ env: { GAN_METRICS_MIRROR: mirror.url('/fid') } }).pull(
      'inception-v3',
    );
    expect(manifest!.weights.from).toBe(mirror.url('/fid/weights-1234.pth'));
    expect([mirror.requests.length, server.requests.length]).toEqual([1, 0]);
  });

  it('goes to the next address where one has no file, another file, or does not answer', async () => {
    const [missing, wrong, dead, gone] = [await another(), await another(), await another(), await another()];
    const good = await another();
    const urls = [missing, wrong, dead, gone, good].map((server) => server.url('/w.pth'));
    const { store } = await scene({ urls });
    missing.reply({ status: 404 });
    wrong.reply({ body: Buffer.from('another file') });
    dead.reply({ dies: true });
    await gone.close();
    const failed: string[] = [];
    const { manifest } = await store().pull('inception-v3', {
      onProgress: (progress) => progress.stage === 'failed' && failed.push(progress.url),
    });
    expect(failed).toEqual(urls.slice(0, 4));
    expect(manifest!.weights.from).toBe(urls[4]);
    expect([missing, wrong, dead].map(({ requests }) => requests.length)).toEqual([1, 1, 2]);
  });

  it('does not mix what two servers sent', async () => {
    const [first, second] = [await another(), await another()];
    const { store, server } = await scene({ urls: [first.url('/w.pth'), second.url('/w.pth')] });
    first.reply({
      body: Buffer.from(weights).reverse(),
      until: 100_000,
      afterwards: 'close',
      claims: 300_000,
      ranges: false,
    });
    const { manifest } = await store().pull('inception-v3');
    expect(manifest!.weights.sha256).toBe(sha256(weights));
    expect(second.requests.map(({ headers, sent }) => [headers.range, sent])).toEqual([[undefined, 300_000]]);
    expect(server.requests).toEqual([]);
  });

  it('follows redirects to another server, and takes no credentials along', async () => {
    const { store, server } = await scene();
    const storage = await another();
    server.reply(
      { status: 302, headers: { location: '/elsewhere' } },
      { status: 307, headers: { location: storage.url('/blob?signature=s3cret') } },
    );
    const mirror = server.url('/w.pth').replace('//', '//reader:passw0rd@');
    const { manifest } = await store({ env: { GAN_METRICS_MIRROR: mirror } }).pull('inception-v3');
    const basic = `Basic ${Buffer.from('reader:passw0rd').toString('base64')}`;
    expect(server.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/w.pth', basic],
      ['/elsewhere', basic],
    ]);
    expect(storage.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/blob?signature=s3cret', undefined],
    ]);
    expect(manifest!.weights.from).toBe(server.url('/w.pth'));
  });
});

describe('a pull without a network', () => {
  it('says in one message what was tried and the three ways out, at once', async () => {
    const closed = await another();
    await closed.close();
    const { store } = await scene({ urls: [closed.url('/a/w.pth'), closed.url('/b/w.pth')] });
    const env = { GAN_METRICS_MIRROR: closed.url('/m?token=s3cret').replace('//', '//user:passw0rd@') };
    // Attempts would take hours: where there is no way, none is made.
    const patient = store({ env, download: { backoffMs: 3_600_000 } });
    const error: GanMetricsError = await patient.pull('inception-v3').catch((failure) => failure);
    expect(error.code).toBe('DOWNLOAD_FAILED');
    for (const tried of ['/m/w.pth', '/a/w.pth', '/b/w.pth'])
      expect(error.message).toContain(closed.url(tried));
    for (const way of ['gan-metrics model import w.pth', 'GAN_METRICS_MIRROR', '--model cifar10-resnet'])
      expect(error.message).toContain(way);
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/s3cret|passw0rd/);
    expect(error.details.failures).toHaveLength(3);
  });
});
