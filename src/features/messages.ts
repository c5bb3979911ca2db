import type { PlainError } from '../errors';
import type { BadImage } from '../images/check-images';
import type { ImageFile } from '../images/find-images';
import type { ImageSize, InputForm, Preprocessing } from '../images/image';
import type { Model, OutputName } from '../models/model';
import type { Device, RuntimeName } from '../runtimes/runtime';

/** What every worker is started with. */
export interface WorkerSetup {
  readonly preprocessing: Preprocessing;
  readonly form: InputForm;
  /** Absent where the network runs in the main thread and workers only prepare its input. */
  readonly network?: {
    readonly model: Model;
    readonly outputs: readonly OutputName[];
    readonly runtime: RuntimeName;
    readonly device: Device;
  };
}

/** A batch to be worked on. */
export interface Batch {
  readonly files: readonly ImageFile[];
  /** The network prepares images of this size itself: where all of the batch have it, their pixels are packed. */
  readonly packable?: ImageSize | undefined;
}

export interface BatchTask extends Batch {
  readonly id: number;
}

/** What a worker made of a batch: network outputs, or the network's input, for the images it could read. */
export interface BatchReply {
  readonly id: number;
  /** The files that were read, in order: row i of every output belongs to `files[i]`. */
  readonly files: readonly ImageFile[];
  readonly failures: readonly BadImage[];
  readonly outputs?: Readonly<Record<string, Float32Array>>;
  readonly pixels?: Float32Array;
  /** The size of the images, where `pixels` are packed and not prepared. */
  readonly packed?: ImageSize | undefined;
}

export interface ErrorReply {
  /** The batch that failed; absent where the network could not be opened. */
  readonly id?: number;
  readonly error: PlainError;
}

export type WorkerReply = { readonly ready: true } | BatchReply | ErrorReply;
