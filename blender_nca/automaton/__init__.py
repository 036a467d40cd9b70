# SPDX-License-Identifier: GPL-3.0-or-later
"""What the cells do: perceive, apply the update rule, fire by chance, live and die; frame by frame."""
