"""Writes table.json: activations and their derivatives to 60 digits. Run by hand (Debian's python3-mpmath):

    python3 test/numbers/table.py > test/numbers/table.json

A row is x, f(x), f'(x); each value as the nearest double and how far the exact value lies above it, in units of its last
place. Every x is a number of float32, so that one table serves all forms.
"""
import json
import math
import struct
import mpmath as mp

mp.mp.dps = 60


def float32(x):
    return struct.unpack('f', struct.pack('f', x))[0]


sizes = [2**-149, 3 * 2**-149, 2**-126, 1e-30, 1e-12, 1e-8, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1, 1.3, 1.7, 2, 2.4, 2.9, 3.1,
         3.7, 4.4, 5.3, 5.9, 6.1, 7.2, 8.5, 10, 12, 15, 17, 20, 26, 33, 37, 40, 55, 80, 86, 90, 100, 103, 200, 500, 690, 708, 720,
         740, 1e3, 1e6, 1e19, 1e30, 3e38]
points = sorted(float32(s * x) for x in sizes for s in (1, -1))
scale, alpha = mp.mpf(1.0507009873554805), mp.mpf(1.6732632423543772)
sigmoid = lambda x: 1 / (1 + mp.exp(-x))
softplus = lambda x: mp.log1p(mp.exp(x)) if x < 200 else x + mp.log1p(mp.exp(-x))
cdf = lambda x: mp.erfc(-x / mp.sqrt(2)) / 2
pdf = lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
sech2 = lambda x: 4 / (mp.exp(x) + mp.exp(-x)) ** 2
clip = lambda x: min(max((x + 3) / 6, mp.mpf(0)), mp.mpf(1))
inside = lambda x: 1 if -3 < x < 3 else 0
root, cube = mp.sqrt(2 / mp.pi), mp.mpf(0.044715)
bend = lambda x: root * (x + cube * x ** 3)
functions = {
    'elu': (lambda x: x if x > 0 else mp.expm1(x), lambda x: 1 if x > 0 else mp.exp(x)),
    'selu': (lambda x: scale * (x if x > 0 else alpha * mp.expm1(x)), lambda x: scale * (1 if x > 0 else alpha * mp.exp(x))),
    'sigmoid': (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    'tanh': (mp.tanh, sech2),
    'atan': (mp.atan, lambda x: 1 / (1 + x * x)),
    'softplus': (softplus, sigmoid),
    'softsign': (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2),
    'silu': (lambda x: x * sigmoid(x), lambda x: sigmoid(x) * (1 + x * sigmoid(-x))),
    'gelu': (lambda x: x * cdf(x), lambda x: cdf(x) + x * pdf(x)),
    'hardSigmoid': (clip, lambda x: mp.mpf(inside(x)) / 6),
    'hardSwish': (lambda x: x * clip(x), lambda x: clip(x) + (x / 6 if inside(x) else 0)),
    'logSigmoid': (lambda x: -softplus(-x), lambda x: sigmoid(-x)),
    'relu': (lambda x: max(x, mp.mpf(0)), lambda x: int(x > 0)),
    'relu6': (lambda x: min(max(x, mp.mpf(0)), mp.mpf(6)), lambda x: int(0 < x < 6)),
    'leakyRelu': (lambda x: x if x > 0 else mp.mpf(0.2) * x, lambda x: 1 if x > 0 else mp.mpf(0.2)),
    'celu': (lambda x: x if x > 0 else mp.expm1(x), lambda x: 1 if x > 0 else mp.exp(x)),
    'mish': (lambda x: x * mp.tanh(softplus(x)),
             lambda x: mp.tanh(softplus(x)) + x * sigmoid(x) * sech2(softplus(x))),
    'geluTanh': (lambda x: x * sigmoid(2 * bend(x)),
                 lambda x: sigmoid(2 * bend(x)) + x * sigmoid(2 * bend(x)) * sigmoid(-2 * bend(x)) * 2 * root * (1 + 3 * cube * x * x)),
    'thresholdedRelu': (lambda x: x if x > 1 else mp.mpf(0), lambda x: int(x > 1)),
    'hardShrink': (lambda x: x if abs(x) > 0.5 else mp.mpf(0), lambda x: int(abs(x) > 0.5)),
    'softShrink': (lambda x: mp.sign(x) * max(abs(x) - mp.mpf(0.5), mp.mpf(0)), lambda x: int(abs(x) > 0.5)),
    'step': (lambda x: mp.mpf(int(x > 0)), lambda x: mp.mpf(0)),
    'exp': (mp.exp, mp.exp),
    'erf': (mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    'abs': (abs, mp.sign),
}


def rounded(value):
    near = float(value)
    if math.isnan(near):
        return ['NaN', 0]
    if near == 0 or math.isinf(near):
        return [0.0 if near == 0 else f"{'-' * (near < 0)}Infinity", 0]
    return [near, round(float((value - mp.mpf(near)) / mp.mpf(math.ulp(near))), 3)]


def written(x):
    return x if math.isfinite(x) else f"{'-' * (x < 0)}Infinity"


points += [0.0, -0.0, math.inf, -math.inf]
rows = {name: [[written(x), *rounded(mp.mpf(f(mp.mpf(x)))), *rounded(mp.mpf(d(mp.mpf(x))))] for x in points]
        for name, (f, d) in functions.items()}
print('{\n' + ',\n'.join(f'"{name}": {json.dumps(row)}' for name, row in rows.items()) + '\n}')
