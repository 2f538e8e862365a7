"""Graphs as PyTorch's second exporter (torch.onnx.export(dynamo=True), opset 18) writes them, put together by hand, since
Debian's PyTorch has the first one only: sizes through Shape(start, end) and Concat, axes as inputs, every attribute spelt out,
operators as functions of the model in its early versions. The numbers are PyTorch's own.

    python3 dynamoModels.py FOLDER
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper
from torch import nn

from torchModels import settle, short

LIBRARY = 'pkg.onnxscript.torch_lib'


class Graph:
    def __init__(self, opset=18):
        self.nodes, self.weights, self.functions, self.opset = [], [], [], opset

    def weight(self, name, value):
        array = value.detach().numpy() if isinstance(value, torch.Tensor) else np.array(value)
        self.weights.append(numpy_helper.from_array(array, name))
        return name

    def ints(self, *values):
        return self.weight(f'val_{len(self.weights)}', np.array(values, dtype=np.int64))

    def add(self, op, *inputs, outputs=1, domain='', **attributes):
        name = f'{op.lower()}_{len(self.nodes)}'
        names = [name if n == 0 else f'{name}_{n}' for n in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, name=f'node_{name}', domain=domain, **attributes))
        return name if outputs == 1 else names

    def conv(self, x, module, name):
        pads = list(module.padding) * 2
        return self.add('Conv', x, self.weight(f'{name}.weight', module.weight), self.weight(f'{name}.bias', module.bias), auto_pad='NOTSET',
                        dilations=list(module.dilation), group=module.groups, pads=pads, strides=list(module.stride))

    def norm(self, x, module, name):
        parts = [self.weight(f'{name}.{part}', getattr(module, part)) for part in ('weight', 'bias', 'running_mean', 'running_var')]
        return self.add('BatchNormalization', x, *parts, epsilon=module.eps, momentum=0.9, training_mode=0)

    def linear(self, x, module, name):
        return self.add('Gemm', x, self.weight(f'{name}.weight', module.weight), self.weight(f'{name}.bias', module.bias),
                        alpha=1.0, beta=1.0, transA=0, transB=1)

    def flat(self, x, size):
        batch = self.add('Reshape', self.add('Squeeze', self.add('Shape', 'x', start=0, end=1)), self.ints(-1), allowzero=0)
        return self.add('Reshape', x, self.add('Concat', batch, self.ints(size), axis=0), allowzero=1)

    def write(self, folder, name, module, x, last):
        batch = ['s0', *x.shape[1:]]
        y = module(x)
        graph = helper.make_graph(self.nodes, 'main_graph', [helper.make_tensor_value_info('x', 1, batch)],
                                  [helper.make_tensor_value_info(last, 1, ['s0', *y.shape[1:]])], self.weights)
        opsets = [helper.make_opsetid('', self.opset), helper.make_opsetid(LIBRARY, 1)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name='pytorch', functions=self.functions)
        open(f'{folder}/dynamo_{name}.onnx', 'wb').write(model.SerializeToString())
        json.dump({'input': short(x.flatten().tolist()), 'inputShape': list(x.shape[1:]), 'output': short(y.flatten().tolist()),
                   'outputShape': list(y.shape[1:])}, open(f'{folder}/dynamo_{name}.json', 'w'))


def cnn(folder):
    c, b, f = nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Linear(4 * 4 * 5, 3)
    g = Graph()
    y = g.add('Relu', g.norm(g.conv('x', c, 'conv'), b, 'bn'))
    y = g.add('MaxPool', y, auto_pad='NOTSET', ceil_mode=0, dilations=[1, 1], kernel_shape=[2, 2], pads=[0] * 4, storage_order=0, strides=[2, 2])
    y = g.add('Softmax', g.linear(g.flat(y, 80), f, 'fc'), axis=1)
    g.write(folder, 'cnn', settled(nn.Sequential(c, b, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), f, nn.Softmax(1)), g, b), torch.randn(1, 2, 8, 10), y)


def settled(model, graph, *norms):
    """The statistics of the norms, in the model and in the graph."""
    for module in norms:
        settle(module)
        for part in ('weight', 'bias', 'running_mean', 'running_var'):
            entry = next(one for one in graph.weights if one.name == f'bn.{part}')
            entry.CopyFrom(numpy_helper.from_array(getattr(module, part).detach().numpy(), entry.name))
    return model.eval()


def mobile(folder):
    d, p, a, b = nn.Conv2d(2, 2, 3, 1, 1, groups=2), nn.Conv2d(2, 6, 1), nn.Conv2d(6, 2, 1), nn.Conv2d(2, 6, 1)
    g = Graph()
    low, high = g.weight('val_low', np.float32(0)), g.weight('val_high', np.float32(6))
    y = g.add('HardSwish', g.conv(g.add('Clip', g.conv('x', d, 'd'), low, high), p, 'p'))
    s = g.add('ReduceMean', y, g.ints(-1, -2), keepdims=1, noop_with_empty_axes=0)
    s = g.add('HardSigmoid', g.conv(g.add('Relu', g.conv(s, a, 'a')), b, 'b'), alpha=1 / 6, beta=0.5)
    last = g.add('ReduceMean', g.add('Mul', y, s), g.ints(2, 3), keepdims=0, noop_with_empty_axes=0)

    def forward(x):
        y = F.hardswish(p(F.relu6(d(x))))
        return (y * F.hardsigmoid(b(F.relu(a(y.mean((2, 3), keepdim=True)))))).mean((2, 3))
    g.write(folder, 'mobile', forward, torch.randn(1, 2, 7, 6), last)


def norms(folder):
    c, n, l, f = nn.Conv2d(2, 4, 3), nn.GroupNorm(2, 4), nn.LayerNorm(6), nn.Linear(6, 3)
    for module in (n, l):
        nn.init.uniform_(module.weight, 0.5, 2)
        nn.init.uniform_(module.bias)
    g = Graph(20)
    y = g.conv('x', c, 'c')
    size = g.add('Shape', y, start=0)
    grouped = g.add('Reshape', y, g.ints(0, 2, -1), allowzero=0)
    plain = g.add('InstanceNormalization', grouped, g.weight('ones', np.ones(2, dtype=np.float32)), g.weight('zeros', np.zeros(2, dtype=np.float32)), epsilon=1e-5)
    back = g.add('Reshape', plain, size, allowzero=0)
    scaled = g.add('Mul', back, g.weight('n.weight', n.weight[:, None, None]))
    y = g.add('Add', scaled, g.weight('n.bias', n.bias[:, None, None]))
    y = g.add('LayerNormalization', y, g.weight('l.weight', l.weight), g.weight('l.bias', l.bias), axis=-1, epsilon=1e-5, stash_type=1)
    y = g.add('Gelu', y, approximate='none')
    y = g.add('MatMul', y, g.weight('f.weight', f.weight.T.contiguous()))
    y = g.add('Add', y, g.weight('f.bias', f.bias))
    g.write(folder, 'norms', lambda x: f(F.gelu(l(n(c(x))))), torch.randn(1, 2, 7, 8), y)


def pieces(folder):
    c, o = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(6, 2, 1)
    g = Graph()
    a, b = g.add('Split', g.conv('x', c, 'c'), outputs=2, axis=1, num_outputs=2)
    up = g.add('Resize', a, '', g.weight('scales', np.array([1, 1, 2, 2], dtype=np.float32)), coordinate_transformation_mode='asymmetric',
               mode='nearest', nearest_mode='floor', cubic_coeff_a=-0.75, exclude_outside=0, extrapolation_value=0.0)
    part = g.add('Slice', up, g.ints(1), g.ints(9223372036854775807), g.ints(2), g.ints(2))
    part = g.add('Slice', part, g.ints(0), g.ints(-1), g.ints(3), g.ints(2))
    padded = g.add('Pad', part, g.ints(0, 0, 0, 0, 0, 0, 0, 0), g.weight('zero', np.float32(0)), mode='constant')
    third = g.add('Unsqueeze', g.add('Gather', b, g.weight('one', np.int64(1)), axis=1), g.ints(1))
    y = g.conv(g.add('Concat', padded, b, third, third, axis=1), o, 'o')

    def forward(x):
        a, b = c(x).chunk(2, 1)
        part = F.interpolate(a, scale_factor=2)[:, :, 1::2, 0:-1:2]
        return o(torch.cat([part, b, b[:, 1:2], b[:, 1:2]], 1))
    g.write(folder, 'pieces', forward, torch.randn(1, 2, 4, 5), y)


def functions(folder):
    """Early versions: each operator of PyTorch is a function of the model, whose attributes stand for those of the call."""
    c, f = nn.Conv2d(2, 3, 3), nn.Linear(3, 2)
    g = Graph()

    def reference(kind, name, of):
        attribute = helper.make_attribute(name, 0.0 if kind == 1 else 0)
        attribute.ClearField('f' if kind == 1 else 'i')
        attribute.type, attribute.ref_attr_name = kind, of
        return attribute
    leaky = helper.make_node('LeakyRelu', ['self'], ['result'])
    leaky.attribute.append(reference(1, 'alpha', 'negative_slope'))
    opset = [helper.make_opsetid('', 18)]
    g.functions.append(helper.make_function(LIBRARY, 'aten_leaky_relu', ['self'], ['result'], [leaky], opset, ['negative_slope']))
    inner = helper.make_node('aten_leaky_relu', ['y'], ['z'], domain=LIBRARY, negative_slope=0.25)
    average = [helper.make_node('GlobalAveragePool', ['y'], ['result']), helper.make_node('Flatten', ['result'], ['out'], axis=1)]
    g.functions.append(helper.make_function(LIBRARY, 'activated_mean', ['y'], ['out'], [inner, *[swap(one) for one in average]],
                                            opset + [helper.make_opsetid(LIBRARY, 1)]))
    y = g.add('aten_leaky_relu', g.conv('x', c, 'c'), domain=LIBRARY, negative_slope=0.1)
    y = g.linear(g.add('activated_mean', y, domain=LIBRARY), f, 'f')
    g.write(folder, 'functions', lambda x: f(F.leaky_relu(F.leaky_relu(c(x), 0.1), 0.25).mean((2, 3))), torch.randn(1, 2, 5, 6), y)


def swap(node):
    """Reads the activated value."""
    node.input[0] = 'z' if node.input[0] == 'y' else node.input[0]
    return node


if __name__ == '__main__':
    torch.manual_seed(3)
    for build in (cnn, mobile, norms, pieces, functions):
        build(sys.argv[1])
