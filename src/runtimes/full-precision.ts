/**
 * On cards since Ampere NVIDIA's libraries round the factors of products to 10 bits (TF32), which moves each by up to 5e-4
 * of it, unless told not to before they are loaded. Whoever wants that can set the variable to 1.
 *
 * @see https://github.com/microsoft/onnxruntime/pull/19426
 */
export function keepFullPrecision(): void {
  process.env.NVIDIA_TF32_OVERRIDE ??= '0';
}
