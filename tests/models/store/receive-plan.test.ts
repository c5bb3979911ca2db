import { describe, expect, it } from 'vitest';
import type { PartialFile } from '../../../src/models/store/partial-file';
import { receivePlan, resumeHeaders } from '../../../src/models/store/receive-plan';
import { networkFailure } from '../../../src/models/store/transfer-failure';

const nothing: PartialFile = { bytes: 0, origin: null };
const origin = {
  from: 'https://a.example/w.pth',
  etag: '"v1"',
  lastModified: 'Sat, 05 Dec 2015 00:00:00 GMT',
  totalBytes: 100,
};
const half: PartialFile = { bytes: 50, origin };

function plan(status: number, headers: Record<string, string>, partial: PartialFile) {
  return receivePlan({ status, headers, now: Date.UTC(2026, 0, 1) }, partial);
}

function failing(...parameters: Parameters<typeof plan>) {
  try {
    plan(...parameters);
  } catch (error) {
    return error;
  }
  throw new Error('did not fail');
}

describe('resumeHeaders', () => {
  it('ask for the rest on condition of the ETag, or of the date where the ETag is weak', () => {
    expect(resumeHeaders(nothing)).toEqual({});
    expect(resumeHeaders(half)).toEqual({ range: 'bytes=50-', 'if-range': '"v1"' });
    const weak = { ...half, origin: { ...origin, etag: 'W/"v1"' } };
    expect(resumeHeaders(weak)['if-range']).toBe(origin.lastModified);
    expect(resumeHeaders({ ...half, origin: { ...origin, etag: null, lastModified: null } })).toEqual({
      range: 'bytes=50-',
    });
  });
});

describe('receivePlan', () => {
  it('takes a whole file from its beginning, whatever is there', () => {
    const whole = {
      offset: 0,
      complete: false,
      origin: { etag: '"v2"', lastModified: null, totalBytes: 70 },
    };
    expect(plan(200, { etag: '"v2"', 'content-length': '70' }, half)).toEqual(whole);
  });

  it('appends the rest of the same file', () => {
    expect(plan(206, { 'content-range': 'bytes 50-99/100' }, half)).toMatchObject({
      offset: 50,
      complete: false,
    });
    expect(plan(206, { 'content-range': 'bytes 50-99/*' }, half).origin.totalBytes).toBe(100);
  });

  it('starts anew after a part that does not fit', () => {
    const headers = [
      { 'content-range': 'bytes 0-99/100' },
      { 'content-range': 'bytes 51-99/100' },
      { 'content-range': 'bytes 50-100/101' },
      { 'content-range': 'bytes 50-99/100', etag: '"v2"' },
      { 'content-range': 'nonsense' },
      {},
    ];
    for (const each of headers)
      expect(failing(206, each, half)).toMatchObject({ restart: true, retryable: true });
    expect(failing(416, { 'content-range': 'bytes */49' }, half)).toMatchObject({ restart: true });
    expect(failing(416, {}, half)).toMatchObject({ restart: true });
  });

  it('is complete where nothing is left to send', () => {
    expect(plan(416, { 'content-range': 'bytes */50' }, half).complete).toBe(true);
  });

  it('retries what may pass, and only that', () => {
    for (const status of [408, 425, 429, 500, 502, 503, 504])
      expect(failing(status, {}, nothing)).toMatchObject({ retryable: true, restart: false });
    for (const status of [204, 304, 400, 401, 403, 404, 410, 416, 451])
      expect(failing(status, {}, nothing)).toMatchObject({ retryable: false });
  });

  it('waits as long as the server asks, in seconds or until a date', () => {
    expect(failing(503, { 'retry-after': '7' }, nothing)).toMatchObject({ retryAfterMs: 7000 });
    expect(failing(503, { 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' }, nothing)).toMatchObject({
      retryAfterMs: 3000,
    });
    for (const past of ['Thu, 01 Jan 2015 00:00:00 GMT', 'soon', '-5'])
      expect(failing(503, { 'retry-after': past }, nothing)).toMatchObject({ retryAfterMs: 0 });
  });
});

describe('networkFailure', () => {
  it('is unreachable without a network, retryable where a connection broke', () => {
    for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'ECONNREFUSED'])
      expect(networkFailure(Object.assign(new Error(), { code }))).toMatchObject({
        unreachable: true,
        retryable: false,
        message: code,
      });
    for (const code of ['ECONNRESET', 'EPIPE'])
      expect(networkFailure(Object.assign(new Error('x'), { code }))).toMatchObject({
        unreachable: false,
        retryable: true,
      });
  });

  it('names the remedy for a certificate that is not trusted', () => {
    for (const code of ['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_HAS_EXPIRED'])
      expect(networkFailure(Object.assign(new Error('no'), { code })).message).toContain(
        'NODE_EXTRA_CA_CERTS',
      );
  });
});
