"""Writes small ONNX models with PyTorch's exporter, each with an input and the output that PyTorch computes.

    python3 torchModels.py FOLDER [NAME...]
"""
import json
import os
import sys

import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, forward, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)
        self.f = forward

    def forward(self, *x):
        return self.f(self, *x)


def cnn():
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3), nn.ReLU(), nn.Flatten(), nn.Linear(6 * 2 * 3, 5), nn.Softmax(dim=1))


def view_flatten():
    return Net(lambda m, x: m.fc(m.conv(x).view(x.size(0), -1)), conv=nn.Conv2d(2, 3, 3), fc=nn.Linear(3 * 6 * 8, 4))


def residual():
    def f(m, x):
        y = F.relu(m.bn1(m.c1(x)))
        z = m.bn2(m.c2(y))
        return m.fc(F.adaptive_avg_pool2d(F.relu(z + m.skip(x)), 1).flatten(1))
    return Net(f, c1=nn.Conv2d(2, 4, 3, 2, 1, bias=False), bn1=nn.BatchNorm2d(4), c2=nn.Conv2d(4, 4, 3, 1, 1, bias=False),
               bn2=nn.BatchNorm2d(4), skip=nn.Conv2d(2, 4, 1, 2), fc=nn.Linear(4, 3))


def mobile():
    def f(m, x):
        y = F.relu6(m.dw(x))
        y = F.hardswish(m.pw(y))
        s = torch.sigmoid(m.b(F.relu(m.a(F.adaptive_avg_pool2d(y, 1)))))
        return (y * s).mean([2, 3])
    return Net(f, dw=nn.Conv2d(2, 4, 3, 1, 1, groups=2), pw=nn.Conv2d(4, 6, 1), a=nn.Conv2d(6, 2, 1), b=nn.Conv2d(2, 6, 1))


def unet():
    def f(m, x):
        a = F.leaky_relu(m.c1(x), 0.1)
        b = F.elu(m.c2(F.max_pool2d(a, 2)))
        return torch.tanh(m.c3(torch.cat([m.up(b), a], 1)))
    return Net(f, c1=nn.Conv2d(2, 3, 3, padding=1), c2=nn.Conv2d(3, 4, 3, padding=1),
               up=nn.ConvTranspose2d(4, 3, 2, 2), c3=nn.Conv2d(6, 1, 3, padding=1))


def transposed():
    return nn.Sequential(nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1), nn.SiLU(),
                         nn.ConvTranspose2d(3, 2, 4, stride=2, padding=1), nn.GELU())


def shuffle():
    def f(m, x):
        y = m.c1(x)
        n, c, h, w = y.shape
        y = y.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        return m.c2(y)
    return Net(f, c1=nn.Conv2d(2, 4, 1, groups=2), c2=nn.Conv2d(4, 4, 3, groups=2))


def upsample():
    return nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.Upsample(scale_factor=2, mode='nearest'), nn.Mish(),
                         nn.Conv2d(3, 2, 3, padding=1), nn.ZeroPad2d((1, 2, 0, 1)), nn.Hardtanh(-0.5, 0.75))


def mlp():
    return nn.Sequential(nn.Linear(7, 9), nn.BatchNorm1d(9), nn.Tanh(), nn.Dropout(0.3), nn.Linear(9, 4), nn.LogSoftmax(dim=1))


def normalised_input():
    def f(m, x):
        mean = torch.tensor([0.4, -0.2]).view(1, 2, 1, 1)
        std = torch.tensor([0.5, 1.5]).view(1, 2, 1, 1)
        return m.c((x - mean) / std) * 0.5 + 1
    return Net(f, c=nn.Conv2d(2, 3, 3))


def pools():
    return nn.Sequential(nn.MaxPool2d(3, 2, 1), nn.AvgPool2d(2, 1, 1, count_include_pad=False), nn.Conv2d(2, 3, 2),
                         nn.MaxPool2d(2, 2, ceil_mode=True), nn.AvgPool2d(3, 2, 1))


def conv1d():
    return nn.Sequential(nn.Conv1d(3, 4, 5, 2, 2), nn.ReLU(), nn.MaxPool1d(2), nn.BatchNorm1d(4), nn.Conv1d(4, 4, 3, groups=4),
                         nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(4, 2))


def norms():
    return nn.Sequential(nn.Conv2d(2, 4, 3), nn.GroupNorm(2, 4), nn.PReLU(4), nn.Conv2d(4, 4, 3), nn.InstanceNorm2d(4, affine=True),
                         nn.PReLU())


def layer_norm():
    return nn.Sequential(nn.Linear(6, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 3), nn.Sigmoid())


def pixel_shuffle():
    return nn.Sequential(nn.Conv2d(2, 8, 3, padding=1), nn.PixelShuffle(2), nn.ReflectionPad2d(1), nn.Conv2d(2, 1, 3))


def bilinear():
    return nn.Sequential(nn.Conv2d(2, 2, 3), nn.Upsample(scale_factor=2, mode='bilinear', align_corners=False),
                         nn.Upsample(size=(9, 11), mode='bilinear', align_corners=True))


def slices():
    def f(m, x):
        y = m.c(x)
        a, b = torch.chunk(y, 2, dim=1)
        return torch.max(a[:, :, 1:-1, ::2], b[:, :, 1:-1, ::2]) - torch.min(a, b)[:, :, 2:, 1::2]
    return Net(f, c=nn.Conv2d(2, 4, 3, padding=1))


def spatial_softmax():
    return nn.Sequential(nn.Conv2d(2, 3, 3), nn.Softmax(dim=1))


def vector_concat():
    def f(m, x):
        y = F.relu(m.c(x))
        return m.fc(torch.cat([y.flatten(1), y.mean([2, 3]), F.max_pool2d(y, 2).flatten(1)], 1))
    return Net(f, c=nn.Conv2d(2, 3, 3), fc=nn.Linear(3 * 6 * 8 + 3 + 3 * 3 * 4, 4))


def flat_output():
    return nn.Sequential(nn.Conv2d(2, 3, 3), nn.Flatten())


def attention():
    """Softmax over places, and a product with what it weighs: a mean over places with learned weights."""
    def f(m, x):
        y = m.c(x)
        w = torch.softmax(m.a(y).flatten(2), dim=2).view(y.shape[0], 1, y.shape[2], y.shape[3])
        return (y * w).sum([2, 3]) if False else (y * w).mean([2, 3])
    return Net(f, c=nn.Conv2d(2, 3, 3), a=nn.Conv2d(3, 1, 1))


image = (2, 8, 10)
models = {
    'cnn': (cnn, image), 'view_flatten': (view_flatten, image), 'residual': (residual, image), 'mobile': (mobile, image),
    'unet': (unet, image), 'transposed': (transposed, image), 'shuffle': (shuffle, image), 'upsample': (upsample, image),
    'mlp': (mlp, (7,)), 'normalised_input': (normalised_input, image), 'pools': (pools, image), 'conv1d': (conv1d, (3, 32)),
    'norms': (norms, image), 'layer_norm': (layer_norm, (6,)), 'pixel_shuffle': (pixel_shuffle, image),
    'bilinear': (bilinear, image), 'slices': (slices, image), 'spatial_softmax': (spatial_softmax, image),
    'vector_concat': (vector_concat, image), 'flat_output': (flat_output, image), 'attention': (attention, image),
}


def short(values):
    return [float(f'{value:.8g}') for value in values]


def settle(model):
    """Statistics and scales as after training."""
    for part in model.modules():
        if isinstance(part, (nn.BatchNorm2d, nn.BatchNorm1d)):
            part.running_mean.uniform_(-1, 1)
            part.running_var.uniform_(0.5, 2)
            part.weight.data.uniform_(0.5, 2)
            part.bias.data.uniform_(-1, 1)


def write(folder, names, known, **options):
    """OPSET=13, DYNAMIC=0 (one sample, whose size stands everywhere) and FUNCTIONS=1 (modules as functions) vary the export."""
    dynamic = os.environ.get('DYNAMIC', '1') == '1'
    if os.environ.get('FUNCTIONS') == '1':
        options['export_modules_as_functions'] = True
    for name in names or known:
        build, shape = known[name]
        torch.manual_seed(len(name))
        model = build().eval()
        settle(model)
        dtype = next(model.parameters(), torch.zeros(0)).dtype
        x = torch.randn(1, *shape, dtype=dtype)
        axes = {'dynamic_axes': {'x': {0: 'batch'}}} if dynamic else {}
        torch.onnx.export(model, x, f'{folder}/{name}.onnx', input_names=['x'], output_names=['y'],
                          opset_version=int(os.environ.get('OPSET', '16')), **axes, **options)
        y = model(x)
        json.dump({'input': short(x.flatten().tolist()), 'inputShape': list(x.shape[1:]), 'output': short(y.flatten().tolist()),
                   'outputShape': list(y.shape[1:])}, open(f'{folder}/{name}.json', 'w'))


if __name__ == '__main__':
    write(sys.argv[1], sys.argv[2:], models)
