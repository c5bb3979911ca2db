import * as core from '@tensorflow/tfjs-core';
import { testRuntime } from '../contract';
import { testPreprocessing } from '../preprocessing-on';
import { testTensors } from '../tensor-contract';
import { missing } from './installed';

// A tfjs-node that brings a tfjs of its own would warn of every kernel that ours has registered before.
core.enableProdMode();

testRuntime('tfjs-node', 'cpu', { sameBits: false });
testTensors('tfjs-node', 'cpu', missing);
testPreprocessing('tfjs-node', 'cpu', { missing });
