import { describe, expect, it } from 'vitest';
import type { GanMetricsError } from '../../../src/errors';
import { impatient, type Scene, scene, weights } from './scene';
import type { Reply } from './weights-server';

const wrong = Buffer.from(weights).reverse();

/** What a server can do wrong, and the code of the error if it does nothing else. */
const misdeeds: Record<
  string,
  { replies: readonly Reply[]; code: string; reason: RegExp; stallMs?: number }
> = {
  stalls: {
    replies: [{ until: 150_000, afterwards: 'stall' }],
    code: 'DOWNLOAD_FAILED',
    reason: /sent nothing for 0.2 s/,
    stallMs: 200,
  },
  'truncates the file': {
    replies: [{ until: 150_000, afterwards: 'close' }],
    code: 'DOWNLOAD_FAILED',
    reason: /connection (broke|ended)/,
  },
  'dies before it answers': {
    replies: [{ dies: true }],
    code: 'DOWNLOAD_FAILED',
    reason: /connection broke/,
  },
  'answers no HTTP': {
    replies: [{ raw: 'SSH-2.0-OpenSSH_9.2\r\n' }],
    code: 'DOWNLOAD_FAILED',
    reason: /Parse Error/,
  },
  'never answers': {
    replies: [{ until: 0, afterwards: 'stall', claims: null }],
    code: 'DOWNLOAD_FAILED',
    reason: /sent nothing|no answer/,
    stallMs: 200,
  },
  'claims a longer file': {
    replies: [{ claims: 300_001, ranges: false }],
    code: 'DOWNLOAD_FAILED',
    reason: /connection (broke|ended)/,
  },
  'claims a shorter file': {
    replies: [{ claims: 299_999, afterwards: 'stall' }],
    code: 'CHECKSUM_MISMATCH',
    reason: /SHA-256/,
  },
  'claims an impossible length': {
    replies: [{ claims: 2 ** 40, afterwards: 'stall' }],
    code: 'CHECKSUM_MISMATCH',
    reason: /more than/,
  },
  'sends more than there can be': {
    replies: [{ claims: null, body: Buffer.alloc(3_000_000), afterwards: 'stall' }],
    code: 'CHECKSUM_MISMATCH',
    reason: /more than 1000000/,
  },
  'says no length and ends early': {
    replies: [{ claims: null, until: 200_000 }],
    code: 'CHECKSUM_MISMATCH',
    reason: /SHA-256/,
  },
  'serves a wrong file': { replies: [{ body: wrong }], code: 'CHECKSUM_MISMATCH', reason: /SHA-256/ },
  'serves an empty file': {
    replies: [{ body: Buffer.alloc(0) }],
    code: 'CHECKSUM_MISMATCH',
    reason: /SHA-256/,
  },
  'serves a web page': {
    replies: [{ headers: { 'content-type': 'text/html; charset=utf-8' } }],
    code: 'DOWNLOAD_FAILED',
    reason: /web page/,
  },
  'compresses unasked': {
    replies: [{ headers: { 'content-encoding': 'gzip' } }],
    code: 'DOWNLOAD_FAILED',
    reason: /encoding gzip/,
  },
  'sends a part unasked': {
    replies: [{ status: 206, headers: { 'content-range': 'bytes 0-299999/300000' } }],
    code: 'DOWNLOAD_FAILED',
    reason: /part/,
  },
  'redirects in a circle': {
    replies: [{ status: 302, headers: { location: '/weights-1234.pth' } }],
    code: 'DOWNLOAD_FAILED',
    reason: /redirected more than 10 times/,
  },
  'redirects to nowhere': { replies: [{ status: 302 }], code: 'DOWNLOAD_FAILED', reason: /nowhere/ },
  'redirects to a file': {
    replies: [{ status: 302, headers: { location: 'file:///etc/passwd' } }],
    code: 'DOWNLOAD_FAILED',
    reason: /unsafe/,
  },
  'has no such file': { replies: [{ status: 404 }], code: 'DOWNLOAD_FAILED', reason: /answered 404/ },
  'is overloaded': { replies: [{ status: 503 }], code: 'DOWNLOAD_FAILED', reason: /answered 503/ },
};

/** Impatient only while the server is to misbehave: a busy machine can be silent for a moment, too. */
function store(of: Scene, stallMs = 10_000) {
  return of.store({ download: { ...impatient, stallMs, mostBytes: 1_000_000 } });
}

describe.each(Object.entries(misdeeds))('a server that %s', (_, { replies, code, reason, stallMs }) => {
  it('leaves an empty cache without a model, and the next pull succeeds', async () => {
    const place = await scene();
    place.server.reply(...replies);
    const error: GanMetricsError = await store(place, stallMs)
      .pull('inception-v3')
      .catch((failure) => failure);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(reason);
    expect(await store(place).list()).toMatchObject([{ state: 'missing', modelFile: null, bytes: 0 }]);
    place.server.reply({});
    expect((await store(place).pull('inception-v3')).state).toBe('ready');
    expect((await store(place).verify('inception-v3')).ok).toBe(true);
    expect(await place.conversions()).toBe(1);
  });

  it('leaves the model that is there as it was', async () => {
    const place = await scene();
    const before = await store(place).pull('inception-v3');
    place.server.reply(...replies);
    const error: GanMetricsError = await store(place, stallMs)
      .pull('inception-v3', { force: true })
      .catch((failure) => failure);
    expect(error.code).toBe(code);
    expect(await store(place).list()).toMatchObject([{ state: 'ready', manifest: before.manifest }]);
    expect((await store(place).verify('inception-v3')).ok).toBe(true);
    expect(await store(place).path('inception-v3')).toBe(before.modelFile);
  });
});

describe('a server that claims a longer file, and then tells the truth', () => {
  it('has sent all there is', async () => {
    const place = await scene();
    place.server.reply({ claims: 300_001 }, {});
    expect((await store(place).pull('inception-v3')).state).toBe('ready');
    expect(place.server.requests.map(({ sent }) => sent)).toEqual([300_000, 0]);
  });
});

describe('a server of a file whose size is known', () => {
  it('is refused before it sends a file of another size', async () => {
    const place = await scene({ bytes: 300_000 });
    place.server.reply({ body: Buffer.alloc(900_000), afterwards: 'stall' });
    const error: GanMetricsError = await store(place)
      .pull('inception-v3')
      .catch((failure) => failure);
    expect(error.code).toBe('CHECKSUM_MISMATCH');
    expect(error.message).toMatch(/has a file of 900000 bytes, the published one has 300000/);
  });

  it('may say no length: what is missing is fetched', async () => {
    const place = await scene({ bytes: 300_000 });
    place.server.reply({ claims: null, until: 200_000 }, {});
    expect((await store(place).pull('inception-v3')).state).toBe('ready');
    expect(place.server.requests.map(({ sent }) => sent)).toEqual([200_000, 100_000]);
  });
});
