"""Small models after architectures that people train, exported as torchModels.py exports its own.

    python3 torchArchitectures.py FOLDER [NAME...]
"""
import sys

import torch
import torch.nn.functional as F
from torch import nn

from torchModels import Net, image, write


def block(i, o, k=3, s=1, g=1, act=nn.ReLU):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=False), nn.BatchNorm2d(o), act())


def lenet5():
    return nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
                         nn.Flatten(), nn.Linear(16, 12), nn.Tanh(), nn.Linear(12, 10))


def vgg():
    return nn.Sequential(block(2, 4), block(4, 4), nn.MaxPool2d(2, 2), block(4, 6), nn.MaxPool2d(2, 2), nn.AdaptiveAvgPool2d((2, 2)),
                         nn.Flatten(), nn.Linear(24, 8), nn.ReLU(True), nn.Dropout(), nn.Linear(8, 3))


def alexnet():
    return nn.Sequential(nn.Conv2d(2, 6, 5, 2, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(6, 4, 3, padding=1, groups=2), nn.ReLU(),
                         nn.Flatten(), nn.Dropout(0.5), nn.Linear(16, 5), nn.Softmax(1))


def mobilenet_v1():
    return nn.Sequential(block(2, 4, s=2), block(4, 4, g=4), block(4, 6, 1), block(6, 6, s=2, g=6), block(6, 8, 1),
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3))


def mobilenet_v2():
    def f(m, x):
        y = m.first(x)
        y = y + m.inverted(y)
        return m.fc(m.down(y).mean([2, 3]))
    return Net(f, first=block(2, 4, act=nn.ReLU6),
               inverted=nn.Sequential(block(4, 8, 1, act=nn.ReLU6), block(8, 8, g=8, act=nn.ReLU6), nn.Conv2d(8, 4, 1, bias=False), nn.BatchNorm2d(4)),
               down=block(4, 6, s=2, g=2, act=nn.ReLU6), fc=nn.Linear(6, 3))


def mobilenet_v3():
    def f(m, x):
        y = m.expand(x)
        s = F.adaptive_avg_pool2d(y, 1)
        y = y * F.hardsigmoid(m.up(F.relu(m.squeeze(s))))
        return F.hardswish(m.last(y)).flatten(1)
    return Net(f, expand=block(2, 6, act=nn.Hardswish), squeeze=nn.Conv2d(6, 2, 1), up=nn.Conv2d(2, 6, 1), last=nn.Conv2d(6, 2, 1))


def efficientnet():
    def f(m, x):
        y = m.deep(m.expand(x))
        y = y * torch.sigmoid(m.up(F.silu(m.squeeze(y.mean((2, 3), keepdim=True)))))
        return x + m.project(y)
    return Net(f, expand=block(2, 6, 1, act=nn.SiLU), deep=block(6, 6, 5, g=6, act=nn.SiLU), squeeze=nn.Conv2d(6, 2, 1),
               up=nn.Conv2d(2, 6, 1), project=nn.Sequential(nn.Conv2d(6, 2, 1, bias=False), nn.BatchNorm2d(2)))


def resnet():
    def f(m, x):
        y = m.pool(m.stem(x))
        y = F.relu(m.b(m.a(y)) + y)
        y = F.relu(m.d(m.c(y)) + m.skip(y))
        return m.fc(torch.flatten(m.average(y), 1))
    plain = lambda i, o, k=3, s=1: nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, bias=False), nn.BatchNorm2d(o))
    return Net(f, stem=block(2, 4, 7, 2), pool=nn.MaxPool2d(3, 2, 1), a=block(4, 4), b=plain(4, 4), c=block(4, 6, s=2), d=plain(6, 6),
               skip=plain(4, 6, 1, 2), average=nn.AdaptiveAvgPool2d((1, 1)), fc=nn.Linear(6, 3))


def bottleneck():
    def f(m, x):
        return F.relu(m.c(m.b(m.a(x))) + m.skip(x))
    return Net(f, a=block(2, 2, 1), b=block(2, 2), c=nn.Sequential(nn.Conv2d(2, 4, 1), nn.BatchNorm2d(4)), skip=nn.Conv2d(2, 4, 1))


def squeezenet():
    """Fire modules as in SqueezeNet 1.1, with its pools that reach beyond."""
    def fire(m, n, x):
        s = F.relu(getattr(m, f's{n}')(x))
        return torch.cat([F.relu(getattr(m, f'a{n}')(s)), F.relu(getattr(m, f'b{n}')(s))], 1)
    def f(m, x):
        y = F.max_pool2d(F.relu(m.c(x)), 3, 2, ceil_mode=True)
        y = F.max_pool2d(fire(m, 2, fire(m, 1, y)), 3, 2, ceil_mode=True)
        return torch.flatten(F.adaptive_avg_pool2d(F.relu(m.last(F.dropout(y, 0.5, False))), (1, 1)), 1)
    parts = {}
    for n, i in ((1, 4), (2, 6)):
        parts |= {f's{n}': nn.Conv2d(i, 2, 1), f'a{n}': nn.Conv2d(2, 3, 1), f'b{n}': nn.Conv2d(2, 3, 3, padding=1)}
    return Net(f, c=nn.Conv2d(2, 4, 3, 1), last=nn.Conv2d(6, 5, 1), **parts)


def densenet():
    def f(m, x):
        y = torch.cat([x, m.a(x)], 1)
        y = torch.cat([y, m.b(y)], 1)
        return F.avg_pool2d(m.t(y), 2)
    layer = lambda i, o: nn.Sequential(nn.BatchNorm2d(i), nn.ReLU(), nn.Conv2d(i, o, 3, padding=1, bias=False))
    return Net(f, a=layer(2, 3), b=layer(5, 3), t=nn.Sequential(nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 4, 1)))


def inception():
    def f(m, x):
        return torch.cat([m.a(x), m.b(x), m.c(x), m.d(F.max_pool2d(x, 3, 1, 1))], dim=1)
    return Net(f, a=block(2, 2, 1), b=nn.Sequential(block(2, 2, 1), block(2, 3)), c=nn.Sequential(block(2, 2, 1), block(2, 2, 5)), d=block(2, 2, 1))


def unet_deep():
    def f(m, x):
        a = m.a(x)
        b = m.b(F.max_pool2d(a, 2))
        c = m.c(F.max_pool2d(b, 2))
        y = m.d(torch.cat([F.interpolate(c, size=b.shape[2:], mode='nearest'), b], 1))
        return torch.sigmoid(m.out(m.e(torch.cat([m.up(y), a], 1))))
    return Net(f, a=block(2, 3), b=block(3, 4), c=block(4, 4), d=block(8, 4), up=nn.ConvTranspose2d(4, 3, 2, stride=2), e=block(6, 3), out=nn.Conv2d(3, 1, 1))


def aspp():
    def f(m, x):
        size = x.shape[2:]
        pooled = F.interpolate(m.p(F.adaptive_avg_pool2d(x, 1)), size=size, mode='bilinear', align_corners=False)
        return m.out(torch.cat([m.a(x), m.b(x), pooled], 1))
    return Net(f, a=nn.Conv2d(2, 2, 1), b=nn.Conv2d(2, 2, 3, padding=2, dilation=2), p=nn.Conv2d(2, 2, 1), out=nn.Conv2d(6, 2, 1))


def pyramid():
    def f(m, x):
        a = m.a(x)
        b = m.b(a)
        y = m.la(a) + F.interpolate(m.lb(b), scale_factor=2.0, mode='nearest')
        return m.out(F.interpolate(y, scale_factor=1.5, mode='bilinear', align_corners=False))
    return Net(f, a=block(2, 3), b=block(3, 4, s=2), la=nn.Conv2d(3, 2, 1), lb=nn.Conv2d(4, 2, 1), out=nn.Conv2d(2, 1, 3))


def convnext():
    def f(m, x):
        y = m.deep(x).permute(0, 2, 3, 1)
        y = m.out(F.gelu(m.wide(m.norm(y))))
        return x + (m.gamma * y).permute(0, 3, 1, 2)
    net = Net(f, deep=nn.Conv2d(4, 4, 7, padding=3, groups=4), norm=nn.LayerNorm(4, eps=1e-6), wide=nn.Linear(4, 8), out=nn.Linear(8, 4))
    net.gamma = nn.Parameter(torch.tensor([0.1, 0.5, -1.0, 2.0]))
    return nn.Sequential(nn.Conv2d(2, 4, 2, 2), net)


def mixer():
    def f(m, x):
        y = m.patch(x).flatten(2).transpose(1, 2)
        y = y + m.t2(F.gelu(m.t1(m.n1(y).transpose(1, 2)))).transpose(1, 2)
        y = y + m.c2(F.gelu(m.c1(m.n2(y))))
        return m.head(y.mean(dim=1))
    return Net(f, patch=nn.Conv2d(2, 4, 2, 2), n1=nn.LayerNorm(4), t1=nn.Linear(20, 6), t2=nn.Linear(6, 20), n2=nn.LayerNorm(4),
               c1=nn.Linear(4, 5), c2=nn.Linear(5, 4), head=nn.Linear(4, 3))


def cbam():
    def f(m, x):
        y = m.c(x)
        s = torch.sigmoid(m.mlp(F.adaptive_avg_pool2d(y, 1)) + m.mlp2(F.adaptive_max_pool2d(y, 1)))
        y = y * s
        p = torch.cat([y.mean(1, keepdim=True), y.max(1, keepdim=True)[0]], 1)
        return y * torch.sigmoid(m.place(p))
    return Net(f, c=nn.Conv2d(2, 4, 3, padding=1), mlp=nn.Conv2d(4, 4, 1), mlp2=nn.Conv2d(4, 4, 1), place=nn.Conv2d(2, 1, 7, padding=3))


def squeeze_excite():
    def f(m, x):
        y = m.c(x)
        n, c, _, _ = y.size()
        s = F.adaptive_avg_pool2d(y, 1).view(n, c)
        s = torch.sigmoid(m.b(F.relu(m.a(s)))).view(n, c, 1, 1)
        return y * s.expand_as(y)
    return Net(f, c=nn.Conv2d(2, 4, 3), a=nn.Linear(4, 2), b=nn.Linear(2, 4))


def ghost():
    def f(m, x):
        a = F.relu(m.a(x))
        return torch.cat([a, F.relu(m.b(a))], 1)[:, :5, :, :]
    return Net(f, a=nn.Conv2d(2, 3, 1, bias=False), b=nn.Conv2d(3, 3, 3, padding=1, groups=3, bias=False))


def shuffle_split():
    def f(m, x):
        a, b = x.chunk(2, dim=1)
        y = torch.cat((a, m.b(b)), 1)
        n, c, h, w = y.size()
        return torch.transpose(y.view(n, 2, c // 2, h, w), 1, 2).contiguous().view(n, -1, h, w)
    return nn.Sequential(nn.Conv2d(2, 4, 1), Net(f, b=block(2, 2)), nn.Conv2d(4, 2, 1))


def gated():
    return nn.Sequential(nn.Conv2d(2, 6, 3, padding=1), nn.GLU(dim=1), nn.Conv2d(3, 2, 1), nn.Softplus(), nn.Softsign())


def autoencoder():
    return nn.Sequential(nn.Conv2d(2, 4, 3, 2, 1), nn.LeakyReLU(0.2, True), nn.Conv2d(4, 6, 3, 2, 1), nn.ELU(),
                         nn.ConvTranspose2d(6, 4, 3, 2, 1, output_padding=(1, 0)), nn.ReLU(), nn.ConvTranspose2d(4, 2, 4, 2, 1), nn.Sigmoid())


def espcn():
    return nn.Sequential(nn.Conv2d(2, 4, 5, padding=2), nn.Tanh(), nn.Conv2d(4, 9, 3, padding=1), nn.PixelShuffle(3), nn.Hardtanh(0, 1))


def unshuffle():
    return nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(8, 3, 3), nn.Upsample(size=(5, 6), mode='bicubic', align_corners=False))


def style():
    return nn.Sequential(nn.ReflectionPad2d(2), nn.Conv2d(2, 3, 5), nn.InstanceNorm2d(3, affine=True), nn.ReLU(), nn.Upsample(scale_factor=2),
                         nn.ReplicationPad2d((1, 0, 2, 1)), nn.Conv2d(3, 2, 3), nn.InstanceNorm2d(2))


def temporal():
    def f(m, x):
        y = F.relu(m.a(F.pad(x, (4, 0))))
        z = m.b(y)[:, :, :-2]
        return m.out((torch.tanh(z) * torch.sigmoid(y))[:, :, -1])
    return Net(f, a=nn.Conv1d(3, 4, 3, dilation=2), b=nn.Conv1d(4, 4, 3, padding=2), out=nn.Linear(4, 2))


def keyword():
    """A 1-D network with a batch norm on the sound itself and max pools."""
    return nn.Sequential(nn.BatchNorm1d(3), nn.Conv1d(3, 4, 7, 2, 3), nn.ReLU(), nn.MaxPool1d(3, 2, 1), nn.Conv1d(4, 5, 3), nn.ReLU(), nn.AvgPool1d(2),
                         nn.Flatten(), nn.Linear(15, 4), nn.LogSoftmax(-1))


def vocoder():
    return nn.Sequential(nn.ConvTranspose1d(3, 4, 4, 2, 1), nn.LeakyReLU(0.1), nn.ConvTranspose1d(4, 2, 3, 3, bias=False, output_padding=1), nn.Tanh())


def last_step():
    return Net(lambda m, x: m.b(F.relu(m.a(x.transpose(1, 2)))[:, 0].squeeze(1)), a=nn.Linear(3, 4), b=nn.Linear(4, 2))


def powers():
    def f(m, x):
        y = m.c(x)
        return (y ** 2 + 0.5 * y.pow(3) - y.abs()) / 2 + torch.clamp(y, min=-0.2) - torch.clamp(y, max=0.3)
    return Net(f, c=nn.Conv2d(2, 2, 3))


def extremes():
    def f(m, x):
        y = m.c(x)
        return torch.cat([y.amax((2, 3)), y.amin((2, 3)), y.sum((2, 3)), y[:, [3, 0, 2]].mean((2, 3))], 1)
    return Net(f, c=nn.Conv2d(2, 4, 3))


def siamese_mean():
    def f(m, x):
        a, b = m.a(x), m.b(x)
        return torch.maximum(a, b) - torch.minimum(a, b) + (a - b) * (a - b)
    return Net(f, a=nn.Conv2d(2, 3, 3), b=nn.Conv2d(2, 3, 3))


def repeat():
    def f(m, x):
        g = F.adaptive_avg_pool2d(x, 1).repeat(1, 1, x.shape[2], x.shape[3])
        return m.c(torch.cat([x, g, x.flip(1) if False else x.repeat(1, 2, 1, 1)], 1))
    return Net(f, c=nn.Conv2d(8, 2, 1))


def head_reshape():
    """A detection head: [n, a·k, h, w] → [n, h·w·a, k]."""
    def f(m, x):
        y = m.c(x)
        n, _, h, w = y.shape
        return y.view(n, 2, 3, h, w).permute(0, 3, 4, 1, 2).contiguous().view(n, -1, 3)
    return Net(f, c=nn.Conv2d(2, 6, 3, 2))


def double():
    return nn.Sequential(nn.Conv2d(2, 3, 3), nn.Hardswish(), nn.Flatten(), nn.Linear(144, 3)).double()


def response_norm():
    return nn.Sequential(nn.Conv2d(2, 6, 1), nn.ReLU(), nn.LocalResponseNorm(5, 0.5, 0.75, 2.0), nn.MaxPool2d(2))


def local_norm():
    return nn.Sequential(nn.Conv2d(2, 3, (3, 1), (2, 1), (1, 0)), nn.SELU(), nn.LayerNorm([3, 4, 10]), nn.CELU(0.5), nn.Hardshrink(0.3), nn.Softshrink(0.1))


def gru():
    return Net(lambda m, x: m.fc(m.r(x.transpose(1, 2))[0][:, -1]), r=nn.GRU(3, 4, batch_first=True), fc=nn.Linear(4, 2))


def lstm():
    return Net(lambda m, x: m.fc(m.r(x.transpose(1, 2))[0][:, -1]), r=nn.LSTM(3, 4, batch_first=True), fc=nn.Linear(4, 2))


def conv3d():
    return nn.Conv3d(1, 2, 3)


sound = (3, 32)
architectures = {
    'lenet5': (lenet5, (1, 12, 12)), 'vgg': (vgg, (2, 16, 16)), 'alexnet': (alexnet, (2, 11, 11)), 'mobilenet_v1': (mobilenet_v1, image),
    'mobilenet_v2': (mobilenet_v2, image), 'mobilenet_v3': (mobilenet_v3, image), 'efficientnet': (efficientnet, image),
    'resnet': (resnet, (2, 24, 20)), 'bottleneck': (bottleneck, image), 'squeezenet': (squeezenet, (2, 15, 18)), 'densenet': (densenet, image),
    'inception': (inception, image), 'unet_deep': (unet_deep, image), 'aspp': (aspp, image), 'pyramid': (pyramid, image),
    'convnext': (convnext, image), 'mixer': (mixer, image), 'cbam': (cbam, image), 'squeeze_excite': (squeeze_excite, image),
    'ghost': (ghost, image), 'shuffle_split': (shuffle_split, image), 'gated': (gated, image), 'autoencoder': (autoencoder, (2, 8, 9)),
    'espcn': (espcn, (2, 4, 5)), 'unshuffle': (unshuffle, image), 'style': (style, (2, 6, 7)), 'temporal': (temporal, (3, 16)),
    'keyword': (keyword, sound), 'vocoder': (vocoder, (3, 9)), 'last_step': (last_step, (3, 5)), 'powers': (powers, image),
    'extremes': (extremes, image), 'siamese_mean': (siamese_mean, image), 'repeat': (repeat, image), 'head_reshape': (head_reshape, image),
    'double': (double, image), 'local_norm': (local_norm, image), 'response_norm': (response_norm, image),
}
# These must be refused, and by name.
refused = {'gru': (gru, sound), 'lstm': (lstm, sound), 'conv3d': (conv3d, (1, 4, 5, 6))}

if __name__ == '__main__':
    write(sys.argv[1], sys.argv[2:], architectures | refused)
