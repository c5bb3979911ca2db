import { testRuntime } from './contract';

// GPUs: tests/gpu/contract.test.ts.
testRuntime('onnxruntime', 'cpu', { sameBits: true });
testRuntime('tfjs', 'cpu', { sameBits: true });
