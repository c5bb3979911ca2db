import { invalidOption } from '../../errors';
import type { Environment } from './cache-folder';

/** A weight file somebody publishes, and what is known about it beforehand. */
export interface PublishedModel {
  readonly id: string;
  /** Where it is published, in the order to try; the last part of the first path is the file's name. */
  readonly urls: readonly string[];
  /** SHA-256 (hex) of the file, or as many of its first digits as are known. */
  readonly sha256: string;
  /** Size of the file, where it is known. */
  readonly bytes?: number;
  /** Counts the changes of what the conversion makes of the file: a model made by another one is outdated. */
  readonly conversion: number;
}

/**
 * The InceptionV3 of the FID (TensorFlow's graph of 2015-12-05), ported to PyTorch. Both addresses offer
 * the same bytes; the name carries the first eight digits of their SHA-256.
 *
 * @see https://github.com/mseitzer/pytorch-fid, https://github.com/toshas/torch-fidelity
 */
export const inceptionV3: PublishedModel = {
  id: 'inception-v3',
  urls: [
    'https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth',
    'https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/weights-inception-2015-12-05-6726825d.pth',
  ],
  sha256: '6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2',
  bytes: 95_628_359,
  conversion: 1,
};

/** Every model that can be pulled. */
export const publishedModels: readonly PublishedModel[] = [inceptionV3];

/** The file name a published model has at its first address. */
export function publishedFileName(model: PublishedModel): string {
  return new URL(model.urls[0]!).pathname.split('/').pop()!;
}

/**
 * The addresses to try, in order: the mirror that GAN_METRICS_MIRROR names (a folder, to which the file
 * name is appended, or the address of the `.pth` file itself), then those of the publishers.
 *
 * @throws INVALID_OPTION if the mirror is not an http: or https: address
 */
export function sourcesOf(model: PublishedModel, env: Environment = process.env): readonly URL[] {
  const published = model.urls.map((url) => new URL(url));
  const mirror = env.GAN_METRICS_MIRROR;
  return mirror ? [mirrorUrl(mirror, publishedFileName(model)), ...published] : published;
}

function mirrorUrl(mirror: string, fileName: string): URL {
  const url = URL.canParse(mirror) ? new URL(mirror) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw invalidOption('GAN_METRICS_MIRROR', 'an http: or https: address', mirror);
  if (!url.pathname.endsWith('.pth')) url.pathname = url.pathname.replace(/\/?$/, `/${fileName}`);
  return url;
}

/** An address as it may be shown and stored: without user, password and query, which can be secrets. */
export function publicUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
