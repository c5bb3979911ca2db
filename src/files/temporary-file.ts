import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A file of this run's own, in the system's folder for temporary files. */
export interface TemporaryFile {
  readonly path: string;
  /** Removes it. */
  release(): Promise<void>;
}

/** Writes a temporary file; nothing of it is left where writing fails. */
export async function temporaryFile(write: (handle: FileHandle) => Promise<void>): Promise<TemporaryFile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gan-metrics-images-'));
  const release = () => rm(folder, { recursive: true, force: true });
  const location = path.join(folder, 'content');
  try {
    const handle = await open(location, 'w');
    try {
      await write(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { path: location, release };
}
