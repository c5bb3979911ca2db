import { testRuntime } from './contract';
import { withoutWebGpu } from './webgpu';

testRuntime('onnxruntime', 'cpu', { sameBits: true });
testRuntime('onnxruntime', 'cuda', { sameBits: false });
testRuntime('tfjs', 'cpu', { sameBits: true });
testRuntime('tfjs-node-gpu', 'cuda', { sameBits: false });

const missing = await withoutWebGpu();
testRuntime('onnxruntime', 'webgpu', { sameBits: false, missing });
testRuntime('tfjs', 'webgpu', { sameBits: false, missing });
