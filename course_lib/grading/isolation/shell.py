"""The shell in which a stranger's cells run: it does what a kernel's does for a notebook.

Figures are drawn at the end of a cell and kept; magics that need a kernel, a browser or a network
are noted and passed over, so that the rest of the cell runs.
"""

from __future__ import annotations

import base64
import binascii
import os
from typing import Any

from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from course_lib.grading.isolation.limits import IMAGE_BYTES, MOST_IMAGES

INLINE = "module://matplotlib_inline.backend_inline"
RUNS_CODE = frozenset({"run", "time", "timeit", "prun", "load", "capture", "debug", "macro"})
"""Magics that run the learner's own code: what it raises is the learner's to see."""


class KeptImages(DisplayPublisher):
    """Keeps the images that a cell shows, and prints the text of anything else."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.images: list[bytes] = []

    def publish(self, data: dict[str, Any], *others: Any, **more: Any) -> None:
        """Take what a cell shows: an image is kept, text is printed."""
        image = data.get("image/png")
        if image is not None:
            self._keep(image)
        elif "text/plain" in data:
            print(data["text/plain"])

    def clear_output(self, wait: bool = False) -> None:
        """Forget the images so far."""
        self.images.clear()

    def _keep(self, image: str | bytes) -> None:
        try:
            content = base64.b64decode(image) if isinstance(image, str) else bytes(image)
        except (binascii.Error, ValueError):
            return
        if len(self.images) < MOST_IMAGES and len(content) <= IMAGE_BYTES:
            self.images.append(content)


class NoKernel:
    """Stands where a kernel's shell has its kernel: there is none here."""


class NotebookShell(InteractiveShell):
    """A shell without a kernel that runs what notebooks hold."""

    kernel = NoKernel()

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: nobody looks at a window here."""

    def enable_pylab(self, gui: str | None = None, *others: Any, **more: Any) -> Any:
        """Draw into the notebook, whichever window was asked for."""
        return super().enable_pylab("inline", *others, **more)

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """Draw into the notebook, whichever window was asked for."""
        return super().enable_matplotlib("inline")

    def magic(self, line: str) -> Any:
        """Run a magic as older notebooks do."""
        name, _, rest = line.lstrip("%").partition(" ")
        return self.run_line_magic(name, rest)

    def run_line_magic(self, name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a line's magic; one that cannot work here is noted and passed over."""
        if self.find_line_magic(name) is None:
            return _passed_over(f"%{name}", "it is not known here")
        try:
            return super().run_line_magic(name, line, _stack_depth + 1)
        except Exception as error:
            if name in RUNS_CODE:
                raise
            return _passed_over(f"%{name}", str(error) or type(error).__name__)

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """Run a cell's magic; one that is not known here is noted, and its cell passed over."""
        try:
            return super().run_cell_magic(name, line, cell)
        except UsageError as error:
            return _passed_over(f"%%{name}", str(error))


def _passed_over(name: str, reason: str) -> None:
    print(f"{name} was passed over: {reason.splitlines()[0][:200]}")


def make_shell() -> NotebookShell:
    """Return the one shell of this process, with neither history nor colours."""
    os.environ["MPLBACKEND"] = INLINE  # as a kernel does
    config = Config()
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    config.InteractiveShell.autoindent = False
    config.InteractiveShell.enable_tip = False
    shell: NotebookShell = NotebookShell.instance(config=config, display_pub_class=KeptImages)
    return shell


def images_of(shell: NotebookShell) -> list[bytes]:
    """Return the images that the last cell showed, and forget them."""
    publisher = shell.display_pub
    if not isinstance(publisher, KeptImages):
        return []
    images = list(publisher.images)
    publisher.images.clear()
    return images
