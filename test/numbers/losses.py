"""Writes losses.json: losses and their gradients to 60 digits. Run by hand (Debian's python3-mpmath):

    python3 test/numbers/losses.py > test/numbers/losses.json

A loss is a formula of one sample, of outputs y and targets t, which stand in an activation. A row is the input of the last
activation, the target, the loss and its gradient with respect to that input; each as the nearest double. Every given number
is one of float32, so that one table serves all forms. Gradients are differences at 400 digits, taken beside no kink.
"""
import json
import math
import struct
import mpmath as mp

mp.mp.dps = 400
mpf = mp.mpf


def float32(x):
    return struct.unpack('f', struct.pack('f', x))[0]


def kept(least, most, u):
    return max(mpf(least), min(mpf(most), u))


def mean(term):
    return lambda y, t: sum(term(a, b) for a, b in zip(y, t)) / len(y)


def huber(delta):
    return lambda d: d * d / 2 if abs(d) <= delta else delta * (abs(d) - delta / 2)


def length(u):
    return mp.sqrt(max(sum(a * a for a in u), mpf(1e-7)))


def softmax(z):
    largest = max(z)
    e = [mp.exp(a - largest) for a in z]
    return [a / sum(e) for a in e]


def cross(y, t):
    return -sum(b * mp.log(a) for a, b in zip(y, t) if b != 0)


def binary(y, t):
    log = lambda p: mp.log(kept(1e-7, 1 - 1e-7, p))
    return -sum(b * log(a) + (1 - b) * log(1 - a) for a, b in zip(y, t)) / len(y)


def probabilities(y):
    return [kept(1e-7, 1 - 1e-7, a / sum(y)) for a in y]


def square(term):
    return lambda a, b: term(a, b) ** 2


def softplus(u):
    return mp.log1p(mp.exp(u)) if u < 1000 else u + mp.log1p(mp.exp(-u))


def of_logits(z, t):
    return sum(b * softplus(-a) + (1 - b) * softplus(a) for a, b in zip(z, t)) / len(z)


epsilon = mpf(1e-7)
pairs = [(y, t) for y in (1e-30, 1e-12, -1e-8, 1e-6, -1e-4, 0.003, 0.3, -0.7, 0.999, 1.5, 3.1, -7, 12, 30, 100, -1e4, 1e9)
         for t in (0, 1, 0.25, -1)]
close = [(1 + 2**-20, 1), (0.25 + 2**-22, 0.25), (1e6 + 0.0625, 1e6)]
counts = [(y, t) for y, t in pairs if y >= 0 and t >= 0]
bits = [(y, t) for y, t in pairs if t in (0, 1)]
logits = [(z, t) for z in (0, 1e-20, 1e-3, -0.5, 2, -5, 16, -16, 40, -90, 500, -1e6, 1e30) for t in (0, 1, 0.3)]
chances = [(y, t) for y in (1e-20, 1e-7, 1e-3, 0.3, 0.5, 0.9, 0.999, 1, 1.5) for t in (0, 1, 0.3)]
rows3 = [[0, 0, 0], [1, 2, 3], [20, 5, 3], [100, 90, 80], [-1e-6, 0, 1e-6], [100, 0, -100], [1e8, 1e8, 0], [1e30, 1e30, -1e30],
         [700, 0, -700], [88, 88, 87], [0.1, -0.2, 0.3], [30, 30.5, -1e9]]
targets3 = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.25, 0.5, 0.25]]
threes = [(z, t) for z in rows3 for t in targets3]
shares = [(y, t) for y in ([0.2, 0.3, 0.5], [1e-4, 0.5, 0.5], [0.9999, 5e-5, 5e-5], [2, 3, 5], [1e-12, 1, 1]) for t in targets3]
vectors = [(y, t) for y in ([1, 2, -3], [1e-2, 2e-2, 1e-2], [1e4, -1e4, 1], [1e-9, 1e-9, 0], [3, 0.5, 0.25]) for t in targets3 + [[2, -1, 4]]]
hinged = [(y, t) for y in ([0.5, 1.5, -2], [10, 9.5, -3], [1e4, 1, 0.5], [-4, 7, 1e-3]) for t in targets3[:3]]


def one(list_of_pairs):
    return [([a], [b]) for a, b in list_of_pairs]


linear = lambda z: z
losses = [
    ('squaredError', {}, 'linear', linear, lambda y, t: sum((a - b) ** 2 for a, b in zip(y, t)) / 2, one(pairs + close)),
    ('meanSquaredError', {}, 'linear', linear, mean(lambda a, b: (a - b) ** 2), one(pairs + close)),
    ('meanAbsoluteError', {}, 'linear', linear, mean(lambda a, b: abs(a - b)), one(pairs + close)),
    ('meanAbsolutePercentageError', {}, 'linear', linear, mean(lambda a, b: 100 * abs(a - b) / max(abs(b), epsilon)), one(pairs)),
    ('meanSquaredLogarithmicError', {}, 'linear', linear,
     mean(lambda a, b: (mp.log1p(max(a, epsilon)) - mp.log1p(max(b, epsilon))) ** 2), one(counts)),
    ('huber', {}, 'linear', linear, mean(lambda a, b: huber(mpf(1))(a - b)), one(pairs + close)),
    ('huber', {'delta': 0.5}, 'linear', linear, mean(lambda a, b: huber(mpf(0.5))(a - b)), one(pairs + close)),
    ('logCosh', {}, 'linear', linear, mean(lambda a, b: mp.log(mp.cosh(a - b))), one(pairs + close)),
    ('hinge', {}, 'linear', linear, mean(lambda a, b: max(1 - b * a, mpf(0))), one(pairs)),
    ('hinge', {'zeroOne': True}, 'linear', linear, mean(lambda a, b: max(1 - (2 * b - 1) * a, mpf(0))), one(bits)),
    ('squaredHinge', {}, 'linear', linear, mean(square(lambda a, b: max(1 - b * a, mpf(0)))), one(pairs)),
    ('poisson', {}, 'linear', linear, mean(lambda a, b: a - b * mp.log(a + epsilon)), one(counts)),
    ('binaryCrossentropy', {}, 'sigmoid', linear, of_logits, one(logits)),
    ('binaryCrossentropy', {'fromLogits': True}, 'linear', linear, of_logits, one(logits)),
    ('binaryCrossentropy', {'fromProbabilities': True}, 'linear', linear, binary,
     one([(y, t) for y, t in chances if y not in (1e-7, 1)])),
    ('categoricalCrossentropy', {}, 'softmax', softmax, cross, threes),
    ('categoricalCrossentropy', {}, 'logSoftmax', softmax, cross, threes),
    ('categoricalCrossentropy', {'fromLogits': True}, 'linear', softmax, cross, threes),
    ('categoricalCrossentropy', {'fromProbabilities': True}, 'linear', probabilities, cross, shares),
    ('kullbackLeiblerDivergence', {}, 'linear', linear,
     lambda y, t: sum(b * mp.log(kept(1e-7, 1, b) / kept(1e-7, 1, a)) for a, b in zip(y, t)), shares),
    ('cosineProximity', {}, 'linear', linear, lambda y, t: -sum(a * b for a, b in zip(y, t)) / (length(y) * length(t)), vectors),
    ('cosineDistance', {}, 'linear', linear, lambda y, t: 1 - sum(a * b for a, b in zip(y, t)), vectors),
    ('categoricalHinge', {}, 'linear', linear,
     lambda y, t: max(mpf(1) + max((1 - b) * a for a, b in zip(y, t)) - sum(a * b for a, b in zip(y, t)), mpf(0)), hinged),
    ('sparseCategoricalCrossentropy', {}, 'softmax', softmax, cross, threes),
    ('negativeLogLikelihood', {}, 'linear', linear, lambda y, t: -sum(a * b for a, b in zip(y, t)), threes),
]
classes = {'sparseCategoricalCrossentropy', 'negativeLogLikelihood'}


def written(value):
    near = float(value)
    return near if math.isfinite(near) else f"{'-' * (near < 0)}Infinity"


def slope(f, z, n):
    h = mpf(10) ** -150
    up, down = ([a + (h * sign if k == n else 0) for k, a in enumerate(z)] for sign in (1, -1))
    left, right = (f(z) - f(down)) / h, (f(up) - f(z)) / h
    # A kink has no slope.
    return (left + right) / 2 if abs(left - right) <= mpf(10) ** -60 * (1 + abs(left)) else None


tables = []
for name, options, activation, apply, loss, cases in losses:
    rows = []
    for given, target in cases:
        z, t = [mpf(float32(a)) for a in given], [mpf(float32(b)) for b in target]
        if name in classes and sorted(target)[-1] != 1:
            continue
        f = lambda at: loss(apply(at), t)
        slopes = [slope(f, z, n) for n in range(len(z))]
        if None in slopes:
            continue
        number = [target.index(1)] if name in classes else [float(b) for b in t]
        rows.append([[float(a) for a in z], number, written(f(z)), [written(s) for s in slopes]])
    tables.append({'loss': {'type': name, **options}, 'activation': activation, 'rows': rows})
print('[\n' + ',\n'.join(json.dumps(table) for table in tables) + '\n]')
