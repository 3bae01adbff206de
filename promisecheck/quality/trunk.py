"""The encoder as a torch module: a BERT trunk of our own writing, with one linear head a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from promisecheck.quality.base_weights import BaseWeights


class Layer(nn.Module):  # type: ignore[misc, unused-ignore]
    """One transformer layer, normalised after each half as BERT does."""

    def __init__(self, hidden: int, heads: int, feed_forward: int, epsilon: float, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, epsilon)
        self.widen = nn.Linear(hidden, feed_forward)
        self.narrow = nn.Linear(feed_forward, hidden)
        self.output_norm = nn.LayerNorm(hidden, epsilon)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, length, hidden = x.shape
        parts = self.qkv(x).view(batch, length, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=bias)
        mixed = mixed.transpose(1, 2).reshape(batch, length, hidden)
        x = self.attention_norm(x + self.dropout(self.out(mixed)))
        return self.output_norm(x + self.dropout(self.narrow(functional.gelu(self.widen(x)))))


class Trunk(nn.Module):  # type: ignore[misc, unused-ignore]
    """Token ids (batch, length; 0 pads) → mean-pooled vectors → one row of logits a task."""

    def __init__(
        self, base: BaseWeights, words: NDArray[np.float32], tasks: Mapping[str, int], dropout: float = 0.1
    ) -> None:
        super().__init__()
        hidden = base.hidden
        self.words = nn.Embedding(words.shape[0], hidden)
        self.positions = nn.Embedding(256, hidden)
        self.norm = nn.LayerNorm(hidden, base.epsilon)
        self.layers = nn.ModuleList(
            Layer(hidden, base.heads, base.feed_forward, base.epsilon, dropout) for _ in range(base.layers)
        )
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("centre", torch.zeros(hidden))
        self.register_buffer("spread", torch.ones(hidden))
        self.tasks = nn.ModuleDict({name: nn.Linear(hidden, width) for name, width in tasks.items()})
        self._load(base, words)

    def _load(self, base: BaseWeights, words: NDArray[np.float32]) -> None:
        tensors: dict[str, Any] = {k: torch.from_numpy(np.array(v)) for k, v in base.tensors.items()}
        with torch.no_grad():
            self.words.weight.copy_(torch.from_numpy(words))
            places = tensors["emb.pos"].view(base.positions, base.hidden)[:256]
            self.positions.weight.copy_(places + tensors["emb.type"][: base.hidden])
            self.norm.weight.copy_(tensors["emb.ln.w"])
            self.norm.bias.copy_(tensors["emb.ln.b"])
            for n, layer in enumerate(self.layers):
                for suffix in ("w", "b"):
                    name = "weight" if suffix == "w" else "bias"
                    fused = torch.cat([tensors[f"l{n}.{part}.{suffix}"] for part in "qkv"])
                    getattr(layer.qkv, name).copy_(fused)
                    for mine, theirs in _NAMES.items():
                        getattr(getattr(layer, mine), name).copy_(tensors[f"l{n}.{theirs}.{suffix}"])

    def pool(self, ids: Tensor) -> Tensor:
        """Return the mean of the last layer over the tokens that are there, shape (batch, hidden)."""
        return self.pool_vectors(self.words(ids), ids.ne(0))

    def pool_vectors(self, words: Tensor, there: Tensor) -> Tensor:
        """Return the pooled vectors for word vectors (batch, length, hidden) that are already looked up."""
        places = torch.arange(words.shape[1], device=words.device)
        x = self.dropout(self.norm(words + self.positions(places)))
        bias = torch.where(there, 0.0, -1e4)[:, None, None, :].to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias.to(x.dtype))
        weight = there.to(x.dtype).unsqueeze(-1)
        return (x * weight).sum(1) / weight.sum(1)

    def forward(self, ids: Tensor) -> dict[str, Tensor]:
        """Return the logits of every task for these ids."""
        return self.answer(self.pool(ids))

    def answer(self, pooled: Tensor) -> dict[str, Tensor]:
        """Return the logits of every task for pooled vectors."""
        even = self.dropout((pooled - self.centre) / self.spread)
        return {name: head(even) for name, head in self.tasks.items()}

    def standardise(self, pooled: Tensor) -> None:
        """Give the heads inputs of mean 0 and spread 1, without changing what they answer.

        The base's vectors lie close together (a spread of 0.1 around a common centre): heads on the raw
        ones learn several times more slowly. pooled: vectors of some hundred training texts.
        """
        centre, spread = pooled.mean(0), pooled.std(0).clamp_min(1e-3)
        with torch.no_grad():
            for head in self.tasks.values():
                scaled = head.weight / self.spread
                head.bias.add_((centre - self.centre) @ scaled.T)
                head.weight.copy_(scaled * spread)
            self.centre.copy_(centre)
            self.spread.copy_(spread)


_NAMES = {"out": "ao", "attention_norm": "aln", "widen": "fi", "narrow": "fo", "output_norm": "oln"}
