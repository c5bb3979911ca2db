import { readdirSync, readFileSync, statSync } from 'node:fs';
import { decode } from 'fast-png';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { FAMILY_NAMES } from '../fixtures/generator/families';
import { COUNT, drawImage, FOLDERS, type ImagePlan, planFolder } from '../fixtures/generator/images';
import { encodePng } from '../fixtures/generator/png';
import { projectFile } from './reference';

const folder = (name: string): string => projectFile('fixtures', name);
const file = (plan: ImagePlan): string => projectFile('fixtures', plan.folder, plan.name);

/** A few small files, spread over the folder. */
const some = (name: (typeof FOLDERS)[number], format: 'png' | 'jpg', count: number): ImagePlan[] => {
  const plans = planFolder(name).filter((plan) => plan.format === format && plan.width === 32);
  return Array.from({ length: count }, (_, i) => plans[Math.floor((i * plans.length) / count)]!);
};

describe('the fixture images', () => {
  it.each(FOLDERS)('in fixtures/%s are the planned files and no others, 128 at least', (name) => {
    const planned = planFolder(name).map((plan) => plan.name);
    expect(readdirSync(folder(name)).sort()).toEqual(planned.sort());
    expect(planned.length).toBe(COUNT);
    expect(COUNT).toBeGreaterThanOrEqual(128);
  });

  it('take at most 1.5 MB together', () => {
    const bytes = FOLDERS.flatMap(planFolder).map((plan) => statSync(file(plan)).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1.5e6);
  });

  it('have the same sizes and formats in both folders', async () => {
    const kinds = await Promise.all(
      FOLDERS.map(async (name) => {
        const found = await Promise.all(planFolder(name).map((plan) => sharp(file(plan)).metadata()));
        return found.map(({ format, width, height }) => `${format} ${width}x${height}`).sort();
      }),
    );
    expect(kinds[1]).toEqual(kinds[0]);
    expect(new Set(kinds[0]).size).toBeGreaterThan(4);
  });

  it.each(FOLDERS)('in fixtures/%s that are PNG are the bytes the script writes', (name) => {
    for (const plan of some(name, 'png', 5)) {
      expect(Buffer.compare(readFileSync(file(plan)), encodePng(drawImage(plan))), plan.name).toBe(0);
    }
  });

  it.each(FOLDERS)('in fixtures/%s that are JPEG show what the script draws', async (name) => {
    for (const plan of some(name, 'jpg', 2)) {
      // Quality 90 with color at half resolution is 4 to 18 levels off on average; another picture over 40.
      const { data } = drawImage(plan);
      const stored = await sharp(file(plan)).raw().toBuffer();
      const difference = data.reduce((sum, value, i) => sum + Math.abs(value - stored[i]!), 0) / data.length;
      expect(difference, plan.name).toBeLessThan(25);
    }
  });

  it('of the real folder show every family equally often, without a flaw', () => {
    const plans = planFolder('real');
    for (const family of FAMILY_NAMES) {
      expect(plans.filter((plan) => plan.family === family)).toHaveLength(COUNT / FAMILY_NAMES.length);
    }
    expect(plans.every((plan) => !plan.structural && !plan.textural)).toBe(true);
  });

  it('of the fake folder all have a flaw, and two families take over', () => {
    const plans = planFolder('fake');
    expect(plans.every((plan) => plan.structural ?? plan.textural)).toBe(true);
    const collapsed = plans.filter((plan) => plan.family === 'house' || plan.family === 'boat');
    expect(collapsed.length).toBeGreaterThan(COUNT / 3);
  });

  it('come back from a PNG decoder as they were drawn', () => {
    for (const plan of some('fake', 'png', 3)) {
      const image = drawImage(plan);
      const decoded = decode(encodePng(image), { checkCrc: true });
      expect({ width: decoded.width, height: decoded.height, channels: decoded.channels }).toEqual({
        width: image.width,
        height: image.height,
        channels: 3,
      });
      expect(Buffer.compare(decoded.data as Uint8Array, image.data)).toBe(0);
    }
  });
});
