"""Writes batches.json: some steps on whole batches, by PyTorch in float64. Run by hand (Debian's python3-torch):

    /usr/bin/python3 test/training/batches.py > test/training/batches.json

Batch normalisation as Keras has it: biased variances, in the moving ones too, and a momentum that says how much of the moving
averages stays. Dropout takes the masks that longhand's generator draws, written here once more.
"""
import json
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
RATE, SEED = 0.1, 3


def layer(type, **options):
    return {'type': type, **options}


def single(values):
    """Numbers of float32, so that one table serves all forms."""
    return values.float().double()


def mulberry32(state):
    while True:
        state = (state + 0x6d2b79f5) & 0xffffffff
        t = ((state ^ (state >> 15)) * (state | 1)) & 0xffffffff
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & 0xffffffff)) & 0xffffffff
        yield (t ^ (t >> 14)) / 2**32


class Network:
    """A spec's layers over a batch [count, ...channels last]; parameters as longhand orders them."""

    def __init__(self, spec, random):
        self.spec, self.random, self.parameters, self.shapes = spec, random, [], {'input': spec['input']}
        self.layers = []
        self.draws = []
        names = {}
        before = 'input'
        for one in spec['layers']:
            names[one['type']] = names.get(one['type'], 0) + 1
            name = one.get('name', one['type'] + str(names[one['type']]))
            inputs = one.get('inputs', [before])
            own = self.create(one, [self.shapes[each] for each in inputs], name)
            self.layers.append((one, name, inputs, own))
            before = name

    def new(self, values, learns=True):
        values = single(values)
        self.parameters.append((values.clone().requires_grad_(True) if learns else values.clone(), learns))
        return len(self.parameters) - 1

    def create(self, one, shapes, name):
        kind, [shape] = one['type'], shapes[:1]
        uniform = lambda *size: single(torch.rand(*size, generator=self.random) - 0.5)
        self.shapes[name] = shape
        if kind == 'conv2d':
            k = one['kernelSize']
            rest = 0 if one.get('padding') == 'same' else k - 1
            self.shapes[name] = [shape[0] - rest, shape[1] - rest, one['filters']]
            return [self.new(uniform(k, k, shape[2], one['filters'])), self.new(uniform(one['filters']))]
        if kind == 'dense':
            self.shapes[name] = [one['units']]
            return [self.new(uniform(shape[0], one['units'])), self.new(uniform(one['units']))]
        if kind == 'batchNormalization':
            c = shape[-1]
            learns = one.get('trainable', True)
            return [self.new(uniform(c) + 1, learns), self.new(uniform(c), learns),
                    self.new(uniform(c), False), self.new(uniform(c) + 1, False)]
        if kind == 'flatten':
            n = 1
            for size in shape:
                n *= size
            self.shapes[name] = [n]
        if kind == 'dropout':
            begin = (one.get('seed', len(self.draws)) + 1) * 0x9e3779b1 + SEED
            self.draws.append(mulberry32(begin & 0xffffffff))
            return [len(self.draws) - 1]
        return []

    def __call__(self, x, trains):
        values = {'input': x}
        for one, name, inputs, own in self.layers:
            y = self.run(one, [values[each] for each in inputs], own, trains)
            values[name] = {'relu': torch.relu, 'tanh': torch.tanh}.get(one.get('activation'), lambda v: v)(y)
        return values[name]

    def run(self, one, inputs, own, trains):
        kind, x = one['type'], inputs[0]
        if kind == 'conv2d':
            kernel, bias = (self.parameters[n][0] for n in own)
            same = one['kernelSize'] // 2 if one.get('padding') == 'same' else 0
            z = F.conv2d(x.permute(0, 3, 1, 2), kernel.permute(3, 2, 0, 1), bias, padding=same)
            return z.permute(0, 2, 3, 1)
        if kind == 'dense':
            return x @ self.parameters[own[0]][0] + self.parameters[own[1]][0]
        if kind == 'batchNormalization':
            gamma, beta, mean, variance = (self.parameters[n][0] for n in own)
            if trains and one.get('trainable', True):
                axes = list(range(x.dim() - 1))
                momentum = one.get('momentum', 0.99)
                moving = mean, variance
                mean, variance = x.mean(axes), x.var(axes, unbiased=False)
                for n, before, now in zip(own[2:], moving, (mean, variance)):
                    self.parameters[n] = (before * momentum + now.detach() * (1 - momentum), False)
            return gamma * (x - mean) / torch.sqrt(variance + one.get('epsilon', 1e-3)) + beta
        if kind == 'dropout':
            if not trains:
                return x
            rate = one['rate']
            masks = [0.0 if next(self.draws[own[0]]) < rate else 1 / (1 - rate) for _ in range(x.numel())]
            return x * torch.tensor(masks).reshape(x.shape)
        if kind == 'flatten':
            return x.flatten(1)
        if kind == 'add':
            return inputs[0] + inputs[1]
        return x

    def flat(self):
        return torch.cat([values.detach().flatten() for values, _ in self.parameters]).tolist()


normal = lambda **options: layer('batchNormalization', statistics='batch', **options)
dense = lambda units, **options: layer('dense', units=units, **options)
cases = [
    ('a convolution before it, a relu behind it', [4, 3, 2], [layer('conv2d', filters=3, kernelSize=2), normal(),
     layer('activation', activation='relu'), layer('flatten'), dense(2)], 'squaredError', 5),
    ('four of them, of which one sees the input that a padded convolution reads, and two stand in a row', [3, 3, 2], [
     layer('conv2d', filters=2, kernelSize=3, padding='same', activation='tanh'),
     normal(name='side', inputs=['input'], momentum=0.5, epsilon=0.01), normal(name='main', inputs=['conv2d1']),
     layer('add', inputs=['side', 'main']), normal(momentum=0.9), layer('flatten'),
     normal(epsilon=0), dense(3, activation='tanh'), normal(), dense(2)], 'meanSquaredError', 4),
    ('a sequence, of one channel', [6, 1], [normal(momentum=0), layer('flatten'), dense(2)], 'squaredError', 3),
    ('the last layer', [5], [dense(4), normal()], 'squaredError', 40),
    ('one that is held fixed and one that learns', [5], [dense(4), normal(trainable=False), dense(3), normal(), dense(2)],
     'squaredError', 3),
    ('a batch of one vector', [3], [dense(4), normal(), dense(2)], 'squaredError', 1),
    ('with dropout before and behind it', [3, 3, 1], [layer('dropout', rate=0.25),
     layer('conv2d', filters=2, kernelSize=2, activation='tanh'), normal(), layer('dropout', rate=0.5, seed=7),
     layer('flatten'), dense(2)], 'squaredError', 35),
    ('with dropout alone', [3, 3, 1], [layer('dropout', rate=0.25), layer('conv2d', filters=2, kernelSize=2, activation='tanh'),
     layer('dropout', rate=0.4), layer('flatten'), dense(4), layer('dropout', rate=0), dense(2)], 'squaredError', 6),
]


def run(number, case):
    what, shape, layers, loss, count = case
    spec = {'name': 'batches', 'input': shape, 'layers': layers, 'loss': loss}
    network = Network(spec, torch.Generator().manual_seed(14 + number))
    random = torch.Generator().manual_seed(140 + number)
    one = {'what': what, 'spec': spec, 'seed': SEED, 'rate': RATE, 'count': count, 'parameters': network.flat(), 'steps': []}
    for step in range(4):
        # A mean far from 0 in comparison with the deviations: variances must not cancel.
        x = single(torch.randn(count, *shape, generator=random) + 3)
        t = single(torch.randn(count, 2 if layers[-1]['type'] == 'dense' else 4, generator=random))
        y = network(x, True)
        squares = (y - t).square()
        losses = squares.sum(1) / 2 if loss == 'squaredError' else squares.mean(1)
        losses.mean().backward()
        with torch.no_grad():
            for values, learns in network.parameters:
                if learns:
                    values -= RATE * values.grad
                    values.grad = None
        # What the network computes for the first sample afterwards, by its moving averages.
        one['steps'].append({'inputs': x.flatten().tolist(), 'targets': t.flatten().tolist(), 'loss': losses.mean().item(),
                             'parameters': network.flat(), 'output': network(x[:1], False).flatten().tolist()})
    return one


print(json.dumps([run(*each) for each in enumerate(cases)], separators=(',', ':')))
