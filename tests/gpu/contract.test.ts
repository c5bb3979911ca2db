import { testRuntime } from '../runtimes/contract';
import { withoutWebGpu } from '../runtimes/webgpu';

const missing = await withoutWebGpu();
testRuntime('onnxruntime', 'webgpu', { sameBits: false, missing });
testRuntime('tfjs', 'webgpu', { sameBits: false, missing });
testRuntime('onnxruntime', 'cuda', { sameBits: false });
testRuntime('tfjs-node-gpu', 'cuda', { sameBits: false });
