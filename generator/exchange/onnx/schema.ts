import type { Field, MessageType } from '../protobuf.ts';

/** The messages of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that longhand reads or writes. */

const one = (name: string, holds: Field['holds']): Field => ({ name, holds });
const several = (name: string, holds: Field['holds']): Field => ({ name, holds, repeated: true });

const entryType: MessageType = () => ({ 1: one('key', 'string'), 2: one('value', 'string') });

const tensorType: MessageType = () => ({
  1: several('dims', 'int'),
  2: one('dataType', 'int'),
  4: several('floatData', 'float'),
  5: several('int32Data', 'int'),
  7: several('int64Data', 'int'),
  8: one('name', 'string'),
  9: one('rawData', 'bytes'),
  10: several('doubleData', 'double'),
  11: several('uint64Data', 'int'),
  13: several('externalData', entryType),
  14: one('dataLocation', 'int'),
});

const attributeType: MessageType = () => ({
  1: one('name', 'string'),
  2: one('f', 'float'),
  3: one('i', 'int'),
  4: one('s', 'bytes'),
  5: one('t', tensorType),
  6: one('g', 'bytes'),
  7: several('floats', 'float'),
  8: several('ints', 'int'),
  9: several('strings', 'bytes'),
  20: one('type', 'int'),
  21: one('refAttrName', 'string'),
});

const nodeType: MessageType = () => ({
  1: several('input', 'string'),
  2: several('output', 'string'),
  3: one('name', 'string'),
  4: one('opType', 'string'),
  5: several('attribute', attributeType),
  7: one('domain', 'string'),
  8: one('overload', 'string'),
});

const dimensionType: MessageType = () => ({ 1: one('value', 'int'), 2: one('parameter', 'string') });
const shapeType: MessageType = () => ({ 1: several('dim', dimensionType) });
const tensorTypeType: MessageType = () => ({ 1: one('elemType', 'int'), 2: one('shape', shapeType) });
const typeType: MessageType = () => ({ 1: one('tensorType', tensorTypeType) });
const valueInfoType: MessageType = () => ({ 1: one('name', 'string'), 2: one('type', typeType) });

export const graphType: MessageType = () => ({
  1: several('node', nodeType),
  2: one('name', 'string'),
  5: several('initializer', tensorType),
  11: several('input', valueInfoType),
  12: several('output', valueInfoType),
});

const operatorSetType: MessageType = () => ({ 1: one('domain', 'string'), 2: one('version', 'int') });

const functionType: MessageType = () => ({
  1: one('name', 'string'),
  4: several('input', 'string'),
  5: several('output', 'string'),
  7: several('node', nodeType),
  10: one('domain', 'string'),
  11: several('attributeProto', attributeType),
  13: one('overload', 'string'),
});

export const modelType: MessageType = () => ({
  1: one('irVersion', 'int'),
  2: one('producerName', 'string'),
  3: one('producerVersion', 'string'),
  7: one('graph', graphType),
  8: several('opsetImport', operatorSetType),
  14: several('metadataProps', entryType),
  25: several('functions', functionType),
});

export interface Entry {
  readonly key?: string;
  readonly value?: string;
}

export interface TensorProto {
  readonly dims: readonly number[];
  readonly dataType?: number;
  readonly floatData?: readonly number[];
  readonly int32Data?: readonly number[];
  readonly int64Data?: readonly number[];
  readonly doubleData?: readonly number[];
  readonly uint64Data?: readonly number[];
  readonly name?: string;
  readonly rawData?: Uint8Array;
  readonly externalData?: readonly Entry[];
  readonly dataLocation?: number;
}

export interface AttributeProto {
  readonly name?: string;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly t?: TensorProto;
  /** A graph within, undecoded: it is read where a branch is known to be taken. */
  readonly g?: Uint8Array;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  readonly strings?: readonly Uint8Array[];
  readonly type?: number;
  /** Within a function: the attribute of the call that this one stands for. */
  readonly refAttrName?: string;
}

export interface NodeProto {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name?: string;
  readonly opType?: string;
  readonly attribute: readonly AttributeProto[];
  readonly domain?: string;
  /** Which of the functions of one name it calls. */
  readonly overload?: string;
}

export interface ValueInfoProto {
  readonly name?: string;
  readonly type?: {
    readonly tensorType?: {
      readonly elemType?: number;
      readonly shape?: { readonly dim: readonly { readonly value?: number; readonly parameter?: string }[] };
    };
  };
}

export interface GraphProto {
  readonly node: readonly NodeProto[];
  readonly name?: string;
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}

export interface FunctionProto {
  readonly name?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly node: readonly NodeProto[];
  readonly domain?: string;
  readonly overload?: string;
  /** Attributes with the values that they have where a call does not give them. */
  readonly attributeProto: readonly AttributeProto[];
}

export interface ModelProto {
  readonly irVersion?: number;
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly graph?: GraphProto;
  readonly opsetImport: readonly { readonly domain?: string; readonly version?: number }[];
  readonly metadataProps: readonly Entry[];
  readonly functions: readonly FunctionProto[];
}
