# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine: a worker process that holds torch and runs rollouts, and the client that Blender's side talks
to.

`client` is all that Blender's side imports. It needs numpy and the standard library alone, starts nothing
when imported, and runs on Python 3.11 to 3.14. `worker` runs in another process, with a Python that has torch
where there is one.
"""
