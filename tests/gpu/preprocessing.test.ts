import { testPreprocessing } from '../runtimes/preprocessing-on';
import { withoutWebGpu } from '../runtimes/webgpu';

const missing = await withoutWebGpu();
testPreprocessing('onnxruntime', 'webgpu', { missing });
testPreprocessing('tfjs', 'webgpu', { missing });
testPreprocessing('onnxruntime', 'cuda');
testPreprocessing('tfjs-node-gpu', 'cuda');
