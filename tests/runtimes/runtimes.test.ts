import { testRuntime } from './contract';

testRuntime('onnxruntime', 'cpu');
testRuntime('onnxruntime', 'cuda');
testRuntime('tfjs', 'cpu');
testRuntime('tfjs', 'webgpu');
testRuntime('tfjs-node', 'cpu');
testRuntime('tfjs-node-gpu', 'cuda');
