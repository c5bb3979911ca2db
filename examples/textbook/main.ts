/** `tsx examples/textbook/main.ts [name …]`: runs the demonstrations and draws their figures into docs/gallery. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { demonstrations } from './demonstrations';

const folder = new URL('../../docs/gallery/', import.meta.url);
mkdirSync(folder, { recursive: true });
const asked = process.argv.slice(2);
for (const [name, { run, missing }] of Object.entries(demonstrations)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  if (missing) {
    console.log(`${name}: left out, needs ${missing}`);
    continue;
  }
  const { svg, numbers } = await run({ small: false });
  writeFileSync(new URL(`${name}.svg`, folder), svg);
  console.log(name, numbers);
}
