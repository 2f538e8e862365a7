/** Networks small enough to read what every pass makes of them. */

const loss = 'squaredError';

/** z = W·x. */
export const single = { input: [2], layers: [{ type: 'dense', units: 1, useBias: false }], loss };

/** a = relu(W·x + b). */
export const dense = { input: [3], layers: [{ type: 'dense', units: 2, activation: 'relu' }], loss };

export const softmax = {
  input: [3],
  layers: [{ type: 'dense', units: 2, activation: 'softmax' }],
  loss: 'categoricalCrossentropy',
};

/** An image, a kernel with a border, windows of relu. */
export const pooled = {
  input: [4, 4, 1],
  layers: [
    { type: 'conv2d', filters: 2, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d', poolSize: 2 },
  ],
  loss,
};

/** A window that leaves a row and a column of the layer before unread. */
export const uneven = {
  input: [6, 6, 1],
  layers: [
    { type: 'conv2d', filters: 1, kernelSize: 2, useBias: false },
    { type: 'maxPooling2d', poolSize: 2 },
  ],
  loss,
};

/** Two kernels along a sequence, the second with a border. */
export const sequence = {
  input: [6, 2],
  layers: [
    { type: 'conv1d', filters: 4, kernelSize: 3, useBias: false },
    { type: 'conv1d', filters: 4, kernelSize: 3, padding: 'same', useBias: false },
  ],
  loss,
};

/** A kernel with a border along the input, which is a sequence shown as an image. */
export const paddedSequence = {
  input: [6, 2],
  layers: [{ type: 'conv1d', filters: 4, kernelSize: 3, padding: 'same', useBias: false }],
  loss,
};

/** The same along a sequence, whose last place no window sees. */
export const unevenSequence = {
  input: [3, 1],
  layers: [
    { type: 'conv1d', filters: 1, kernelSize: 1, useBias: false },
    { type: 'maxPooling1d', poolSize: 2 },
  ],
  loss,
};

/** A layer whose numbers a max pool reads, and a dense layer through another shape. */
export const readTwice = {
  input: [6, 6, 1],
  layers: [
    { type: 'conv2d', name: 'kernel', filters: 2, kernelSize: 3 },
    { type: 'maxPooling2d', name: 'pool', poolSize: 2 },
    { type: 'flatten', name: 'winners' },
    { type: 'dense', name: 'few', units: 2 },
    { type: 'flatten', name: 'all', inputs: ['kernel'] },
    { type: 'dense', name: 'many', units: 2 },
    { type: 'add', inputs: ['few', 'many'] },
  ],
  loss,
};
