/** The part of WebAssembly that is used: the language's own library leaves it to DOM and Node. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    readonly buffer: ArrayBuffer;
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
  }
  class Instance {
    readonly exports: Record<string, (...values: number[]) => number>;
    constructor(module: Module, imports: { env: { memory: Memory } });
  }
}
