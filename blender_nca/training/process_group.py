# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that train one manifold together, as `torchrun` starts them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
import torch.distributed


class ProcessGroup:
    """This process among those that train together; alone unless `join` found others.

    Attributes
    ----------
    rank, size : int
    """

    rank, size = 0, 1

    @classmethod
    def join(cls, device: str) -> ProcessGroup:
        """Meet the processes that `torchrun` started, if it did."""
        group = cls()
        if int(os.environ.get("WORLD_SIZE", 1)) > 1:
            torch.distributed.init_process_group("nccl" if device.startswith("cuda") else "gloo")
            group.rank, group.size = torch.distributed.get_rank(), torch.distributed.get_world_size()
        return group

    def leave(self) -> None:
        """Part from the others, if there are any, when all are done, and end this process: threads that outlive the
        group abort an interpreter that tidies up, now and then, and with it the run."""
        if self.size > 1:
            torch.distributed.barrier()
            torch.distributed.destroy_process_group()
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(0)

    def device(self, name: str) -> str:
        """The device of this process: with several graphics processors each has its own."""
        if name == "cuda" and self.size > 1:
            return f"cuda:{os.environ.get('LOCAL_RANK', self.rank)}"
        return name

    @contextmanager
    def first_before_others(self) -> Iterator[None]:
        """The first process goes through the block before the others: what it writes there, they read."""
        if self.size > 1 and self.rank:
            torch.distributed.barrier()
        yield
        if self.size > 1 and not self.rank:
            torch.distributed.barrier()

    def share(self, gradients: Sequence[torch.Tensor]) -> None:
        """Replace gradients by their means over all processes."""
        if self.size > 1:
            flat = torch.cat([gradient.flatten() for gradient in gradients])
            torch.distributed.all_reduce(flat)
            flat /= self.size
            for gradient, mean in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
                gradient.copy_(mean.view_as(gradient))

    def any(self, flag: bool) -> bool:
        """Whether a flag is raised in any of the processes."""
        if self.size == 1:
            return flag
        raised = torch.tensor([float(flag)])
        if torch.distributed.get_backend() == "nccl":
            raised = raised.cuda()
        torch.distributed.all_reduce(raised)
        return bool(raised.item() > 0)
