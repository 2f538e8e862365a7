"""Writes optimizers.json: the parameters after each of some steps, by PyTorch in float64. Run by hand (Debian's python3-torch):

    /usr/bin/python3 test/training/optimizers.py > test/training/optimizers.json

The formulas of a spec are those of Keras. Where PyTorch puts its epsilon elsewhere, it is told the epsilon that says the same:
that of Adam grows with the correction of its second moment, that of Adagrad stands beside what the accumulator begins at. In
RMSprop there is no such number, and the epsilon of the spec is too small to be seen.
"""
import json
import math
import torch

torch.manual_seed(14)
torch.set_default_dtype(torch.float64)
RATE = 0.05
STEPS = 6
unseen = 1e-40


def adam(kind, beta1, beta2, epsilon, **options):
    def start(parameter):
        optimizer = kind([parameter], lr=RATE, betas=(beta1, beta2), **options)
        def before(step):
            optimizer.param_groups[0]['eps'] = epsilon / math.sqrt(1 - beta2**step)
        return optimizer, before
    return start


def plain(kind, **options):
    return lambda parameter: (kind([parameter], lr=RATE, **options), lambda step: None)


optim = torch.optim


class Nadam(optim.Optimizer):
    """Dozat 2016, algorithm 2, with Keras' momenta: PyTorch 1.13 counts one of them twice, 2.0 no longer."""
    def __init__(self, parameters, lr, betas, eps):
        super().__init__(parameters, dict(lr=lr, betas=betas, eps=eps))
        self.gradients = []

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group['betas']
            [p] = group['params']
            self.gradients.append(p.grad.clone())
            last = len(self.gradients)
            mu = [beta1 * (1 - 0.96**t / 2) for t in range(1, last + 2)]
            # All moments anew, as weighted sums of all gradients so far.
            m = sum((1 - beta1) * beta1**(last - 1 - n) * g for n, g in enumerate(self.gradients))
            v = sum((1 - beta2) * beta2**(last - 1 - n) * g**2 for n, g in enumerate(self.gradients))
            ahead = mu[last] * m / (1 - math.prod(mu)) + (1 - mu[last - 1]) * p.grad / (1 - math.prod(mu[:last]))
            p.sub_(group['lr'] * ahead / ((v / (1 - beta2**last)).sqrt() + group['eps']))


class Lion(optim.Optimizer):
    """Chen et al. 2023, algorithm 2; PyTorch has none."""
    def __init__(self, parameters, lr, betas, weight_decay=0):
        super().__init__(parameters, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                m = self.state[p].setdefault('m', torch.zeros_like(p))
                c = torch.lerp(p.grad, m, group['betas'][0])
                p.sub_(group['lr'] * (torch.sign(c) + group['weight_decay'] * p))
                m.copy_(torch.lerp(p.grad, m, group['betas'][1]))


cases = [
    ({'type': 'sgd'}, plain(optim.SGD)),
    ({'type': 'adam'}, adam(optim.Adam, 0.9, 0.999, 1e-7)),
    ({'type': 'adam', 'beta1': 0.4, 'beta2': 0.8, 'epsilon': 0.1}, adam(optim.Adam, 0.4, 0.8, 0.1)),
    ({'type': 'adamw'}, adam(optim.AdamW, 0.9, 0.999, 1e-7, weight_decay=0.004)),
    ({'type': 'adamw', 'weightDecay': 0.5, 'beta1': 0.5, 'epsilon': 0.01}, adam(optim.AdamW, 0.5, 0.999, 0.01, weight_decay=0.5)),
    ({'type': 'rmsprop', 'epsilon': unseen}, plain(optim.RMSprop, alpha=0.9, eps=0)),
    ({'type': 'rmsprop', 'epsilon': unseen, 'rho': 0.3, 'momentum': 0.7},
     plain(optim.RMSprop, alpha=0.3, momentum=0.7, eps=0)),
    ({'type': 'rmsprop', 'epsilon': unseen, 'centered': True}, plain(optim.RMSprop, alpha=0.9, centered=True, eps=0)),
    ({'type': 'rmsprop', 'epsilon': unseen, 'rho': 0.4, 'momentum': 0.5, 'centered': True},
     plain(optim.RMSprop, alpha=0.4, momentum=0.5, centered=True, eps=0)),
    ({'type': 'sgd', 'clipNorm': 2}, plain(optim.SGD)),
    ({'type': 'sgd', 'clipNorm': 100}, plain(optim.SGD)),
    ({'type': 'sgd', 'weightDecay': 0.1}, plain(optim.SGD, weight_decay=0.1)),
    ({'type': 'momentum', 'momentum': 0.8, 'weightDecay': 0.1, 'clipNorm': 1.5},
     plain(optim.SGD, momentum=0.8, weight_decay=0.1)),
    ({'type': 'adam', 'weightDecay': 0.3}, adam(optim.Adam, 0.9, 0.999, 1e-7, weight_decay=0.3)),
    ({'type': 'adam', 'weightDecay': 0.3, 'decoupledWeightDecay': True}, adam(optim.AdamW, 0.9, 0.999, 1e-7, weight_decay=0.3)),
    ({'type': 'adamw', 'clipNorm': 0.5}, adam(optim.AdamW, 0.9, 0.999, 1e-7, weight_decay=0.004)),
    ({'type': 'rmsprop', 'epsilon': unseen, 'weightDecay': 0.2, 'clipNorm': 3},
     plain(optim.RMSprop, alpha=0.9, eps=0, weight_decay=0.2)),
    ({'type': 'adagrad', 'weightDecay': 0.2}, plain(optim.Adagrad, initial_accumulator_value=0.1 + 1e-7, eps=0, weight_decay=0.2)),
    ({'type': 'adagrad'}, plain(optim.Adagrad, initial_accumulator_value=0.1 + 1e-7, eps=0)),
    ({'type': 'adagrad', 'initialAccumulatorValue': 2, 'epsilon': 0.5},
     plain(optim.Adagrad, initial_accumulator_value=2.5, eps=0)),
    ({'type': 'adadelta'}, plain(optim.Adadelta, rho=0.95, eps=1e-7)),
    ({'type': 'adadelta', 'rho': 0.6, 'epsilon': 0.1, 'weightDecay': 0.2}, plain(optim.Adadelta, rho=0.6, eps=0.1, weight_decay=0.2)),
    ({'type': 'adamax', 'epsilon': unseen}, plain(optim.Adamax, eps=0)),
    ({'type': 'adamax', 'epsilon': unseen, 'beta1': 0.5, 'beta2': 0.6}, plain(optim.Adamax, betas=(0.5, 0.6), eps=0)),
    ({'type': 'nadam'}, plain(Nadam, betas=(0.9, 0.999), eps=1e-7)),
    ({'type': 'nadam', 'beta1': 0.6, 'beta2': 0.8, 'epsilon': 0.05}, plain(Nadam, betas=(0.6, 0.8), eps=0.05)),
    ({'type': 'lion', 'clipNorm': 1.5}, plain(Lion, betas=(0.9, 0.99))),
    ({'type': 'lion'}, plain(Lion, betas=(0.9, 0.99))),
    ({'type': 'lion', 'beta1': 0.3, 'beta2': 0.6, 'weightDecay': 0.1, 'decoupledWeightDecay': True}, plain(Lion, betas=(0.3, 0.6), weight_decay=0.1)),
]


def single(values):
    """Numbers of float32, so that one table serves all forms."""
    return values.float().double()


def run(spec, start):
    first = single(torch.randn(8))
    gradients = single(torch.randn(STEPS, 8))
    parameter = torch.nn.Parameter(first.clone())
    optimizer, before = start(parameter)
    after = []
    for step in range(STEPS):
        before(step + 1)
        parameter.grad = gradients[step].clone()
        # Keras' formula; clip_grad_norm_ adds 1e-6 to the norm.
        norm, most = parameter.grad.norm().item(), spec.get('clipNorm', math.inf)
        if norm > most:
            parameter.grad *= most / norm
        optimizer.step()
        after.append(parameter.detach().tolist())
    return {'optimizer': spec, 'rate': RATE, 'start': first.tolist(), 'gradients': gradients.tolist(), 'parameters': after}


print(json.dumps([run(*case) for case in cases], separators=(',', ':')))
