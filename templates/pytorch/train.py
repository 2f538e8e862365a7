"""Trains {{NAME}} on any number of processes and machines: written by longhand as a start of your own.

    python3 train.py DATA.npz                                         one process
    torchrun --nproc_per_node 4 train.py DATA.npz                     four on this machine
    torchrun --nnodes 2 --nproc_per_node 8 --rdzv_backend c10d --rdzv_endpoint HOST:29500 train.py DATA.npz

DATA.npz holds `inputs` and `targets`, a sample a row. Weights come from --weights and go to --out, in the format of longhand.
Every process works on its share of each batch; the gradients are averaged, so that the result is that of one process.
"""
import argparse
import os

import numpy as np
import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from model import Model, load_safetensors, loss, save_safetensors


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('data')
    parser.add_argument('--weights')
    parser.add_argument('--out', default='{{NAME}}.safetensors')
    parser.add_argument('--steps', type=int, default=100)
    parser.add_argument('--batch', type=int, default=32, help='samples of one step, over all processes')
    parser.add_argument('--rate', type=float, default=0.01)
    parser.add_argument('--backend', default='nccl' if torch.cuda.is_available() else 'gloo')
    arguments = parser.parse_args()

    world, rank = int(os.environ.get('WORLD_SIZE', 1)), int(os.environ.get('RANK', 0))
    if arguments.batch % world != 0:
        parser.error(f'--batch {arguments.batch}: expected a multiple of the {world} processes')
    if world > 1:
        dist.init_process_group(arguments.backend)
    device = torch.device('cpu')
    if torch.cuda.is_available():
        device = torch.device('cuda', int(os.environ.get('LOCAL_RANK', 0)))

    torch.manual_seed(1)
    model = Model().to(device)
    if arguments.weights:
        load_safetensors(model, arguments.weights)
    parallel = DistributedDataParallel(model) if world > 1 else model
    parameters, rate = [one for one in model.parameters() if one.requires_grad], arguments.rate
    optimizer = torch.optim.{{OPTIMIZER}}

    data = np.load(arguments.data)
    inputs, targets = (torch.from_numpy(data[name]).float() for name in ('inputs', 'targets'))
    share = arguments.batch // world
    for step in range(arguments.steps):
        # The same samples in the same order whatever the number of processes.
        first = step * arguments.batch + rank * share
        rows = torch.arange(first, first + share) % len(inputs)
        optimizer.zero_grad()
        value = loss(parallel(inputs[rows].to(device)), targets[rows].to(device))
        value.backward()
        optimizer.step()
        if rank == 0 and (step % 10 == 9 or step == arguments.steps - 1):
            print(f'step {step + 1}: loss {value.item():.6f}', flush=True)
    if rank == 0:
        save_safetensors(model, arguments.out)
    if world > 1:
        dist.destroy_process_group()


if __name__ == '__main__':
    main()
