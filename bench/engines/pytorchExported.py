"""A network that `longhand export --to pytorch` wrote, on one thread, for the dialogue of core/program.ts: pytorchExported.py DIRECTORY"""

import json
import math
import sys
import time

try:
    import torch
except ImportError:
    print("absent this Python has no torch", flush=True)
    sys.exit()

SAMPLE_COUNT = 256
torch.set_num_threads(1)
directory = sys.argv[1]
sys.path.insert(0, directory)
from model import PARAMETERS, Model, loss

network = json.load(open(f"{directory}/network.json"))
numbers = torch.frombuffer(bytearray(open(f"{directory}/samples", "rb").read()), dtype=torch.float32)
model = Model()
state = model.state_dict()
count = sum(math.prod(shape) for shape, _, _ in PARAMETERS.values())
size = math.prod(network["input"])
inputs = numbers[count : count + SAMPLE_COUNT * size].view(SAMPLE_COUNT, *network["input"])
# The model takes channels last and turns them; in memory they are first, as its operators want them.
if inputs.dim() == 4:
    inputs = inputs.permute(0, 3, 1, 2).contiguous().permute(0, 2, 3, 1)
targets = numbers[count + SAMPLE_COUNT * size :].view(SAMPLE_COUNT, -1)


def reset():
    at = 0
    with torch.no_grad():
        for shape, own, axes in PARAMETERS.values():
            values = numbers[at : at + math.prod(shape)].view(shape)
            at += math.prod(shape)
            state[own].copy_((values.permute(axes) if axes else values).reshape(state[own].shape))


def in_order():
    """The parameters as the spec has them."""
    flat = []
    for shape, own, axes in PARAMETERS.values():
        values = state[own]
        if axes:
            values = values.reshape([shape[axis] for axis in axes])
            values = values.permute([axes.index(axis) for axis in range(len(axes))])
        flat.append(values.flatten())
    return torch.cat(flat)


def predict(x):
    with torch.no_grad():
        return model(x)


def forward(batch, calls, rate):
    for k in range(calls):
        first = k * batch % SAMPLE_COUNT
        predict(inputs[first : first + batch])


def step(batch, calls, rate):
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    for k in range(calls):
        first = k * batch % SAMPLE_COUNT
        value = loss(model(inputs[first : first + batch]), targets[first : first + batch])
        optimizer.zero_grad()
        value.backward()
        optimizer.step()


def text(tensor):
    return " ".join(f"{value:.9g}" for value in tensor.detach().flatten().tolist())


def answer(command, *words):
    if command == "output":
        first, batch = int(words[0]), int(words[1])
        return text(predict(inputs[first : first + batch]))
    if command == "parameters":
        return text(in_order())
    if command == "reset":
        reset()
        return "0"
    batch, calls, rate = int(words[0]), int(words[1]), float(words[2])
    start = time.perf_counter_ns()
    {"forward": forward, "step": step}[command](batch, calls, rate)
    return str((time.perf_counter_ns() - start) / (batch * calls))


reset()
print(f"ready {torch.__version__}", flush=True)
for line in sys.stdin:
    try:
        print(answer(*line.split()), flush=True)
    except Exception as error:
        print("error", str(error).split("\n")[0], flush=True)
