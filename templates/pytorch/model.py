"""{{NAME}} in PyTorch: written by longhand; change the spec, not this file.

Inputs and outputs are channels last, as in the spec; inside, images are channels first.
"""
import json
import struct

import torch
import torch.nn.functional as F
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
{{MODULES}}

    def train(self, mode=True):
        """Batch normalisation keeps its statistics, as in longhand."""
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm):
                module.training = False
        return self

    def forward(self, x):
{{STEPS}}
        return {{RESULT}}


def loss(y, t):
    """The mean over the samples."""
    return ({{LOSS}}).mean()


# Each parameter of the spec: its name here, and the order of its axes here.
PARAMETERS = {
{{TABLE}}
}


def load_safetensors(model, path):
    """Takes the weights of a .safetensors file that longhand wrote."""
    with open(path, 'rb') as file:
        (length,) = struct.unpack('<Q', file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    state = model.state_dict()
    for name, (own, axes) in PARAMETERS.items():
        entry = header[name]
        kind = {'F32': torch.float32, 'F64': torch.float64}[entry['dtype']]
        begin, end = entry['data_offsets']
        values = torch.frombuffer(bytearray(data[begin:end]), dtype=kind).reshape(entry['shape'])
        values = values.permute(*axes) if axes else values
        state[own].copy_(values.reshape(state[own].shape))


def save_safetensors(model, path):
    """Writes the weights with the names and shapes of the spec, in float32."""
    state = model.state_dict()
    header, chunks, end = {}, [], 0
    for name, (own, axes) in PARAMETERS.items():
        values = state[own].detach().float().cpu()
        if len(axes) == 4 and getattr(model.get_submodule(own.rsplit('.', 1)[0]), 'groups', 1) > 1 and axes == (2, 3, 0, 1):
            groups = model.get_submodule(own.rsplit('.', 1)[0]).groups
            values = values.reshape(groups, -1, *values.shape[2:])
        if axes:
            back = [axes.index(axis) for axis in range(len(axes))]
            values = values.permute(*back)
        chunk = values.contiguous().numpy().tobytes()
        header[name] = {'dtype': 'F32', 'shape': list(values.shape), 'data_offsets': [end, end + len(chunk)]}
        chunks.append(chunk)
        end += len(chunk)
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + b''.join(chunks))
