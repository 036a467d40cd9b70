# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels: what runs for every cell and pixel, in C, compiled for the processor at hand."""
