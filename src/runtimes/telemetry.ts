/**
 * From 1.30 on onnxruntime reports its use to its maker, with an identifier it keeps on the disk, unless told not to
 * before it is loaded. Whoever wants that can set the variable to 0. Threads share what the main thread has set.
 *
 * @see https://github.com/microsoft/onnxruntime/pull/27379
 */
export function disableTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
}
