import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Game } from './game';
import type { Tfjs } from './open-backend';

/** Writes the game as it stands after a step, in place of the one before. */
export async function writeCheckpoint(
  { tf }: Tfjs,
  game: Game,
  { folder, step }: { folder: string; step: number },
): Promise<void> {
  const state = await game.state();
  const { data, specs } = await tf.io.encodeWeights(state.map((tensor, i) => ({ name: String(i), tensor })));
  // Weights and moments are the game's; the optimizers' counts are made for this call.
  tf.dispose(state.filter((tensor) => !(tensor instanceof tf.Variable)));
  const header = Buffer.from(JSON.stringify({ step, specs }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const file = path.join(folder, FILE);
  writeFileSync(`${file}.new`, Buffer.concat([length, header, Buffer.from(data)]));
  renameSync(`${file}.new`, file);
}

/** @returns the step that training goes on from: 0 where there is no checkpoint */
export async function readCheckpoint(
  { tf }: Tfjs,
  game: Game,
  { folder }: { folder: string },
): Promise<number> {
  const file = path.join(folder, FILE);
  if (!existsSync(file)) return 0;
  const bytes = readFileSync(file);
  const start = 4 + bytes.readUInt32LE(0);
  const { step, specs } = JSON.parse(bytes.toString('utf8', 4, start));
  const weights = tf.io.decodeWeights(new Uint8Array(bytes.subarray(start)).buffer, specs);
  const state = specs.map(({ name }: { name: string }) => weights[name]);
  await game.restore([...state]);
  tf.dispose(state);
  return step;
}

const FILE = 'checkpoint.bin';
