# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong with a picture or a lesson. The messages are written for the artist."""


class PictureError(ValueError):
    """A picture from which nothing can be learned; the message says what to do."""


class LessonError(ValueError):
    """A lesson that cannot go on; the message names the file and says what to do."""
