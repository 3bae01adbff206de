"""Write a fine-tuned trunk as an 8-bit ONNX file that onnxruntime runs the same everywhere."""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from promisecheck.quality.trunk import Trunk


class Shipped(nn.Module):  # type: ignore[misc, unused-ignore]
    """The trunk as it ships: word vectors in 8 bits with a scale a row, all heads side by side."""

    def __init__(self, net: Trunk) -> None:
        super().__init__()
        self.net = net
        scale = net.words.weight.detach().abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
        self.register_buffer("table", torch.round(net.words.weight.detach() / scale).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the logits of all heads side by side, shape (batch, outputs)."""
        words = self.table[ids].float() * self.scale[ids]
        pooled = self.net.pool_vectors(words, ids.ne(0))
        return torch.cat(list(self.net.answer(pooled).values()), dim=1)


def export(net: Trunk, path: Path) -> None:
    """Write the net to `path`: input `ids` (batch, length) int64, output `logits` (batch, outputs)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    net.eval()
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            Shipped(net).eval(), (torch.ones(2, 7, dtype=torch.int64),), str(plain), dynamo=False,
            input_names=["ids"], output_names=["logits"], opset_version=17,
            dynamic_axes={"ids": {0: "batch", 1: "length"}, "logits": {0: "batch"}},
        )  # fmt: skip
        quantize_dynamic(
            plain, path, op_types_to_quantize=["MatMul"], per_channel=True, reduce_range=True,
            weight_type=QuantType.QInt8,
        )  # fmt: skip
