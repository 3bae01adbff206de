"""Fine-tune one trunk on several tasks: batches, losses, learning rates, averaged weights."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from promisecheck.quality.trunk import Trunk

HEAD_SHARES = {"kind": 0.4, "theme": 0.6, "topic": 0.8, "code": 0.4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Hold one text as piece ids with a target per head (-1: unknown) and a weight."""

    ids: tuple[int, ...]
    targets: Mapping[str, int]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Hold what a fine-tuning run depends on beside its data."""

    epochs: int = 4
    batch_tokens: int = 640
    rate: float = 1e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    warm_up: float = 0.06
    smoothing: float = 0.05
    averaging: float = 0.98
    frozen_layers: int = 3
    weight_decay: float = 0.01
    seed: int = 7
    shares: Mapping[str, float] = field(default_factory=dict)


def batches(examples: Sequence[Example], most_tokens: int, rng: random.Random) -> list[list[Example]]:
    """Return shuffled batches of similar length, each of at most `most_tokens` ids after padding."""
    jittered = sorted(examples, key=lambda e: len(e.ids) + 4 * rng.random())
    made: list[list[Example]] = []
    current: list[Example] = []
    for example in jittered:
        if current and len(example.ids) * (len(current) + 1) > most_tokens:
            made.append(current)
            current = []
        current.append(example)
    if current:
        made.append(current)
    rng.shuffle(made)
    return made


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """Return one (rows, longest) tensor, padded with 0."""
    longest = max(len(row) for row in rows)
    array = np.zeros((len(rows), longest), np.int64)
    for n, row in enumerate(rows):
        array[n, : len(row)] = row
    return torch.from_numpy(array)


def loss_of(logits: Mapping[str, Tensor], batch: Sequence[Example], smoothing: float) -> Tensor:
    """Return the weighted loss over all heads for which the batch has targets."""
    total = torch.zeros(())
    weight = torch.tensor([e.weight for e in batch])
    for name in sorted({name for e in batch for name in e.targets}):
        target = torch.tensor([e.targets.get(name, -1) for e in batch])
        known = target.ge(0)
        if not bool(known.any()):
            continue
        rows = logits[name].float()[known]
        single = functional.cross_entropy(rows, target[known], reduction="none", label_smoothing=smoothing)
        # the mean over those that know this head: few sentences have a theme, and it must weigh all the same
        total = total + HEAD_SHARES.get(name, 1.0) * (single * weight[known]).sum() / known.sum()
    return total


def parameter_groups(net: Trunk, settings: Settings) -> list[dict[str, object]]:
    """Return one optimiser group a layer: lower layers learn more slowly, embeddings and frozen layers not at all."""
    depth = len(net.layers)
    groups: list[dict[str, object]] = []
    for n, layer in enumerate(net.layers):
        if n < settings.frozen_layers:
            continue
        rate = settings.rate * settings.layer_decay ** (depth - 1 - n)
        groups.append({"params": list(layer.parameters()), "lr": rate, "base": rate})
    groups.append(
        {"params": list(net.tasks.parameters()), "lr": settings.head_rate, "base": settings.head_rate}
    )
    return groups


def schedule(step: int, steps: int, warm_up: float) -> float:
    """Return the factor on every learning rate: linear up, then half a cosine down to 2 %."""
    rise = max(1, int(steps * warm_up))
    if step < rise:
        return (step + 1) / rise
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def fine_tune(
    net: Trunk,
    make: Callable[[int, random.Random], Sequence[Sequence[Example]]],
    settings: Settings,
    tell: Callable[[str], None],
    after_epoch: Callable[[int], None] | None = None,
) -> None:
    """Train in place; `make(epoch, rng)` gives the example groups (one a task) of an epoch.

    At the end of every epoch the averaged weights stand in the net while `after_epoch` looks at it; after
    the last one they stay.
    """
    rng = random.Random(settings.seed)
    torch.manual_seed(settings.seed)
    optimiser = _optimiser(net, settings)
    plan = [_epoch(make(n, rng), settings, rng) for n in range(settings.epochs)]
    steps, step = sum(map(len, plan)), 0
    trained = [p for p in net.parameters() if p.requires_grad]
    average = [p.detach().clone() for p in trained]
    for epoch, made in enumerate(plan):
        net.train()
        seen = 0.0
        for batch in made:
            factor = schedule(step, steps, settings.warm_up)
            seen += _step(net, batch, settings, optimiser, trained, factor)
            step += 1
            if step % 4 == 0:
                keep = min(settings.averaging, step / (step + 20))
                torch._foreach_lerp_(average, [p.detach() for p in trained], 1 - keep)
            if step % 100 == 0:
                tell(f"step {step} of {steps}, mean loss {seen / 100:.3f}")
                seen = 0.0
        raw = [p.detach().clone() for p in trained]
        _copy(average, trained)
        net.eval()
        if after_epoch is not None:
            after_epoch(epoch)
        if epoch + 1 < len(plan):
            _copy(raw, trained)


def _optimiser(net: Trunk, settings: Settings) -> torch.optim.Optimizer:
    for part in (net.words, net.positions, net.norm, *net.layers[: settings.frozen_layers]):
        part.requires_grad_(False)
    groups = parameter_groups(net, settings)
    return torch.optim.AdamW(groups, weight_decay=settings.weight_decay, betas=(0.9, 0.98))


def _step(
    net: Trunk, batch: Sequence[Example], settings: Settings, optimiser: torch.optim.Optimizer,
    trained: list[torch.nn.Parameter], factor: float,
) -> float:  # fmt: skip
    """Take one step of the optimiser at a share of its rates; return the loss before it."""
    for group in optimiser.param_groups:
        group["lr"] = group["base"] * factor
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = net(padded([e.ids for e in batch]))
    loss = loss_of(logits, batch, settings.smoothing)
    loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return float(loss.detach())


def _epoch(
    groups: Sequence[Sequence[Example]], settings: Settings, rng: random.Random
) -> list[list[Example]]:
    made = [batch for group in groups for batch in batches(group, settings.batch_tokens, rng)]
    rng.shuffle(made)
    return made


def _copy(source: Sequence[Tensor], target: Sequence[Tensor]) -> None:
    with torch.no_grad():
        for value, parameter in zip(source, target, strict=True):
            parameter.copy_(value)


def predict(net: Trunk, rows: Sequence[Sequence[int]], head: str, batch_tokens: int = 4096) -> np.ndarray:
    """Return the logits of one head in float32, shape (rows, width)."""
    order = sorted(range(len(rows)), key=lambda n: len(rows[n]))
    out: dict[int, np.ndarray] = {}
    net.eval()
    with torch.no_grad():
        for part in _runs(order, rows, batch_tokens):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = net(padded([rows[n] for n in part]))[head].float().numpy()
            out.update(zip(part, logits, strict=True))
    return np.stack([out[n] for n in range(len(rows))])


def pooled_vectors(net: Trunk, rows: Sequence[Sequence[int]], batch: int = 25) -> Tensor:
    """Return the pooled vectors of these ids, shape (rows, hidden)."""
    net.eval()
    order = sorted(range(len(rows)), key=lambda n: len(rows[n]))
    parts = [order[n : n + batch] for n in range(0, len(order), batch)]
    with torch.no_grad():
        made = torch.cat([net.pool(padded([rows[n] for n in part])) for part in parts])
    vectors = torch.empty_like(made)
    vectors[order] = made
    return vectors


def _runs(order: Sequence[int], rows: Sequence[Sequence[int]], most: int) -> Iterator[list[int]]:
    part: list[int] = []
    for n in order:
        if part and len(rows[n]) * (len(part) + 1) > most:
            yield part
            part = []
        part.append(n)
    if part:
        yield part
