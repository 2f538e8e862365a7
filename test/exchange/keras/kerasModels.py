"""Writes small.h5 and small.keras with h5py in the layout of Keras 2.15 and Keras 3, without Keras.

    python3 kerasModels.py FOLDER
"""
import io
import json
import sys
import zipfile
import h5py
import numpy as np

random = np.random.default_rng(1)


def draw(*shape):
    return random.standard_normal(shape).astype('float32')


weights = {
    'first': [('kernel', draw(3, 3, 2, 4)), ('bias', draw(4))],
    'norm': [('gamma', draw(4)), ('beta', draw(4)), ('moving_mean', draw(4)), ('moving_variance', draw(4) ** 2)],
    'depth': [('depthwise_kernel', draw(2, 2, 4, 1))],
    'scores': [('kernel', draw(16, 3)), ('bias', draw(3))],
}


def layer(kind, name, before, config):
    node = [[[one, 0, 0, {}] for one in before]] if before else []
    return {'class_name': kind, 'name': name, 'config': {'name': name, **config}, 'inbound_nodes': node}


layers = [
    layer('InputLayer', 'image', [], {'batch_input_shape': [None, 8, 8, 2], 'dtype': 'float32'}),
    layer('Conv2D', 'first', ['image'], {
        'filters': 4, 'kernel_size': [3, 3], 'strides': [2, 2], 'padding': 'same', 'data_format': 'channels_last',
        'dilation_rate': [1, 1], 'groups': 1, 'activation': 'linear', 'use_bias': True}),
    layer('BatchNormalization', 'norm', ['first'], {'axis': [3], 'epsilon': 0.001, 'center': True, 'scale': True}),
    layer('ReLU', 'relu', ['norm'], {'max_value': 6.0, 'negative_slope': 0.0, 'threshold': 0.0}),
    layer('DepthwiseConv2D', 'depth', ['relu'], {
        'kernel_size': [2, 2], 'strides': [1, 1], 'padding': 'same', 'data_format': 'channels_last',
        'dilation_rate': [1, 1], 'depth_multiplier': 1, 'activation': 'hard_sigmoid', 'use_bias': False}),
    layer('Add', 'sum', ['relu', 'depth'], {}),
    layer('AveragePooling2D', 'pool', ['sum'], {'pool_size': [2, 2], 'strides': [2, 2], 'padding': 'valid', 'data_format': 'channels_last'}),
    layer('Dropout', 'dropout', ['pool'], {'rate': 0.5}),
    layer('Flatten', 'flat', ['dropout'], {'data_format': 'channels_last'}),
    layer('Dense', 'scores', ['flat'], {'units': 3, 'activation': 'softmax', 'use_bias': True}),
]
config = {'class_name': 'Functional', 'config': {
    'name': 'small', 'layers': layers, 'input_layers': [['image', 0, 0]], 'output_layers': [['scores', 0, 0]]}}


def write_h5(path):
    with h5py.File(path, 'w') as file:
        file.attrs['keras_version'] = b'2.15.0'
        file.attrs['backend'] = b'tensorflow'
        file.attrs['model_config'] = json.dumps(config).encode()
        root = file.create_group('model_weights')
        root.attrs['layer_names'] = np.array([one['name'].encode() for one in layers])
        for one in layers:
            group = root.create_group(one['name'])
            own = weights.get(one['name'], [])
            names = [f"{one['name']}/{kind}:0" for kind, _ in own]
            group.attrs['weight_names'] = np.array([name.encode() for name in names]) if names else np.zeros(0)
            for name, (_, values) in zip(names, own):
                group.create_dataset(name, data=values)


def write_keras(path):
    data = io.BytesIO()
    with h5py.File(data, 'w') as file:
        root = file.create_group('layers')
        places = {'first': 'conv2d', 'norm': 'batch_normalization', 'depth': 'depthwise_conv2d', 'scores': 'dense'}
        for name, place in places.items():
            group = root.create_group(place).create_group('vars')
            for n, (_, values) in enumerate(weights[name]):
                group.create_dataset(str(n), data=values, compression='gzip' if n == 0 else None, shuffle=n == 0)
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('metadata.json', json.dumps({'keras_version': '2.15.0'}))
        archive.writestr('config.json', json.dumps(config))
        archive.writestr('model.weights.h5', data.getvalue())


folder = sys.argv[1]
write_h5(f'{folder}/small.h5')
write_keras(f'{folder}/small.keras')
json.dump({name: [values.tolist() for _, values in own] for name, own in weights.items()}, open(f'{folder}/small.json', 'w'))
