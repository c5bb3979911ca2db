import { testTensors } from './tensor-contract';

testTensors('tfjs', 'cpu');
