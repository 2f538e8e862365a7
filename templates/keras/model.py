"""{{NAME}} in Keras: written by longhand; change the spec, not this file.

    model = build()
    load_safetensors(model, '{{NAME}}.safetensors')
"""
import json
import struct

import numpy as np
from keras import Input, Model, layers


def build():
    v_input = Input({{INPUT}}, name='input')
{{LAYERS}}
    return Model(v_input, {{OUTPUT}}, name='{{NAME}}')


SHAPES = {
{{SHAPES}}
}

# The parameters of the spec that each layer takes, in Keras' order.
PARAMETERS = {
{{TABLE}}
}


def load_safetensors(model, path):
    """Takes the weights of a .safetensors file that longhand wrote."""
    with open(path, 'rb') as file:
        (length,) = struct.unpack('<Q', file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    for layer, names in PARAMETERS.items():
        arrays = []
        for name, own in zip(names, model.get_layer(layer).weights):
            begin, end = header[name]['data_offsets']
            kind = {'F32': '<f4', 'F64': '<f8'}[header[name]['dtype']]
            arrays.append(np.frombuffer(data[begin:end], dtype=kind).reshape(own.shape))
        model.get_layer(layer).set_weights(arrays)


def save_safetensors(model, path):
    """Writes the weights with the names of the spec, in float32."""
    header, chunks, end = {}, [], 0
    for layer, names in PARAMETERS.items():
        for name, values in zip(names, model.get_layer(layer).get_weights()):
            chunk = np.ascontiguousarray(values, dtype='<f4').tobytes()
            shape = SHAPES[name]
            header[name] = {'dtype': 'F32', 'shape': shape, 'data_offsets': [end, end + len(chunk)]}
            chunks.append(chunk)
            end += len(chunk)
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + b''.join(chunks))
