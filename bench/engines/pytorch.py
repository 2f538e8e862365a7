"""The network in PyTorch on one thread, for the dialogue of core/program.ts: pytorch.py DIRECTORY"""

import json
import sys
import time

try:
    import torch
except ImportError:
    print("absent this Python has no torch", flush=True)
    sys.exit()

import torch.nn.functional as F

SAMPLE_COUNT = 256
torch.set_num_threads(1)
directory = sys.argv[1]
network = json.load(open(f"{directory}/network.json"))
stages = json.load(open(f"{directory}/stages.json"))
numbers = torch.frombuffer(bytearray(open(f"{directory}/samples", "rb").read()), dtype=torch.float32)
classifies = network["loss"] == "categoricalCrossentropy"


def take(count):
    global numbers
    taken, numbers = numbers[:count].clone(), numbers[count:]
    return taken


def size(shape):
    return shape[0] * shape[1] * shape[2]


def window_of(n):
    """What one number of a layer's output reads: a dense layer behind an image reads the whole of it."""
    stage = stages[n]
    if stage["type"] == "dense":
        return stages[n - 1]["output"] if stages[n - 1]["type"] != "dense" else stage["input"]
    return [stage["size"], stage["size"], stage["input"][2]]


def parameters_of(n):
    """Kernels as PyTorch has them, [filters][channels][height][width]; the spec has [height][width][channels][filters]."""
    height, width, channels = window_of(n)
    filters = stages[n]["output"][2]
    kernel, bias = take(height * width * channels * filters), take(filters)
    ordered = kernel.view(height, width, channels, filters).permute(3, 2, 0, 1).contiguous()
    return ordered.view(filters, -1) if stages[n]["type"] == "dense" else ordered, bias


weighted = [n for n, stage in enumerate(stages) if stage["type"] != "maxPooling2d"]
initial = [tensor for n in weighted for tensor in parameters_of(n)]
parameters = [tensor.clone().requires_grad_() for tensor in initial]
height, width, channels = network["input"]
inputs = take(SAMPLE_COUNT * size(network["input"])).view(SAMPLE_COUNT, height, width, channels)
inputs = inputs.permute(0, 3, 1, 2).contiguous()
targets = take(SAMPLE_COUNT * size(stages[-1]["output"])).view(SAMPLE_COUNT, -1)
labels = targets.argmax(1)


def logits(x):
    rest = iter(parameters)
    for stage in stages:
        if stage["type"] == "maxPooling2d":
            x = F.max_pool2d(x, stage["size"])
            continue
        kernel, bias = next(rest), next(rest)
        if stage["type"] == "dense":
            x = F.linear(x.flatten(1), kernel, bias)
        else:
            x = F.conv2d(x, kernel, bias, padding=stage["pad"])
        if stage["activation"] != "softmax":
            x = getattr(torch, stage["activation"])(x)
    return x


def predict(x):
    with torch.no_grad():
        return torch.softmax(logits(x), 1) if classifies else logits(x)


def forward(batch, calls, rate):
    for k in range(calls):
        first = k * batch % SAMPLE_COUNT
        predict(inputs[first : first + batch])


def step(batch, calls, rate):
    optimizer = torch.optim.SGD(parameters, lr=rate)
    for k in range(calls):
        first = k * batch % SAMPLE_COUNT
        y = logits(inputs[first : first + batch])
        if classifies:
            loss = F.cross_entropy(y, labels[first : first + batch])
        else:
            loss = ((y - targets[first : first + batch]) ** 2).sum() / (2 * batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def text(tensor):
    return " ".join(f"{value:.9g}" for value in tensor.detach().flatten().tolist())


def in_order():
    """The parameters as the spec has them."""
    flat = []
    for n, kernel, bias in zip(weighted, parameters[::2], parameters[1::2]):
        height, width, channels = window_of(n)
        flat += [kernel.view(-1, channels, height, width).permute(2, 3, 1, 0).flatten(), bias]
    return torch.cat(flat)


def answer(command, *words):
    if command == "output":
        first, batch = int(words[0]), int(words[1])
        return text(predict(inputs[first : first + batch]))
    if command == "parameters":
        return text(in_order())
    if command == "reset":
        with torch.no_grad():
            for parameter, value in zip(parameters, initial):
                parameter.copy_(value)
        return "0"
    batch, calls, rate = int(words[0]), int(words[1]), float(words[2])
    start = time.perf_counter_ns()
    {"forward": forward, "step": step}[command](batch, calls, rate)
    return str((time.perf_counter_ns() - start) / (batch * calls))


print(f"ready {torch.__version__}", flush=True)
for line in sys.stdin:
    try:
        print(answer(*line.split()), flush=True)
    except Exception as error:
        print("error", str(error).split("\n")[0], flush=True)
