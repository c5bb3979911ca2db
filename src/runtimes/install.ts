/** Installs onnxruntime; its own install script only downloads CUDA libraries, and fails where it cannot. */
export const INSTALL_ONNXRUNTIME = 'ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node';
