"""Trains cifar10-resnet on a CPU and writes its folded weights. See README.md one folder up."""

import argparse
import copy
import os
import time

import numpy as np
import torch
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, update_bn

from data import load
from network import Network, folded, whiten_stem


def orthogonalised(gradient, steps=3):
    """Newton-Schulz iteration towards the nearest semi-orthogonal matrix."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = gradient / (gradient.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    if tall:
        x = x.T
    for _ in range(steps):
        y = x @ x.T
        x = a * x + (b * y + c * y @ y) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum whose updates are orthogonalised (Jordan et al., 2024); filters keep their norm."""

    def __init__(self, filters, lr, momentum):
        super().__init__(filters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["momentum"] = torch.zeros_like(p.grad)
                state["momentum"].mul_(group["momentum"]).add_(p.grad)
                gradient = p.grad + group["momentum"] * state["momentum"]
                p.mul_(len(p) ** 0.5 / p.norm())
                p.add_(orthogonalised(gradient.flatten(1)).view_as(p), alpha=-group["lr"])


def augmented(images, epoch, size, shift, cutout, generator):
    """Alternating flips, reflected shifts; `size` below 32 shrinks the images (early epochs learn on less);
    `cutout` is the side of a gray square, 0 for none."""
    n = len(images)
    flipped = (torch.arange(n) * 2654435761 // 65536 + epoch) % 2 == 0
    images = torch.where(flipped[:, None, None, None], images.flip(3), images)
    padded = F.pad(images, (shift,) * 4, mode="reflect")
    out = torch.empty_like(images)
    offsets = torch.randint(0, 2 * shift + 1, (n, 2), generator=generator)
    for dy in range(2 * shift + 1):
        for dx in range(2 * shift + 1):
            chosen = (offsets[:, 0] == dy) & (offsets[:, 1] == dx)
            out[chosen] = padded[chosen, :, dy : dy + 32, dx : dx + 32]
    if cutout:
        corners = torch.randint(1 - cutout, 32, (2, n, 1), generator=generator)
        inside = (torch.arange(32) >= corners) & (torch.arange(32) < corners + cutout)
        out[(inside[0][:, :, None] & inside[1][:, None, :])[:, None].expand_as(out)] = 0
    if size < 32:
        out = F.interpolate(out, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return out


@torch.no_grad()
def merged(a, b, images):
    """The mean of two networks' weights; its batch norms, which have met no batch, are measured on `images`."""
    result = copy.deepcopy(a)
    for p, q in zip(result.parameters(), b.parameters()):
        p.lerp_(q, 0.5)
    update_bn((x.contiguous(memory_format=torch.channels_last) for x in images.split(500)), result)
    return result


@torch.no_grad()
def accuracy(network, images, labels):
    network.eval()
    right = sum(
        int((network(x.contiguous(memory_format=torch.channels_last))[1].argmax(1) == y).sum())
        for x, y in zip(images.split(500), labels.split(500))
    )
    network.train()
    return right / len(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="folder with train.tar and test.tar")
    parser.add_argument("out", help="folder for checkpoint.pt and weights.npz")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--more-epochs", type=int, default=12, help="of a second cycle, with cutout")
    parser.add_argument("--average-epochs", type=int, default=4, help="of a last cycle, whose weights are averaged")
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--muon-lr", type=float, default=0.14)
    parser.add_argument("--bias-lr", type=float, default=0.03)
    parser.add_argument("--head-lr", type=float, default=0.1)
    parser.add_argument("--small-until", type=float, default=0.4, help="share of the first cycle on 24x24 images")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--limit-steps", type=int, default=0, help="stop early (for timing)")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    generator = torch.Generator().manual_seed(args.seed)
    os.makedirs(args.out, exist_ok=True)
    cache = os.path.join(args.out, "cifar10.npz")
    if not os.path.exists(cache):
        arrays = [array for split in ("train", "test") for array in load(args.data, split)]
        np.savez(cache, *arrays)
    with np.load(cache) as stored:
        train_x, train_y, test_x, test_y = (torch.from_numpy(stored[f"arr_{i}"]) for i in range(4))
    train_x, test_x = ((x.float() - 128) / 128 for x in (train_x, test_x))

    network = Network()
    whiten_stem(network, train_x[::10])
    network = network.to(memory_format=torch.channels_last)
    filters = [p for p in network.parameters() if p.requires_grad and p.ndim == 4]
    biases = [p for p in network.parameters() if p.requires_grad and p.ndim == 1]
    muon = Muon(filters, lr=args.muon_lr, momentum=0.7)
    groups = [{"params": biases, "lr": args.bias_lr}, {"params": [network.head.weight], "lr": args.head_lr}]
    sgd = torch.optim.SGD(groups, momentum=0.9, nesterov=True, weight_decay=5e-4)
    optimisers = (muon, sgd)
    peaks = [[group["lr"] for group in o.param_groups] for o in optimisers]

    batches = len(train_x) // args.batch
    first, second, third = (n * batches for n in (args.epochs, args.more_epochs, args.average_epochs))
    warm = 100
    average, second_end = AveragedModel(network), copy.deepcopy(network)
    checkpoint, start, step = os.path.join(args.out, "checkpoint.pt"), 0, 0
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint, weights_only=False)
        network.load_state_dict(saved["network"])
        for optimiser, state in zip(optimisers, saved["optimisers"]):
            optimiser.load_state_dict(state)
        if "average" in saved:
            average.load_state_dict(saved["average"])
            second_end.load_state_dict(saved["second_end"])
        generator.set_state(saved["generator"])
        start, step = saved["epoch"], saved["epoch"] * batches

    began = time.time()
    averaged_from = args.epochs + args.more_epochs
    for epoch in range(start, averaged_from + args.average_epochs):
        size = 24 if epoch < args.small_until * args.epochs else 32
        cutout = 10 if args.epochs <= epoch < averaged_from else 0
        x = augmented(train_x, epoch, size, 3, cutout, generator)
        order = torch.randperm(len(x), generator=generator)
        loss_sum = 0.0
        for indices in order[: batches * args.batch].split(args.batch):
            if step < first:
                rate = min(1, (step + 1) / warm) * (1 - step / first)
            elif step < first + second:
                rate = 0.5 * min(1, (step - first + 1) / warm) * (1 - (step - first) / second)
            else:
                rate = 0.15 * (1 - 0.8 * (step - first - second) / third)
            for optimiser, peak in zip(optimisers, peaks):
                for group, lr in zip(optimiser.param_groups, peak):
                    group["lr"] = lr * rate
            batch = x[indices].contiguous(memory_format=torch.channels_last)
            logits = network(batch)[1]
            loss = F.cross_entropy(logits, train_y[indices], label_smoothing=0.1)
            for optimiser in optimisers:
                optimiser.zero_grad(set_to_none=True)
            loss.backward()
            for optimiser in optimisers:
                optimiser.step()
            loss_sum += loss.item()
            step += 1
            if step > first + second + batches // 2 and step % 10 == 0:
                average.update_parameters(network)
            if args.limit_steps and step >= args.limit_steps:
                print(f"{step} steps, {time.time() - began:.1f} s, loss {loss_sum / step:.3f}", flush=True)
                return
        result = network
        if epoch == averaged_from - 1:
            second_end = copy.deepcopy(network)
        if epoch >= averaged_from:
            result = merged(second_end, average.module, x[order[:20000]])
        print(
            f"epoch {epoch + 1} size {size} loss {loss_sum / batches:.4f} "
            f"test {accuracy(network, test_x, test_y):.4f}, of the result {accuracy(result, test_x, test_y):.4f} "
            f"{time.time() - began:.0f} s",
            flush=True,
        )
        state = {
            "network": network.state_dict(),
            "optimisers": [o.state_dict() for o in optimisers],
            "average": average.state_dict(),
            "second_end": second_end.state_dict(),
            "generator": generator.get_state(),
            "epoch": epoch + 1,
        }
        torch.save(state, checkpoint + ".part")
        os.replace(checkpoint + ".part", checkpoint)
        np.savez(os.path.join(args.out, "weights.npz"), **folded(result))


if __name__ == "__main__":
    main()
