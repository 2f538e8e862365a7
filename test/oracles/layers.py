"""Computes test/oracles/layers.json with PyTorch in float64: python3 test/oracles/layers.py > test/oracles/layers.json

Each case is a spec and what it says in PyTorch's own words; numbers come from a seed. Images are [height, width, channels].
"""
import json
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
cases = []


def first(x):
    return x.permute(2, 0, 1)[None]


def last(y):
    return y[0].permute(1, 2, 0)


def case(name, input_shape, layers, shapes, run, loss=None, criterion=None, target=None, positive=False, **more):
    """run(x, *parameters) is the network; criterion(y, t) its loss."""
    torch.manual_seed(len(cases) + 1)
    x = torch.rand(*input_shape) * 2 - 1
    if positive:
        x = x.abs() + 0.5
    x.requires_grad_(True)
    parameters = [(torch.rand(*shape) - 0.5).requires_grad_(True) for shape in shapes]
    y = run(x, *parameters)
    spec = {"name": "oracle", "input": list(input_shape), "layers": layers, **more}
    one = {"what": name, "spec": spec, "parameters": [], "gradients": []}
    if loss is None:
        given = torch.rand(*y.shape) * 2 - 1
        one["outputGradient"] = given.flatten().tolist()
        total = (y * given).sum()
    else:
        spec["loss"] = loss
        t = target(y) if callable(target) else target
        one["target"] = t.flatten().tolist()
        total = criterion(y, t)
        one["loss"] = total.item()
    total.backward()
    for p in parameters:
        one["parameters"] += p.detach().flatten().tolist()
        one["gradients"] += (torch.zeros_like(p) if p.grad is None else p.grad).flatten().tolist()
    one["input"] = x.detach().flatten().tolist()
    one["inputGradient"] = (torch.zeros_like(x) if x.grad is None else x.grad).flatten().tolist()
    one["output"] = y.detach().flatten().tolist()
    one["outputShape"] = list(y.shape)
    cases.append(one)


def layer(type, **options):
    return {"type": type, **options}


# Sequences: [places, channels].
row = lambda x: x.t()[None]
back = lambda y: y[0].t()
case("conv1d", (7, 2), [layer("conv1d", filters=3, kernelSize=3, strides=2, padding=[2, 1])], [(3, 2, 3), (3,)],
     lambda x, w, b: back(F.conv1d(F.pad(row(x), (2, 1)), w.permute(2, 1, 0), b, stride=2)))
case("conv1d causal", (6, 2), [layer("conv1d", filters=2, kernelSize=2, dilationRate=2, padding="causal", useBias=False)], [(2, 2, 2)],
     lambda x, w: back(F.conv1d(F.pad(row(x), (2, 0)), w.permute(2, 1, 0), dilation=2)))
case("maxPooling1d", (7, 2), [layer("maxPooling1d", poolSize=3, strides=2)], [], lambda x: back(F.max_pool1d(row(x), 3, 2)))
case("averagePooling1d", (7, 2), [layer("averagePooling1d", poolSize=3, strides=2)], [], lambda x: back(F.avg_pool1d(row(x), 3, 2)))
case("globalAveragePooling1d", (5, 3), [layer("globalAveragePooling1d")], [], lambda x: x.mean(0))
case("globalMaxPooling1d", (5, 3), [layer("globalMaxPooling1d")], [], lambda x: x.max(0).values)

# Windows.
case("maxPooling2d dilated, ceilMode", (7, 6, 2), [layer("maxPooling2d", poolSize=2, strides=2, dilationRate=2, ceilMode=True)], [],
     lambda x: last(F.max_pool2d(first(x), 2, 2, dilation=2, ceil_mode=True)))
case("averagePooling2d countIncludePad", (5, 5, 2), [layer("averagePooling2d", poolSize=3, strides=2, padding=[[1, 1], [1, 1]], countIncludePad=True)], [],
     lambda x: last(F.avg_pool2d(first(x), 3, 2, padding=1, count_include_pad=True)))
case("averagePooling2d ceilMode", (6, 5, 1), [layer("averagePooling2d", poolSize=3, strides=2, ceilMode=True)], [],
     lambda x: last(F.avg_pool2d(first(x), 3, 2, ceil_mode=True)))
case("conv2dTranspose", (3, 4, 4), [layer("conv2dTranspose", filters=2, kernelSize=3, strides=2, padding=[[1, 1], [1, 1]], groups=2, outputPadding=1)],
     [(3, 3, 1, 4), (2,)],
     lambda x, w, b: last(F.conv_transpose2d(first(x), w.permute(3, 2, 0, 1), b, stride=2, padding=1, output_padding=1, groups=2)))
case("conv2dTranspose dilated", (3, 3, 2), [layer("conv2dTranspose", filters=2, kernelSize=2, dilationRate=2)], [(2, 2, 2, 2), (2,)],
     lambda x, w, b: last(F.conv_transpose2d(first(x), w.permute(3, 2, 0, 1), b, dilation=2)))

# Norms.
case("layerNormalization", (3, 2, 4), [layer("layerNormalization", epsilon=1e-3)], [(4,), (4,)], lambda x, g, b: F.layer_norm(x, (4,), g, b, 1e-3))
case("groupNormalization", (3, 2, 4), [layer("groupNormalization", groups=2)], [(4,), (4,)], lambda x, g, b: last(F.group_norm(first(x), 2, g, b, 1e-3)))
case("instanceNormalization", (3, 2, 2), [layer("instanceNormalization")], [(2,), (2,)], lambda x, g, b: last(F.instance_norm(first(x), weight=g, bias=b, eps=1e-3)))
# PyTorch divides alpha by the size of the window, TensorFlow does not.
case("localResponseNormalization", (2, 2, 6), [layer("localResponseNormalization", depthRadius=2, alpha=0.2, beta=0.75, bias=1.5)], [],
     lambda x: last(F.local_response_norm(first(x), 5, alpha=1.0, beta=0.75, k=1.5)))

# Element by element.
case("prelu", (3, 2, 3), [layer("prelu")], [(3,)], lambda x, a: last(F.prelu(first(x), a)))
case("biasAdd", (2, 2, 2), [layer("biasAdd", perPlace=True)], [(2, 2, 2)], lambda x, b: x + b)
case("rescaling", (2, 3, 1), [layer("rescaling", scale=0.3, offset=-1)], [], lambda x: 0.3 * x - 1)

# Places.
for mode, torch_mode in (("constant", "constant"), ("reflect", "reflect"), ("edge", "replicate")):
    value = {"value": 0.5} if mode == "constant" else {}
    case(f"padding2d {mode}", (3, 4, 2), [layer("padding2d", padding=[[1, 2], [2, 0]], mode=mode, **value)], [],
         lambda x, m=torch_mode, v=value: last(F.pad(first(x), (2, 0, 1, 2), mode=m, **v)))
case("padding2d symmetric", (3, 3, 1), [layer("padding2d", padding=[[1, 0], [0, 2]], mode="symmetric")], [],
     lambda x: torch.cat([torch.cat([x[:1], x]), torch.cat([x[:1], x]).flip(1)[:, :2]], 1))
case("cropping2d", (4, 5, 2), [layer("cropping2d", cropping=[[1, 0], [2, 1]])], [], lambda x: x[1:, 2:4])
case("slice", (4, 5, 3), [layer("slice", begin=[3, 0, 1], size=[2, 3, 2], strides=[-2, 2, 1])], [], lambda x: x.flip(0)[0::2][:, 0::2, 1:])
case("permute", (2, 3, 4), [layer("permute", dims=[3, 1, 2])], [], lambda x: x.permute(2, 0, 1))
case("resizing bilinear", (3, 4, 2), [layer("resizing", height=5, width=6)], [],
     lambda x: last(F.interpolate(first(x), (5, 6), mode="bilinear", align_corners=False)))
case("resizing alignCorners", (3, 4, 2), [layer("resizing", height=5, width=3, coordinates="alignCorners")], [],
     lambda x: last(F.interpolate(first(x), (5, 3), mode="bilinear", align_corners=True)))
case("resizing nearest", (3, 4, 2), [layer("resizing", height=5, width=7, interpolation="nearest", coordinates="asymmetric")], [],
     lambda x: last(F.interpolate(first(x), (5, 7), mode="nearest")))
case("upSampling2d bilinear", (2, 3, 2), [layer("upSampling2d", size=2, interpolation="bilinear")], [],
     lambda x: last(F.interpolate(first(x), scale_factor=2, mode="bilinear", align_corners=False)))
case("depthToSpace crd", (2, 2, 8), [layer("depthToSpace", order="crd")], [], lambda x: last(F.pixel_shuffle(first(x), 2)))
case("spaceToDepth crd", (4, 2, 2), [layer("spaceToDepth", order="crd")], [], lambda x: last(F.pixel_unshuffle(first(x), 2)))

# Merges that repeat channels and places.
scale = [layer("globalAveragePooling2d", name="mean")]
case("subtract", (2, 3, 2), scale + [layer("subtract", inputs=["input", "mean"])], [], lambda x: x - x.mean((0, 1)))
case("divide", (2, 3, 2), scale + [layer("divide", inputs=["input", "mean"])], [], lambda x: x / x.mean((0, 1)), positive=True)
case("maximum", (2, 3, 2), scale + [layer("maximum", inputs=["input", "mean"])], [], lambda x: torch.maximum(x, x.mean((0, 1))))
case("minimum", (2, 3, 2), scale + [layer("minimum", inputs=["input", "mean"])], [], lambda x: torch.minimum(x, x.mean((0, 1))))
case("average", (2, 3, 2), scale + [layer("average", inputs=["input", "mean"])], [], lambda x: (x + x.mean((0, 1))) / 2)
case("squaredDifference", (2, 3, 2), scale + [layer("squaredDifference", inputs=["input", "mean"])], [], lambda x: (x - x.mean((0, 1))) ** 2)
case("dot", (2, 3, 2), scale + [layer("globalMaxPooling2d", name="most", inputs=["input"]), layer("dot", inputs=["mean", "most"])], [],
     lambda x: (x.mean((0, 1)) * x.amax((0, 1))).sum()[None])
case("concatenate axis", (2, 3, 2), [layer("concatenate", inputs=["input", "input"], axis=1)], [], lambda x: torch.cat([x, x], 0))

# A layer used twice.
case("weightsOf", (4, 4, 2), [layer("conv2d", name="a", filters=2, kernelSize=3, padding="same", activation="tanh"),
                              layer("conv2d", weightsOf="a", strides=1), layer("add", inputs=["a", "conv2d2"])], [(3, 3, 2, 2), (2,)],
     lambda x, w, b: (lambda f: f(x) + f(f(x)))(lambda u: last(torch.tanh(F.conv2d(first(u), w.permute(3, 2, 0, 1), b, padding=1)))))

# Options that the cases above leave out.
case("conv1d groups, flipKernel", (5, 4), [layer("conv1d", filters=4, kernelSize=2, groups=2, flipKernel=True)], [(2, 2, 4), (4,)],
     lambda x, w, b: back(F.conv1d(row(x), w.flip(0).permute(2, 1, 0), b, groups=2)))
case("conv2dTranspose without bias", (2, 3, 2), [layer("conv2dTranspose", filters=1, kernelSize=2, strides=2, useBias=False)], [(2, 2, 1, 2)],
     lambda x, w: last(F.conv_transpose2d(first(x), w.permute(3, 2, 0, 1), stride=2)))
case("depthwiseConv2d dilated, without bias", (5, 5, 2), [layer("depthwiseConv2d", kernelSize=2, dilationRate=2, depthMultiplier=2, useBias=False)], [(2, 2, 2, 2)],
     lambda x, w: last(F.conv2d(first(x), w.permute(2, 3, 0, 1).reshape(4, 1, 2, 2), dilation=2, groups=2)))
case("maxPooling1d padded, dilated, ceilMode", (8, 2), [layer("maxPooling1d", poolSize=2, strides=2, padding=[1, 1], dilationRate=2, ceilMode=True)], [],
     lambda x: back(F.max_pool1d(row(x), 2, 2, padding=1, dilation=2, ceil_mode=True)))
case("averagePooling1d padded, ceilMode", (6, 2), [layer("averagePooling1d", poolSize=3, strides=2, padding=[1, 1], ceilMode=True, countIncludePad=True)], [],
     lambda x: back(F.avg_pool1d(row(x), 3, 2, padding=1, ceil_mode=True, count_include_pad=True)))
case("prelu perPlace", (2, 2, 2), [layer("prelu", perPlace=True)], [(2, 2, 2)], lambda x, a: F.relu(x) - a * F.relu(-x))
case("groupNormalization epsilon", (2, 2, 4), [layer("groupNormalization", groups=2, epsilon=0.1)], [(4,), (4,)], lambda x, g, b: last(F.group_norm(first(x), 2, g, b, 0.1)))
case("instanceNormalization epsilon", (2, 2, 2), [layer("instanceNormalization", epsilon=0.1)], [(2,), (2,)], lambda x, g, b: last(F.instance_norm(first(x), weight=g, bias=b, eps=0.1)))
case("depthToSpace blockSize", (1, 2, 9), [layer("depthToSpace", blockSize=3, order="crd")], [], lambda x: last(F.pixel_shuffle(first(x), 3)))
case("spaceToDepth blockSize", (3, 3, 1), [layer("spaceToDepth", blockSize=3, order="crd")], [], lambda x: last(F.pixel_unshuffle(first(x), 3)))
# Losses.
same = lambda y: torch.rand(*y.shape)
signs = lambda y: torch.sign(torch.rand(*y.shape) - 0.5)
labels = lambda y: torch.randint(0, y.shape[-1], y.shape[:-1] or (1,)).double()
one_hot = lambda y: F.one_hot(torch.randint(0, y.shape[-1], y.shape[:-1]), y.shape[-1]).double()
rows = lambda y: y.reshape(-1, y.shape[-1])
identity = [layer("activation", activation="linear")]
case("meanAbsoluteError", (2, 2, 3), identity, [], lambda x: x * 1, "meanAbsoluteError", F.l1_loss, same)
case("huber", (2, 2, 3), identity, [], lambda x: x * 1, {"type": "huber", "delta": 0.4}, lambda y, t: F.huber_loss(y, t, delta=0.4), same)
case("hinge", (6,), identity, [], lambda x: x * 1, "hinge", lambda y, t: F.relu(1 - t * y).mean(), signs)
case("poisson", (6,), identity, [], lambda x: x * 1, {"type": "poisson", "epsilon": 1e-8},
     lambda y, t: F.poisson_nll_loss(y, t, log_input=False, eps=1e-8), same, positive=True)
case("binaryCrossentropy fromLogits", (6,), identity, [], lambda x: x * 1, {"type": "binaryCrossentropy", "fromLogits": True}, F.binary_cross_entropy_with_logits, same)
case("categoricalCrossentropy fromLogits, smoothed", (2, 3, 4), identity, [], lambda x: x * 1,
     {"type": "categoricalCrossentropy", "fromLogits": True, "labelSmoothing": 0.2, "reduction": "mean"},
     lambda y, t: F.cross_entropy(rows(y), rows(t), label_smoothing=0.2), one_hot)
weights = [0.5, 2.0, 1.0, 1.5]
case("sparseCategoricalCrossentropy with classWeights", (2, 3, 4), identity, [], lambda x: x * 1,
     {"type": "sparseCategoricalCrossentropy", "fromLogits": True, "classWeights": weights, "reduction": "mean"},
     lambda y, t: F.cross_entropy(rows(y), t.flatten().long(), torch.tensor(weights)), labels)
case("sparseCategoricalCrossentropy with ignoreClass", (3, 3, 4), [layer("activation", activation="softmax")], [], lambda x: torch.softmax(x, -1),
     {"type": "sparseCategoricalCrossentropy", "ignoreClass": 1, "reduction": "mean"},
     lambda y, t: F.nll_loss(rows(y).log(), t.flatten().long(), ignore_index=1), labels)
case("negativeLogLikelihood", (2, 3, 4), [layer("activation", activation="logSoftmax")], [], lambda x: torch.log_softmax(x, -1),
     {"type": "negativeLogLikelihood", "reduction": "mean"}, lambda y, t: F.nll_loss(rows(y), t.flatten().long()), labels)

# Outside of training nothing is left out.
case("dropout", (2, 3, 2), [layer("dropout", rate=0.4, seed=3)], [], lambda x: F.dropout(x, 0.4, training=False) * 1)

# More losses; probabilities of 0 and 1 are met by hardsigmoid, and targets of 0.
zero_or_share = lambda y: torch.rand(*y.shape) * (torch.rand(*y.shape) > 0.3)
hard = [layer("rescaling", scale=5), layer("activation", activation="hardSigmoid")]
to_hard = lambda x: (5 * x / 6 + 0.5).clamp(0, 1)
kept = lambda p: p.clamp(1e-7, 1 - 1e-7)
case("categoricalCrossentropy fromProbabilities", (2, 3, 4), hard, [], to_hard,
     {"type": "categoricalCrossentropy", "fromProbabilities": True, "reduction": "mean"},
     lambda y, t: -(t * kept(y / y.sum(-1, keepdim=True)).log()).sum(-1).mean(), one_hot)
case("categoricalCrossentropy fromProbabilities of sigmoids", (5,), [layer("activation", activation="sigmoid")], [], torch.sigmoid,
     {"type": "categoricalCrossentropy", "fromProbabilities": True}, lambda y, t: F.cross_entropy(y.log(), t), one_hot)
case("sparseCategoricalCrossentropy fromProbabilities", (2, 3, 4), [layer("activation", activation="softplus")], [], F.softplus,
     {"type": "sparseCategoricalCrossentropy", "fromProbabilities": True, "reduction": "mean"},
     lambda y, t: F.cross_entropy(rows(y).log(), t.flatten().long()), labels)
case("binaryCrossentropy fromProbabilities", (2, 2, 3), hard, [], to_hard,
     {"type": "binaryCrossentropy", "fromProbabilities": True}, lambda y, t: -(t * kept(y).log() + (1 - t) * kept(1 - y).log()).mean(), same)
case("meanAbsolutePercentageError", (2, 2, 3), identity, [], lambda x: x * 1, "meanAbsolutePercentageError",
     lambda y, t: 100 * ((y - t) / t).abs().mean(), same)
case("meanSquaredLogarithmicError", (3, 4), identity, [], lambda x: x * 1, "meanSquaredLogarithmicError",
     lambda y, t: F.mse_loss(torch.log1p(y.clamp_min(1e-7)), torch.log1p(t.clamp_min(1e-7))), zero_or_share)
case("logCosh", (6,), identity, [], lambda x: x * 1, {"type": "logCosh", "reduction": "sum"}, lambda y, t: torch.cosh(y - t).log().sum(), same)
case("squaredHinge", (2, 3), identity, [], lambda x: x * 1, "squaredHinge", lambda y, t: F.relu(1 - t * y).square().mean(), signs)
case("categoricalHinge", (2, 3, 4), identity, [], lambda x: x * 1, "categoricalHinge",
     lambda y, t: F.relu(1 + ((1 - t) * y).max(-1).values - (t * y).sum(-1)).mean(), one_hot)
case("kullbackLeiblerDivergence", (2, 3, 4), [layer("activation", activation="softmax")], [], lambda x: torch.softmax(x, -1), "kullbackLeiblerDivergence",
     lambda y, t: F.kl_div(y.log(), t, reduction="none").sum(-1).mean(), lambda y: torch.softmax(torch.randn(*y.shape), -1))
case("cosineProximity", (2, 3, 4), identity, [], lambda x: x * 1, "cosineProximity", lambda y, t: -F.cosine_similarity(y, t, dim=-1).mean(), same)
case("cosineDistance", (3, 4), identity, [], lambda x: x * 1, {"type": "cosineDistance", "weights": [1, 0, 2.5], "reduction": "sum"},
     lambda y, t: (torch.tensor([1, 0, 2.5]) * (1 - (t * y).sum(-1))).sum(), same)

# Resizes by a cubic, means along axes, norms.
case("upSampling2d bicubic", (3, 4, 2), [layer("upSampling2d", size=[2, 3], interpolation="bicubic", cubicCoefficient=-0.75, excludeOutside=False)], [],
     lambda x: last(F.interpolate(first(x), scale_factor=(2, 3), mode="bicubic", align_corners=False)))
case("resizing bicubic", (5, 4, 2), [layer("resizing", height=7, width=3, interpolation="bicubic", coordinates="alignCorners", cubicCoefficient=-0.75, excludeOutside=False)], [],
     lambda x: last(F.interpolate(first(x), size=(7, 3), mode="bicubic", align_corners=True)))


def keys(size, out):
    """Rows of weights by Keras' cubic (Keys 1981, a = -1/2), those of places outside left out."""
    def weight(d):
        return 1.5 * d**3 - 2.5 * d**2 + 1 if d <= 1 else -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2 if d < 2 else 0
    rows = torch.tensor([[weight(abs((k + 0.5) * size / out - 0.5 - n)) for n in range(size)] for k in range(out)])
    return rows / rows.sum(1, keepdim=True)


case("resizing bicubic of Keras", (5, 4, 2), [layer("resizing", height=10, width=7, interpolation="bicubic")], [],
     lambda x: torch.einsum("ai,bj,ijc->abc", keys(5, 10), keys(4, 7), x))
case("reduceMean", (3, 4, 2), [layer("reduceMean", axes=[1, 3])], [], lambda x: x.mean((0, 2)))
case("reduceMean keepDims", (3, 4, 2), [layer("reduceMean", axes=[-2], keepDims=True)], [], lambda x: x.mean(1, keepdim=True))
case("unitNormalization", (3, 4, 2), [layer("unitNormalization", axis=2)], [], lambda x: F.normalize(x, dim=1))
case("unitNormalization of absolute values", (5,), [layer("unitNormalization", order=1)], [], lambda x: F.normalize(x, p=1, dim=0))
positive = [layer("activation", activation="exp")]
case("lpPooling2d", (5, 6, 2), positive + [layer("lpPooling2d", poolSize=[2, 3], strides=[2, 1], order=3, ceilMode=False)], [],
     lambda x: last(F.lp_pool2d(first(x.exp()), 3, (2, 3), (2, 1))))
case("lpPooling2d padded, dilated", (4, 5, 2), [layer("lpPooling2d", poolSize=2, strides=1, padding=[[1, 0], [1, 1]], dilationRate=2)], [],
     lambda x: last((F.conv2d(F.pad(first(x).square(), (1, 1, 1, 0)), torch.ones(2, 1, 2, 2), dilation=2, groups=2) + 1e-300).sqrt()))
case("lpPooling1d", (7, 2), [layer("lpPooling1d", poolSize=3, strides=2, order=4, padding=[0, 0], dilationRate=1, ceilMode=False)], [], lambda x: back(F.lp_pool1d(row(x), 4, 3, 2)))
case("batchNormalization with learned statistics", (2, 3, 4), [layer("batchNormalization", epsilon=0.7, statistics="learned")], [(4,)] * 4,
     lambda x, g, b, m, v: (x - m) * (v + 0.7).rsqrt() * g + b)

print(json.dumps(cases, separators=(",", ":")).replace('{"what"', '\n{"what"'))
