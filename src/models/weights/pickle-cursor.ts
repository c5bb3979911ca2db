import { corruptFile } from '../../files/corrupt-file';

const LONGEST_LINE = 4096;

/** Reads little-endian fields one after another; running off the end is CORRUPT_FILE. */
export class PickleCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  at: number;

  constructor(bytes: Uint8Array, at: number, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.at = at;
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** Exact up to 2⁵³; more is beyond the end of any file. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** Pickles keep floats big-endian. */
  bigEndianFloat64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  /** A view, not a copy. */
  bytes(count: number): Uint8Array {
    const from = this.#advance(count);
    return this.#bytes.subarray(from, from + count);
  }

  text(count: number, encoding: 'utf8' | 'latin1' = 'utf8'): string {
    return Buffer.from(this.bytes(count)).toString(encoding);
  }

  line(): string {
    const end = this.#bytes.subarray(0, this.at + LONGEST_LINE).indexOf(0x0a, this.at);
    if (end < 0) throw corruptFile(this.#file, `the line at byte ${this.at} of its pickle has no end`);
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }

  #advance(count: number): number {
    const from = this.at;
    if (count > this.#bytes.byteLength - from) {
      throw corruptFile(
        this.#file,
        `it ends early: ${count} bytes are needed at byte ${from} but ${this.#bytes.byteLength - from} are left`,
      );
    }
    this.at += count;
    return from;
  }
}
