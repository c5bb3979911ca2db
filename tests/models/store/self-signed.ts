import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';

/**
 * A key and a certificate for 127.0.0.1, made anew for every test: kept ones would run out, and a private
 * key has no place in a repository.
 *
 * @see RFC 5280, section 4.1
 */
export function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(0x30, der(0x06, hex('2a8648ce3d040302')));
  const commonName = der(0x30, der(0x06, hex('550403')), der(0x0c, Buffer.from('gan-metrics tests')));
  const name = der(0x30, der(0x31, commonName));
  const time = (ms: number) =>
    der(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')}`));
  const dayMs = 86_400_000;
  const isAuthority = extension('551d13', der(0x30, der(0x01, hex('ff'))));
  const forLoopback = extension('551d11', der(0x30, der(0x87, Buffer.from([127, 0, 0, 1]))));
  const body = der(
    0x30,
    der(0xa0, der(0x02, hex('02'))),
    der(0x02, hex('01')),
    ecdsaWithSha256,
    name,
    der(0x30, time(Date.now() - dayMs), time(Date.now() + dayMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, isAuthority, forLoopback)),
  );
  const signature = Buffer.concat([hex('00'), sign('sha256', body, privateKey)]);
  const certificate = new X509Certificate(der(0x30, body, ecdsaWithSha256, der(0x03, signature)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificate.toString(),
  };
}

function extension(id: string, value: Buffer): Buffer {
  return der(0x30, der(0x06, hex(id)), der(0x04, value));
}

/** Tag, length, contents. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const contents = Buffer.concat(parts);
  const { length } = contents;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), contents]);
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
