import { testPreprocessing } from '../runtimes/preprocessing-on';

testPreprocessing('onnxruntime', 'cpu');
testPreprocessing('tfjs', 'cpu');
