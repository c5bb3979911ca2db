import { createHash } from 'node:crypto';

export function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A picture with no two rows, columns or channels alike. */
export function picture(width: number, height: number): { width: number; height: number; data: Uint8Array } {
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => (i * i * 7 + (i % 3) * 41 + i) % 256,
  );
  return { width, height, data };
}
