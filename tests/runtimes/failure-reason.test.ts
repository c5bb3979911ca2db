import { describe, expect, test } from 'vitest';
import { reasonOfMessage, runFailure } from '../../src/runtimes/failure-reason';

describe('the reason of a failure', () => {
  // As Dawn, onnxruntime, CUDA, the TensorFlow library and Node word them.
  test.each([
    'vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY',
    'Buffer size (1107296256) exceeds the max buffer size limit (1073741824).',
    'WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid due to a previous error.',
    'numbers_storage_buffers_ <= limits_.maxStorageBuffersPerShaderStage was false. Too many storage buffers in shader.',
    'bfc_arena.cc:376 Failed to allocate memory for requested buffer of size 411041792',
    'CUDA failure 2: out of memory ; GPU=0',
    'OOM when allocating tensor with shape[64,147,147,64] and type float on /job:localhost',
    'Array buffer allocation failed',
  ])('is memory: %s', (message) => {
    expect(reasonOfMessage(message)).toBe('out-of-memory');
  });

  test.each([
    'Device was lost: the driver was reset.',
    '[Device] is lost.',
    'vkQueueSubmit failed with VK_ERROR_DEVICE_LOST',
    'CUDA failure 700: an illegal memory access was encountered ; GPU=0',
  ])('is a lost device: %s', (message) => {
    expect(reasonOfMessage(message)).toBe('device-lost');
  });

  test.each([
    'Non-zero status code returned while running Conv node.',
    'Input channel count mismatch',
    'room: no such layer',
  ])('is not known: %s', (message) => {
    expect(reasonOfMessage(message)).toBeUndefined();
  });

  test('stands in the error, with what can be done', () => {
    const error = runFailure('engine could not run m', 'CUDA failure 2: out of memory');
    expect(error).toMatchObject({
      code: 'RUNTIME_FAILED',
      message: expect.stringMatching(
        /^engine could not run m: CUDA failure 2: out of memory\. .*--batch-size/,
      ),
      details: { reason: 'out-of-memory' },
    });
  });
});
