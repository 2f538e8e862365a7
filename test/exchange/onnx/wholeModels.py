"""Models that people know, whole, with random weights: written to FOLDER as NAME.onnx and NAME.json, numbers by PyTorch.

mnist8 is put together as CNTK wrote it for the ONNX model zoo (opset 8, weights among the inputs, SAME_UPPER); the others are
exported by PyTorch with any number of samples. Sizes and layers: github.com/onnx/models (mnist-8, SqueezeNet 1.1),
github.com/mlcommons/tiny (the four reference models), LeCun et al. 1998, Howard et al. 2017 and 2019, Sandler et al. 2018,
Ronneberger et al. 2015.

    python3 wholeModels.py FOLDER
"""
import json
import sys

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper
from torch import nn

from torchModels import Net, settle, short


def block(i, o, k=3, s=1, g=1, act=nn.ReLU, p=None):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2 if p is None else p, groups=g, bias=False), nn.BatchNorm2d(o), act())


def mnist8(folder):
    shapes = {'Parameter5': (8, 1, 5, 5), 'Parameter6': (8, 1, 1), 'Parameter87': (16, 8, 5, 5), 'Parameter88': (16, 1, 1),
              'Parameter193': (16, 4, 4, 10), 'Parameter194': (1, 10)}
    w = {name: torch.randn(*shape) * 0.3 for name, shape in shapes.items()}
    ints = {'Pooling160_Output_0_reshape0_shape': [1, 256], 'Parameter193_reshape1_shape': [256, 10]}
    tensors = [numpy_helper.from_array(value.numpy(), name) for name, value in w.items()]
    tensors += [numpy_helper.from_array(np.array(value, dtype=np.int64), name) for name, value in ints.items()]
    conv = dict(kernel_shape=[5, 5], strides=[1, 1], auto_pad='SAME_UPPER', group=1, dilations=[1, 1])
    pool = dict(pads=[0, 0, 0, 0], auto_pad='NOTSET')
    make = helper.make_node
    nodes = [
        make('Reshape', ['Parameter193', 'Parameter193_reshape1_shape'], ['Parameter193_reshape1']),
        make('Conv', ['Input3', 'Parameter5'], ['Convolution28_Output_0'], **conv),
        make('Add', ['Convolution28_Output_0', 'Parameter6'], ['Plus30_Output_0']),
        make('Relu', ['Plus30_Output_0'], ['ReLU32_Output_0']),
        make('MaxPool', ['ReLU32_Output_0'], ['Pooling66_Output_0'], kernel_shape=[2, 2], strides=[2, 2], **pool),
        make('Conv', ['Pooling66_Output_0', 'Parameter87'], ['Convolution110_Output_0'], **conv),
        make('Add', ['Convolution110_Output_0', 'Parameter88'], ['Plus112_Output_0']),
        make('Relu', ['Plus112_Output_0'], ['ReLU114_Output_0']),
        make('MaxPool', ['ReLU114_Output_0'], ['Pooling160_Output_0'], kernel_shape=[3, 3], strides=[3, 3], **pool),
        make('Reshape', ['Pooling160_Output_0', 'Pooling160_Output_0_reshape0_shape'], ['Pooling160_Output_0_reshape0']),
        make('MatMul', ['Pooling160_Output_0_reshape0', 'Parameter193_reshape1'], ['Times212_Output_0']),
        make('Add', ['Times212_Output_0', 'Parameter194'], ['Plus214_Output_0']),
    ]
    info = helper.make_tensor_value_info
    inputs = [info('Input3', 1, [1, 1, 28, 28])] + [info(t.name, t.data_type, list(t.dims)) for t in tensors]
    graph = helper.make_graph(nodes, 'CNTKGraph', inputs, [info('Plus214_Output_0', 1, [1, 10])], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 8)], producer_name='CNTK')
    model.ir_version = 3
    open(f'{folder}/mnist8.onnx', 'wb').write(model.SerializeToString())
    x = torch.randn(1, 1, 28, 28)
    y = F.max_pool2d(F.relu(F.conv2d(x, w['Parameter5'], padding=2) + w['Parameter6']), 2)
    y = F.max_pool2d(F.relu(F.conv2d(y, w['Parameter87'], padding=2) + w['Parameter88']), 3)
    put(folder, 'mnist8', 'Input3', x, 'Plus214_Output_0', y.reshape(1, 256) @ w['Parameter193'].reshape(256, 10) + w['Parameter194'])


def put(folder, name, first, x, last, y):
    end = lambda name, value: {'name': name, 'values': short(value.flatten().tolist())}
    tensors = onnx.load(f'{folder}/{name}.onnx').graph.initializer
    weights = sum(int(np.prod(one.dims)) for one in tensors if one.data_type == 1 and len(one.dims) > 0)
    json.dump({'inputs': [end(first, x)], 'outputs': [end(last, y)], 'weights': weights}, open(f'{folder}/{name}.json', 'w'))


def autoencoder():
    def layer(i, o):
        return [nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU()]
    sizes = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128]
    return nn.Sequential(*[part for i, o in zip(sizes, sizes[1:]) for part in layer(i, o)], nn.Linear(128, 640)), (640,)


def resnet8():
    def residual(i, o, s):
        return Net(lambda m, x: F.relu(m.b(m.a(x)) + m.skip(x)), a=block(i, o, s=s),
                   b=nn.Sequential(nn.Conv2d(o, o, 3, padding=1), nn.BatchNorm2d(o)),
                   skip=nn.Identity() if i == o else nn.Conv2d(i, o, 1, s))
    return nn.Sequential(block(3, 16), residual(16, 16, 1), residual(16, 32, 2), residual(32, 64, 2), nn.AvgPool2d(8), nn.Flatten(),
                         nn.Linear(64, 10), nn.Softmax(1)), (3, 32, 32)


def separable(i, o, s):
    return nn.Sequential(block(i, i, s=s, g=i), block(i, o, 1))


def visual_wake_words():
    steps = [(8, 16, 1), (16, 32, 2), (32, 32, 1), (32, 64, 2), (64, 64, 1), (64, 128, 2), *[(128, 128, 1)] * 5, (128, 256, 2), (256, 256, 1)]
    return nn.Sequential(block(3, 8, s=2), *[separable(*step) for step in steps], nn.AvgPool2d(3), nn.Flatten(), nn.Linear(256, 2),
                         nn.Softmax(1)), (3, 96, 96)


def keyword_spotting():
    first = nn.Sequential(nn.ZeroPad2d((1, 1, 4, 5)), nn.Conv2d(1, 64, (10, 4), 2, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.Dropout(0.2))
    return nn.Sequential(first, *[separable(64, 64, 1) for _ in range(4)], nn.Dropout(0.4), nn.AvgPool2d((25, 5)), nn.Flatten(),
                         nn.Linear(64, 12), nn.Softmax(1)), (1, 49, 10)


def lenet5():
    return nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(16, 120, 5),
                         nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)), (1, 32, 32)


def squeezenet():
    def fire(i, s, e):
        def f(m, x):
            y = F.relu(m.squeeze(x))
            return torch.cat([F.relu(m.one(y)), F.relu(m.three(y))], 1)
        return Net(f, squeeze=nn.Conv2d(i, s, 1), one=nn.Conv2d(s, e, 1), three=nn.Conv2d(s, e, 3, padding=1))
    pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)
    return nn.Sequential(nn.Conv2d(3, 64, 3, 2), nn.ReLU(), pool(), fire(64, 16, 64), fire(128, 16, 64), pool(), fire(128, 32, 128),
                         fire(256, 32, 128), pool(), fire(256, 48, 192), fire(384, 48, 192), fire(384, 64, 256), fire(512, 64, 256),
                         nn.Dropout(), nn.Conv2d(512, 1000, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()), (3, 224, 224)


def mobilenet_v2():
    def inverted(i, o, s):
        body = nn.Sequential(block(i, 6 * i, 1, act=nn.ReLU6), block(6 * i, 6 * i, s=s, g=6 * i, act=nn.ReLU6),
                             nn.Conv2d(6 * i, o, 1, bias=False), nn.BatchNorm2d(o))
        return Net(lambda m, x: x + m.body(x), body=body) if i == o and s == 1 else body
    return nn.Sequential(block(3, 8, s=2, act=nn.ReLU6), inverted(8, 12, 2), inverted(12, 12, 1), inverted(12, 16, 2), inverted(16, 16, 1),
                         block(16, 64, 1, act=nn.ReLU6), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(64, 10)), (3, 64, 64)


def mobilenet_v3():
    def bneck(i, e, o, k, s, act, squeezes):
        def f(m, x):
            y = m.deep(m.expand(x))
            if squeezes:
                y = y * F.hardsigmoid(m.up(F.relu(m.down(F.adaptive_avg_pool2d(y, 1)))))
            y = m.project(y)
            return x + y if i == o and s == 1 else y
        more = dict(down=nn.Conv2d(e, e // 4, 1), up=nn.Conv2d(e // 4, e, 1)) if squeezes else {}
        return Net(f, expand=block(i, e, 1, act=act), deep=block(e, e, k, s, e, act),
                   project=nn.Sequential(nn.Conv2d(e, o, 1, bias=False), nn.BatchNorm2d(o)), **more)
    hard = nn.Hardswish
    return nn.Sequential(block(3, 16, s=2, act=hard), bneck(16, 16, 16, 3, 2, nn.ReLU, True), bneck(16, 72, 24, 3, 2, nn.ReLU, False),
                         bneck(24, 88, 24, 3, 1, nn.ReLU, False), bneck(24, 96, 40, 5, 2, hard, True), bneck(40, 120, 40, 5, 1, hard, True),
                         block(40, 96, 1, act=hard), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(96, 64), nn.Hardswish(), nn.Linear(64, 10)), (3, 64, 64)


def unet():
    def double(i, o):
        return nn.Sequential(block(i, o), block(o, o))

    def f(m, x):
        a = m.a(x)
        b = m.b(F.max_pool2d(a, 2))
        c = m.c(F.max_pool2d(b, 2))
        b = m.d(torch.cat([m.up_c(c), b], 1))
        up = F.interpolate(b, scale_factor=2, mode='bilinear', align_corners=False)
        return torch.sigmoid(m.last(m.e(torch.cat([m.up_b(up), a], 1))))
    return Net(f, a=double(1, 8), b=double(8, 16), c=double(16, 32), up_c=nn.ConvTranspose2d(32, 16, 2, 2), d=double(32, 16),
               up_b=nn.Conv2d(16, 8, 1), e=double(16, 8), last=nn.Conv2d(8, 1, 1)), (1, 64, 64)


BUILDERS = (autoencoder, resnet8, visual_wake_words, keyword_spotting, lenet5, squeezenet, mobilenet_v2, mobilenet_v3, unet)

if __name__ == '__main__':
    torch.manual_seed(1)
    mnist8(sys.argv[1])
    for n, build in enumerate(BUILDERS):
        torch.manual_seed(n)
        model, size = build()
        model.eval()
        settle(model)
        x = torch.randn(1, *size)
        torch.onnx.export(model, x, f'{sys.argv[1]}/{build.__name__}.onnx', opset_version=16, input_names=['x'], output_names=['y'],
                          dynamic_axes={'x': {0: 'n'}, 'y': {0: 'n'}})
        with torch.no_grad():
            put(sys.argv[1], build.__name__, 'x', x, 'y', model(x))
