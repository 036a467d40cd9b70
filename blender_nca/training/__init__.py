# SPDX-License-Identifier: GPL-3.0-or-later
"""How a manifold is trained: exemplars, losses, the pool of states, the trainer, and what is measured
afterwards."""
