# SPDX-License-Identifier: GPL-3.0-or-later
"""Events: what happens to growths, for the capabilities above. Each is a hook that is called after it happened."""

from __future__ import annotations

from ..host.hook import Hook

begun = Hook()
"""Called with a material that has just begun to grow."""
swapping = Hook()
"""Asked with a material for a context within which its two species change places."""
changed = Hook()
"""Called with a material: something that its pictures depend on is another."""
reshaped = Hook()
"""Called with a material, before `changed`: its grid, its UV map, or what it grows over is another."""
needed = Hook()
"""Called with a material whose growth is about to be described for good: what is still being made of it is finished."""
regrouped = Hook()
"""Called with a material whose node group was made or copied just now, or has other nodes for its pictures."""
ending = Hook()
"""Called with a material whose growth is about to be taken away."""
frozen = Hook()
"""Called with a material that shows files from now on, and no longer follows the engine."""
replaced = Hook()
"""Called with nothing: every data-block may be another one, after undo, an opened file, or as the add-on is enabled."""
