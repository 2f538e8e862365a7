import type { LayerKind } from '../../../layers/registry.ts';
import type { Layer } from '../../../spec/network.ts';
import type { LayerIo } from './io.ts';

/** The layer of one kind. */
export type LayerOf<K extends LayerKind> = Extract<Layer, { readonly type: K }>;

/** Writes a layer's nodes and hands their result to `io`. */
export type Writer<K extends LayerKind> = (options: LayerOf<K>['options'], io: LayerIo) => void;
