import type { LayerIo } from './io.ts';
import type { LayerOf } from './writer.ts';

/** By scales, as the batch is of any size: of each the float32 that gives the size wanted. */
export function resize(
  io: LayerIo,
  output: readonly number[],
  o: Omit<LayerOf<'upSampling2d'>['options'], 'size'>,
  coordinates: string,
): void {
  const scales = [0, 1].map((axis) => {
    const scale = Math.fround(output[axis]! / io.inputShape[axis]!);
    return Math.floor(scale * io.inputShape[axis]!) === output[axis] ? scale : Math.fround(scale * (1 + 2 ** -22));
  });
  const rounding =
    coordinates === 'half_pixel'
      ? 'round_prefer_ceil'
      : coordinates === 'align_corners'
        ? 'round_prefer_ceil'
        : 'floor';
  const mode = { nearest: 'nearest', bilinear: 'linear', bicubic: 'cubic' }[o.interpolation];
  const cubic = {
    cubic_coeff_a: { float: o.cubicCoefficient ?? -0.5 },
    exclude_outside: (o.excludeOutside ?? true) ? 1 : 0,
  };
  const attributes = {
    mode,
    coordinate_transformation_mode: coordinates,
    nearest_mode: rounding,
    ...(mode === 'cubic' ? cubic : {}),
  };
  io.giveFirst(io.node('Resize', [io.first(), '', io.floats([1, 1, ...scales])], attributes));
}

/** In either order of the channels; ONNX has one of them. */
export function spaceToDepth(io: LayerIo, block: number, order: string): void {
  const [height, width, channels] = io.inputShape as readonly [number, number, number];
  if (order === 'dcr') {
    io.giveFirst(io.node('SpaceToDepth', [io.first()], { blocksize: block }));
    return;
  }
  const parts = [-1, channels, height / block, block, width / block, block];
  const split = io.node('Reshape', [io.first(), io.integers(parts)]);
  const moved = io.node('Transpose', [split], { perm: [0, 1, 3, 5, 2, 4] });
  io.giveFirst(io.node('Reshape', [moved, io.integers([-1, channels * block * block, height / block, width / block])]));
}
