# SPDX-License-Identifier: GPL-3.0-or-later
"""What is imported late is there when it is called, however seldom that is."""

from __future__ import annotations

import gc


def test_every_function_that_is_called_late_is_there(growing):
    late = growing.module("addon.host.late").Late
    named = [one for one in gc.get_objects() if type(one) is late]
    assert len(named) > 80
    for one in named:
        assert callable(one.find()), one
