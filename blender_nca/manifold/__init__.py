# SPDX-License-Identifier: GPL-3.0-or-later
"""A manifold of automata: encoder (image -> DNA), transcription (DNA -> update rule), renderer (cells ->
maps), model file."""
