import { createHash } from 'node:crypto';
import path from 'node:path';
import { GanMetricsError } from '../../errors';
import { hashFile } from '../store/hash-file';
import { type OnnxHeader, readOnnxHeader } from './onnx-header';

/**
 * Reads what an ONNX file declares and hashes it, with the files of weights it names beside it.
 *
 * @throws MODEL_MISSING where one of them is missing; MODEL_INVALID where it is no ONNX model or names files elsewhere
 */
export async function readOnnxFile(file: string): Promise<{ header: OnnxHeader; sha256: string }> {
  const header = await readOnnxHeader(file);
  const hash = createHash('sha256');
  for (const each of [file, ...header.dataFiles.map((name) => dataPath(file, name))]) {
    await hashFile(each, hash).catch((cause: unknown) => {
      throw new GanMetricsError('MODEL_MISSING', `${each}, a part of ${file}, cannot be read.`, { cause });
    });
  }
  return { header, sha256: hash.digest('hex') };
}

function dataPath(file: string, name: string): string {
  const folder = path.resolve(path.dirname(file));
  const resolved = path.resolve(folder, name);
  if (resolved.startsWith(folder + path.sep)) return resolved;
  throw new GanMetricsError('MODEL_INVALID', `${file} names a file of weights outside its folder: ${name}.`);
}
