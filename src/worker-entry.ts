/**
 * The script of a thread, by its name among the entries of the build. From source (tests) it is the built one too, as
 * Node cannot start a thread on TypeScript.
 */
export function workerEntry(name: string): URL {
  const folder = import.meta.url.endsWith('.ts') ? '../dist' : '.';
  return new URL(`${folder}/${name}.js`, import.meta.url);
}
