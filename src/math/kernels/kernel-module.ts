/// <reference path="./webassembly.d.ts" />
import { binary, sharedBinary } from './binary';

const modules = new Map<string, WebAssembly.Module | undefined>();

/**
 * The compiled kernels, for a memory of one thread or one that threads share; undefined where the platform has
 * no WebAssembly, no SIMD, no threads, or forbids compilation.
 */
export function kernelModule(kind: 'alone' | 'shared'): WebAssembly.Module | undefined {
  if (!modules.has(kind)) modules.set(kind, compiled(kind === 'alone' ? binary : sharedBinary));
  return modules.get(kind);
}

function compiled(text: string): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    // No such object, no SIMD, or a content security policy without 'wasm-unsafe-eval'.
    return undefined;
  }
}
