/** Two convolutions, what stands between them, and a way around: as in ResNet8. */
export const block = (size: number) => ({
  name: 'block',
  input: [size, size, 8],
  layers: [
    { type: 'conv2d', name: 'a', filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'conv2d', name: 'b', filters: 8, kernelSize: 3, padding: 'same' },
    { type: 'add', inputs: ['b', 'input'] },
    { type: 'activation', activation: 'relu' },
    { type: 'globalAveragePooling2d' },
  ],
  loss: 'meanSquaredError',
});
