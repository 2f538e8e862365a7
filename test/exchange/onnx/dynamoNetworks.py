"""Small networks of known kinds as graphs of PyTorch's second exporter, put together by hand with dynamoModels.Graph. What it
writes was read off its registry of operators (onnxscript's torch_lib) and off models in its users' issues: version 10 of the
format, metadata on every node, batch normalisation fused into convolutions by the optimiser or left as it is, adaptive pools as
ReduceMean, flatten by Shape(start, end), splits as sequences, and in early versions functions that ask for the rank of a tensor.

    python3 dynamoNetworks.py FOLDER
"""
import json
import sys

import torch
import torch.nn.functional as F
from onnx import helper
from torch import nn

from dynamoModels import LIBRARY, Graph
from torchModels import settle, short

COMMON = 'pkg.onnxscript.torch_lib.common'


class Net(Graph):
    """Builds the graph and computes the numbers at once: every method gives a name and PyTorch's tensor."""

    def __init__(self, *inputs):
        super().__init__()
        self.inputs = {name: value for name, value in inputs}
        self.batch = None

    def start(self):
        return [(name, value) for name, value in self.inputs.items()]

    def apply(self, op, value, *names, **attributes):
        return (self.add(op, *names, **attributes), value)

    def convolve(self, x, module, name, fused=None):
        weight, bias = module.weight, module.bias
        if fused is not None:
            factor = fused.weight / torch.sqrt(fused.running_var + fused.eps)
            weight = weight * factor[:, None, None, None]
            bias = (0 if bias is None else bias - fused.running_mean) * factor + fused.bias if bias is not None else fused.bias - fused.running_mean * factor
        names = [self.weight(f'{name}.weight', weight)] + ([] if bias is None else [self.weight(f'{name}.bias', bias)])
        op = 'ConvTranspose' if isinstance(module, (nn.ConvTranspose1d, nn.ConvTranspose2d)) else 'Conv'
        y = module(x[1]) if fused is None else fused(module(x[1]))
        return self.apply(op, y, x[0], *names, auto_pad='NOTSET', dilations=list(module.dilation), group=module.groups,
                          pads=list(module.padding) * 2, strides=list(module.stride))

    def normalise(self, x, module, name):
        return (self.norm(x[0], module, name), module(x[1]))

    def dense(self, x, module, name):
        return (self.linear(x[0], module, name), module(x[1]))

    def relu(self, x):
        return self.apply('Relu', F.relu(x[1]), x[0])

    def scalar(self, value):
        return self.weight(f'scalar_tensor_default_{len(self.weights)}', torch.tensor(value))

    def relu6(self, x):
        return self.apply('Clip', F.relu6(x[1]), x[0], self.scalar(0.0), self.scalar(6.0))

    def mean(self, x, axes=(-1, -2), keeps=1):
        return self.apply('ReduceMean', x[1].mean(axes, keepdim=keeps == 1), x[0], self.ints(*axes), keepdims=keeps, noop_with_empty_axes=0)

    def plus(self, x, y):
        return self.apply('Add', x[1] + y[1], x[0], y[0])

    def times(self, x, y):
        return self.apply('Mul', x[1] * y[1], x[0], y[0])

    def concat(self, *parts):
        return self.apply('Concat', torch.cat([value for _, value in parts], 1), *[name for name, _ in parts], axis=1)

    def samples(self):
        """The number of samples as a list of one, from the first input."""
        if self.batch is None:
            first = next(iter(self.inputs))
            self.batch = self.add('Reshape', self.add('Squeeze', self.add('Shape', first, start=0, end=1)), self.ints(-1), allowzero=0)
        return self.batch

    def view(self, x, *sizes):
        shape = self.add('Concat', self.samples(), self.ints(*sizes), axis=0)
        return self.apply('Reshape', x[1].reshape(x[1].shape[0], *sizes), x[0], shape, allowzero=1)

    def flatten(self, x):
        return self.view(x, x[1][0].numel())

    def turn(self, x, *axes):
        return self.apply('Transpose', x[1].permute(*axes), x[0], perm=list(axes))

    def pool(self, x, size, stride=None, pad=0, kind='MaxPool'):
        rank = x[1].dim() - 2
        shared = dict(auto_pad='NOTSET', ceil_mode=0, kernel_shape=[size] * rank, pads=[pad] * 2 * rank, strides=[stride or size] * rank)
        if kind == 'MaxPool':
            f = F.max_pool2d if rank == 2 else F.max_pool1d
            return self.apply('MaxPool', f(x[1], size, stride, pad), x[0], dilations=[1] * rank, storage_order=0, **shared)
        return self.apply('AveragePool', F.avg_pool2d(x[1], size, stride, pad), x[0], count_include_pad=1, **shared)

    def finish(self, folder, name, *outputs):
        for node in self.nodes:
            # metadata_props, which this version of the format does not know: { namespace: ": m/x" }.
            node.MergeFromString(b'\x4a\x13' + b'\x0a\x09namespace' + b'\x12\x06: m/x ')
        info = lambda name, value: helper.make_tensor_value_info(name, 1, ['s77', *value.shape[1:]])
        graph = helper.make_graph(self.nodes, 'main_graph', [info(*one) for one in self.inputs.items()], [info(*one) for one in outputs], self.weights)
        graph.value_info.extend([info(node.output[0], torch.zeros(1, 1)) for node in self.nodes[:3] if node.output[0] != outputs[0][0]])
        opsets = [helper.make_opsetid(COMMON, 1), helper.make_opsetid('', 18), helper.make_opsetid(LIBRARY, 1)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name='pytorch', producer_version='2.7.0', functions=self.functions)
        model.ir_version = 10
        open(f'{folder}/dynamo_{name}.onnx', 'wb').write(model.SerializeToString())
        end = lambda name, value: {'name': name, 'values': short(value.flatten().tolist()), 'shape': list(value.shape[1:])}
        case = {'inputs': [end(*one) for one in self.inputs.items()], 'outputs': [end(*one) for one in outputs]}
        json.dump(case, open(f'{folder}/dynamo_{name}.json', 'w'))


def image(channels, height, width):
    return ('x', torch.randn(1, channels, height, width))


def norm(channels):
    module = nn.BatchNorm2d(channels)
    settle(module)
    return module.eval()


def resnet(folder):
    g = Net(image(2, 9, 8))
    [x] = g.start()
    y = g.relu(g.convolve(x, nn.Conv2d(2, 4, 3, padding=1, bias=False), 'conv1', norm(4)))
    y = g.pool(y, 3, 2, 1)
    z = g.relu(g.convolve(y, nn.Conv2d(4, 6, 3, 2, 1, bias=False), 'layer1.0.conv1', norm(6)))
    z = g.convolve(z, nn.Conv2d(6, 6, 3, padding=1, bias=False), 'layer1.0.conv2', norm(6))
    y = g.relu(g.plus(z, g.convolve(y, nn.Conv2d(4, 6, 1, 2, bias=False), 'layer1.0.downsample.0', norm(6))))
    y = g.dense(g.flatten(g.mean(y)), nn.Linear(6, 3), 'fc')
    g.finish(folder, 'resnet', y)


def vgg(folder):
    g = Net(image(2, 8, 8))
    [y] = g.start()
    for n, (i, o) in enumerate(((2, 4), (4, 4))):
        y = g.relu(g.normalise(g.convolve(y, nn.Conv2d(i, o, 3, padding=1), f'features.{n}'), norm(o), f'features.{n}.bn'))
        y = g.pool(y, 2)
    # An adaptive pool to 1 × 1 of 2 × 2 places with all spelt out, dropout is gone, and the classifier has two layers.
    y = g.pool(y, 2, kind='AveragePool')
    y = g.relu(g.dense(g.flatten(y), nn.Linear(4, 8), 'classifier.0'))
    g.finish(folder, 'vgg', g.apply('LogSoftmax', F.log_softmax(g.dense(y, nn.Linear(8, 3), 'classifier.3')[1], 1), g.nodes[-1].output[0], axis=1))


def mobilenet_v2(folder):
    g = Net(image(2, 7, 8))
    [x] = g.start()
    y = g.relu6(g.normalise(g.convolve(x, nn.Conv2d(2, 4, 3, 2, 1, bias=False), 'f.0'), norm(4), 'f.0.1'))
    z = g.relu6(g.normalise(g.convolve(y, nn.Conv2d(4, 8, 1, bias=False), 'f.1'), norm(8), 'f.1.1'))
    z = g.relu6(g.normalise(g.convolve(z, nn.Conv2d(8, 8, 3, 1, 1, groups=8, bias=False), 'f.2'), norm(8), 'f.2.1'))
    z = g.normalise(g.convolve(z, nn.Conv2d(8, 4, 1, bias=False), 'f.3'), norm(4), 'f.3.1')
    y = g.plus(y, z)
    g.finish(folder, 'mobilenet_v2', g.dense(g.view(g.mean(y), 4), nn.Linear(4, 3), 'classifier.1'))


def mobilenet_v3(folder):
    """hardswish and hardsigmoid in pieces, their constants cast to the type of the input."""
    g = Net(image(2, 6, 7))

    def hard(x, f, divisor):
        three = g.add('CastLike', g.scalar(3), x[0])
        inner = g.add('Clip', g.add('Add', x[0], three), g.scalar(0.0), g.scalar(6.0))
        if f is F.hardswish:
            inner = g.add('Mul', x[0], inner)
        return g.apply('Div', f(x[1]), inner, g.scalar(divisor))
    [x] = g.start()
    y = hard(g.convolve(x, nn.Conv2d(2, 6, 3, padding=1), 'a'), F.hardswish, 6.0)
    s = g.relu(g.convolve(g.mean(y), nn.Conv2d(6, 2, 1), 'fc1'))
    y = g.times(y, hard(g.convolve(s, nn.Conv2d(2, 6, 1), 'fc2'), F.hardsigmoid, 6.0))
    y = hard(g.dense(g.mean(y, (2, 3), 0), nn.Linear(6, 5), 'classifier.0'), F.hardswish, 6.0)
    g.finish(folder, 'mobilenet_v3', g.dense(y, nn.Linear(5, 3), 'classifier.3'))


def efficientnet(folder):
    g = Net(image(2, 6, 6))

    def silu(x):
        return g.apply('Mul', F.silu(x[1]), x[0], g.add('Sigmoid', x[0]))
    [x] = g.start()
    y = silu(g.normalise(g.convolve(x, nn.Conv2d(2, 4, 1, bias=False), 'expand'), norm(4), 'bn0'))
    y = silu(g.convolve(y, nn.Conv2d(4, 4, 5, 2, 2, groups=4), 'dw'))
    s = g.convolve(silu(g.convolve(g.mean(y), nn.Conv2d(4, 1, 1), 'se.a')), nn.Conv2d(1, 4, 1), 'se.b')
    y = g.times(g.apply('Sigmoid', torch.sigmoid(s[1]), s[0]), y)
    g.finish(folder, 'efficientnet', g.dense(g.flatten(g.mean(y)), nn.Linear(4, 3), 'fc'))


def squeezenet(folder):
    g = Net(image(3, 9, 9))
    [x] = g.start()
    y = g.pool(g.relu(g.convolve(x, nn.Conv2d(3, 4, 3, 2), 'f.0')), 2)
    s = g.relu(g.convolve(y, nn.Conv2d(4, 2, 1), 'f.3.squeeze'))
    y = g.concat(g.relu(g.convolve(s, nn.Conv2d(2, 3, 1), 'f.3.expand1x1')), g.relu(g.convolve(s, nn.Conv2d(2, 3, 3, padding=1), 'f.3.expand3x3')))
    y = g.mean(g.relu(g.convolve(y, nn.Conv2d(6, 5, 1), 'classifier.1')))
    g.finish(folder, 'squeezenet', g.flatten(y))


def densenet(folder):
    g = Net(image(2, 6, 6))
    [y] = g.start()
    for n in range(2):
        z = g.relu(g.normalise(y, norm(2 + 3 * n), f'd.{n}.norm'))
        y = g.concat(y, g.convolve(z, nn.Conv2d(2 + 3 * n, 3, 3, padding=1, bias=False), f'd.{n}.conv'))
    y = g.pool(g.relu(g.normalise(y, norm(8), 'last')), 2, kind='AveragePool')
    g.finish(folder, 'densenet', g.dense(g.flatten(g.mean(y)), nn.Linear(8, 3), 'fc'))


def inception(folder):
    g = Net(image(3, 7, 6))
    [x] = g.start()
    a = g.relu(g.convolve(x, nn.Conv2d(3, 2, 1), 'a'))
    b = g.relu(g.convolve(g.convolve(x, nn.Conv2d(3, 2, (1, 7), padding=(0, 3)), 'b.0'), nn.Conv2d(2, 2, (7, 1), padding=(3, 0)), 'b.1'))
    y = g.concat(a, b, g.pool(x, 3, 1, 1), g.pool(x, 3, 1, 1, 'AveragePool'))
    g.finish(folder, 'inception', g.convolve(y, nn.Conv2d(10, 3, 3, 2), 'c'))


def shufflenet(folder):
    """chunk as a sequence of which two are taken, and the shuffle of the channels by way of five axes."""
    g = Net(image(4, 5, 6))
    [x] = g.start()
    parts = g.add('SplitToSequence', x[0], g.weight('two', torch.tensor(2)), axis=1, keepdims=1)
    a, b = [(g.add('SequenceAt', parts, g.weight(f'at_{n}', torch.tensor(n))), part) for n, part in enumerate(x[1].chunk(2, 1))]
    b = g.relu(g.convolve(b, nn.Conv2d(2, 2, 3, padding=1), 'branch2'))
    y = g.concat(a, b)
    y = g.view(g.turn(g.view(y, 2, 2, 5, 6), 0, 2, 1, 3, 4), 4, 5, 6)
    g.finish(folder, 'shufflenet', g.convolve(y, nn.Conv2d(4, 3, 1), 'conv5'))


def convnext(folder):
    g = Net(image(2, 8, 8))
    [x] = g.start()
    y = g.convolve(x, nn.Conv2d(2, 4, 4, 4), 'stem')
    ln, first, last, gamma = nn.LayerNorm(4), nn.Linear(4, 8), nn.Linear(8, 4), torch.rand(4)
    nn.init.uniform_(ln.weight, 0.5, 2)
    nn.init.uniform_(ln.bias)
    z = g.turn(g.convolve(y, nn.Conv2d(4, 4, 7, padding=3, groups=4), 'dw'), 0, 2, 3, 1)
    z = g.apply('LayerNormalization', ln(z[1]), z[0], g.weight('ln.weight', ln.weight), g.weight('ln.bias', ln.bias), axis=-1, epsilon=1e-5, stash_type=1)

    def affine(x, module, name):
        product = g.add('MatMul', x[0], g.weight(f'{name}.t', module.weight.T.contiguous()))
        return g.apply('Add', module(x[1]), product, g.weight(f'{name}.bias', module.bias))
    z = affine(z, first, 'pw1')
    half = g.add('Mul', g.scalar(0.5), z[0])
    one = g.add('Add', g.add('Erf', g.add('Mul', z[0], g.scalar(0.70710677))), g.scalar(1.0))
    z = affine(g.apply('Mul', F.gelu(z[1]), half, one), last, 'pw2')
    z = g.apply('Mul', gamma * z[1], g.weight('gamma', gamma), z[0])
    y = g.plus(y, g.turn(z, 0, 3, 1, 2))
    g.finish(folder, 'convnext', g.dense(g.mean(y, (-1, -2), 0), nn.Linear(4, 3), 'head'))


def unet(folder):
    g = Net(image(1, 8, 8))
    [x] = g.start()
    a = g.relu(g.convolve(x, nn.Conv2d(1, 3, 3, padding=1, bias=False), 'enc', norm(3)))
    y = g.relu(g.convolve(g.pool(a, 2), nn.Conv2d(3, 4, 3, padding=1), 'mid'))
    y = g.concat(g.convolve(y, nn.ConvTranspose2d(4, 3, 2, 2), 'up'), a)
    y = g.convolve(g.relu(g.convolve(y, nn.Conv2d(6, 3, 3, padding=1), 'dec')), nn.Conv2d(3, 1, 1), 'out')
    g.finish(folder, 'unet', g.apply('Sigmoid', torch.sigmoid(y[1]), y[0]))


def pyramid(folder):
    """Up by sizes that are put together of shapes, and up bilinearly by scales."""
    g = Net(image(2, 6, 8))
    [x] = g.start()
    a = g.convolve(x, nn.Conv2d(2, 3, 3, padding=1), 'a')
    b = g.convolve(g.relu(a), nn.Conv2d(3, 3, 3, 2, 1), 'b')
    sizes = g.add('Concat', g.add('Shape', b[0], start=0, end=2), g.ints(6, 8), axis=0)
    shared = dict(cubic_coeff_a=-0.75, exclude_outside=0, extrapolation_value=0.0, antialias=0, keep_aspect_ratio_policy='stretch')
    up = g.apply('Resize', F.interpolate(b[1], (6, 8)), b[0], '', '', sizes, mode='nearest', coordinate_transformation_mode='asymmetric',
                 nearest_mode='floor', **shared)
    y = g.plus(a, up)
    scales = g.weight('scales', torch.tensor([1.0, 1.0, 2.0, 2.0]))
    y = g.apply('Resize', F.interpolate(y[1], scale_factor=2, mode='bilinear'), y[0], '', scales, mode='linear',
                coordinate_transformation_mode='pytorch_half_pixel', nearest_mode='floor', **shared)
    g.finish(folder, 'pyramid', g.convolve(y, nn.Conv2d(3, 1, 1), 'out'))


def keyword(folder):
    g = Net(('audio', torch.randn(1, 3, 17)))
    [x] = g.start()
    y = g.pool(g.relu(g.convolve(x, nn.Conv1d(3, 4, 5, 2, 2), 'conv1')), 2)
    y = g.relu(g.convolve(y, nn.Conv1d(4, 4, 3, padding=2, dilation=2), 'conv2'))
    g.finish(folder, 'keyword', g.dense(g.mean(y, (-1,), 0), nn.Linear(4, 3), 'fc'))


def espcn(folder):
    """pixel_shuffle by way of six axes."""
    g = Net(image(1, 4, 5))
    [x] = g.start()
    c = g.convolve(x, nn.Conv2d(1, 4, 3, padding=1), 'c')
    y = g.convolve(g.apply('Tanh', torch.tanh(c[1]), c[0]), nn.Conv2d(4, 8, 3, padding=1), 'd')
    y = g.view(g.turn(g.view(y, 2, 2, 2, 4, 5), 0, 1, 4, 2, 5, 3), 2, 8, 10)
    g.finish(folder, 'espcn', y)


def library(folder):
    """Functions that ask whether a tensor is a number, with both cases as branches, and overloads of one name."""
    g = Net(image(2, 5, 6))
    opset = [helper.make_opsetid('', 18)]
    with_common = opset + [helper.make_opsetid(COMMON, 1)]
    rank = [helper.make_node('Shape', ['input'], ['s']), helper.make_node('Size', ['s'], ['n']),
            helper.make_node('Constant', [], ['zero'], value_int=0), helper.make_node('Equal', ['n', 'zero'], ['return_val'])]
    g.functions.append(helper.make_function(COMMON, 'IsScalar', ['input'], ['return_val'], rank, opset))
    flat = helper.make_graph([helper.make_node('Constant', [], ['axes'], value_ints=[0]), helper.make_node('Unsqueeze', ['self', 'axes'], ['u'])],
                             'then', [], [helper.make_tensor_value_info('u', 1, None)])
    same = helper.make_graph([helper.make_node('Identity', ['self'], ['i'])], 'else', [], [helper.make_tensor_value_info('i', 1, None)])
    soft = helper.make_node('Softmax', ['wide'], ['result'])
    axis = helper.make_attribute('axis', 0)
    axis.ClearField('i')
    axis.ref_attr_name = 'dim'
    soft.attribute.append(axis)
    body = [helper.make_node('IsScalar', ['self'], ['scalar'], domain=COMMON), helper.make_node('If', ['scalar'], ['wide'], then_branch=flat, else_branch=same), soft]
    g.functions.append(helper.make_function(LIBRARY, 'aten_softmax_no_dtype', ['self'], ['result'], body, with_common, ['dim']))
    mean = [helper.make_node('Constant', [], ['minus'], value_ints=[-1]), helper.make_node('Reshape', ['dim', 'minus'], ['dims']),
            helper.make_node('ReduceMean', ['self', 'dims'], ['result'], keepdims=0)]
    g.functions.append(helper.make_function(LIBRARY, 'aten_mean_dim', ['self', 'dim'], ['result'], mean, opset))
    # overload, field 13 of a function and 8 of a node, is of a later version than the library here.
    for name, op in (('relu', 'Relu'), ('tanh', 'Tanh')):
        function = helper.make_function(LIBRARY, 'aten_act', ['self'], ['result'], [helper.make_node(op, ['self'], ['result'])], opset)
        function.MergeFromString(b'\x6a\x04' + name.encode())
        g.functions.append(function)

    def act(x, name, f):
        y = g.apply('aten_act', f(x[1]), x[0], domain=LIBRARY)
        g.nodes[-1].MergeFromString(b'\x42\x04' + name.encode())
        return y
    [x] = g.start()
    y = act(g.convolve(x, nn.Conv2d(2, 4, 3), 'c'), b'relu'.decode(), F.relu)
    y = act(g.convolve(y, nn.Conv2d(4, 4, 1), 'd'), 'tanh', torch.tanh)
    y = g.apply('aten_mean_dim', y[1].mean((2, 3)), y[0], g.ints(2, 3), domain=LIBRARY)
    y = g.dense(y, nn.Linear(4, 3), 'fc')
    g.finish(folder, 'library', g.apply('aten_softmax_no_dtype', F.softmax(y[1], 1), y[0], domain=LIBRARY, dim=1))


def ends(folder):
    """An image and a vector go in, classes and a place come out."""
    g = Net(image(2, 6, 6), ('speed', torch.randn(1, 3)))
    x, v = g.start()
    y = g.flatten(g.mean(g.relu(g.convolve(x, nn.Conv2d(2, 4, 3), 'c'))))
    both = g.concat(y, g.relu(g.dense(v, nn.Linear(3, 2), 'v')))
    classes = g.dense(both, nn.Linear(6, 3), 'digit')
    place = g.dense(both, nn.Linear(6, 2), 'box')
    g.finish(folder, 'ends', g.apply('Softmax', F.softmax(classes[1], 1), classes[0], axis=-1), place)


def local_norm(folder):
    """local_response_norm as PyTorch writes it itself: squares, zeros around the channels, a mean over them."""
    g = Net(image(6, 4, 5))
    [x] = g.start()
    y = g.relu(g.convolve(x, nn.Conv2d(6, 6, 1), 'c'))
    square = g.add('Unsqueeze', g.add('Mul', y[0], y[0]), g.ints(1))
    padded = g.add('Pad', square, g.ints(0, 0, 2, 0, 0, 0, 0, 2, 0, 0), g.scalar(0.0), mode='constant')
    mean = g.add('Squeeze', g.add('AveragePool', padded, kernel_shape=[5, 1, 1], strides=[1, 1, 1], pads=[0] * 6, ceil_mode=0, count_include_pad=1), g.ints(1))
    root = g.add('Pow', g.add('Add', g.add('Mul', mean, g.scalar(0.5)), g.scalar(2.0)), g.scalar(0.75))
    y = g.apply('Div', F.local_response_norm(y[1], 5, 0.5, 0.75, 2.0), y[0], root)
    g.finish(folder, 'local_norm', g.pool(y, 2))


def activations(folder):
    """Each in the pieces that the registry gives it."""
    g = Net(('x', 3 * torch.randn(1, 12)))
    [x] = g.start()
    name, v = x
    cast = lambda value: g.add('CastLike', g.scalar(value), name)
    softplus = g.add('Log', g.add('Add', g.add('Exp', name), g.scalar(1.0)))
    parts = [
        (g.add('Where', g.add('Greater', name, g.scalar(20.0)), name, softplus), F.softplus(v)),
        (g.add('Mish', name), F.mish(v)),
        (g.add('Where', g.add('GreaterOrEqual', name, cast(0.0)), name, g.add('Mul', name, g.scalar(0.2))), F.leaky_relu(v, 0.2)),
        (g.add('Elu', name, alpha=1.0), F.elu(v)),
        (g.add('Min', g.add('Max', name, cast(-1.0)), cast(1.0)), F.hardtanh(v)),
        (g.add('Sub', name, g.add('Tanh', name)), F.tanhshrink(v)),
        (g.add('Div', name, g.add('Add', g.add('Abs', name), g.scalar(1.0))), F.softsign(v)),
        (g.add('Neg', g.add('Softplus', g.add('Neg', name))), F.logsigmoid(v)),
        (g.add('Shrink', name, lambd=0.5, bias=0.0), F.hardshrink(v, 0.5)),
        (g.add('PRelu', name, g.weight('slope', torch.full((1,), 0.3))), F.prelu(v, torch.full((1,), 0.3))),
    ]
    g.finish(folder, 'activations', g.concat(*parts))


BUILDERS = (resnet, vgg, mobilenet_v2, mobilenet_v3, efficientnet, squeezenet, densenet, inception, shufflenet, convnext, unet, pyramid, keyword,
            espcn, library, ends, local_norm, activations)

if __name__ == '__main__':
    for n, build in enumerate(BUILDERS):
        torch.manual_seed(n)
        with torch.no_grad():
            build(sys.argv[1])
