# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine: a worker process that holds torch and runs rollouts, and the client that Blender's side talks
to.

`client` and `installation` are all that Blender's side imports. They need numpy and the standard library alone, start
nothing when imported, and run on Python 3.11 to 3.14. `worker` runs in another process, with a Python that has torch
where there is one.
"""
