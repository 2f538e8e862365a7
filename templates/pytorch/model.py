"""{{NAME}} in PyTorch: written by longhand; change the spec, not this file.

Inputs and outputs are channels last, as in the spec; inside, images are channels first.
"""
import json
import struct

import torch
import torch.nn.functional as F
from torch import nn
{{HELPERS}}

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
{{LOSS}}

# Each parameter of the spec: its shape there, its name here, and the order of its axes here.
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
    for name, (shape, own, axes) in PARAMETERS.items():
        entry = header[name]
        if tuple(entry['shape']) != shape:
            raise ValueError(f'{path}: {name}: found shape {entry["shape"]}, expected {list(shape)}')
        kind = {'F32': torch.float32, 'F64': torch.float64}[entry['dtype']]
        begin, end = entry['data_offsets']
        values = torch.frombuffer(bytearray(data[begin:end]), dtype=kind).reshape(shape)
        values = values.permute(axes) if axes else values
        state[own].copy_(values.reshape(state[own].shape))


def save_safetensors(model, path):
    """Writes the weights with the names and shapes of the spec, in the precision of the model."""
    state = model.state_dict()
    header, chunks, end = {'__metadata__': {'longhand.spec': '{{DIGEST}}'}}, [], 0
    for name, (shape, own, axes) in PARAMETERS.items():
        values = state[own].detach().cpu()
        kind = 'F64' if values.dtype == torch.float64 else 'F32'
        values = values if kind == 'F64' else values.float()
        if axes:
            # The spec's axes in the order that they have here, then in their own.
            values = values.reshape([shape[axis] for axis in axes]).permute([axes.index(axis) for axis in range(len(axes))])
        chunk = values.contiguous().numpy().tobytes()
        header[name] = {'dtype': kind, 'shape': list(shape), 'data_offsets': [end, end + len(chunk)]}
        chunks.append(chunk)
        end += len(chunk)
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + b''.join(chunks))
