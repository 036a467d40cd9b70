# SPDX-License-Identifier: GPL-3.0-or-later
"""What is learned from: how far grown grids are from exemplars, the pool of states, the optimiser; and one species
learned from a picture. Needs torch."""
