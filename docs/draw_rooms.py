"""Draw the rooms of course_lib and who uses whom, from the imports: `python docs/draw_rooms.py`.

Writes the picture between the marks in docs/architecture.md; `--check` only says whether it is
fresh.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms: drawn by docs/draw_rooms.py -->", "<!-- end of rooms -->"
LIBRARY = "course_lib"


def imports(package: Path) -> Counter[tuple[str, str]]:
    """Return how many import statements lead from each room to each other one."""
    found: Counter[tuple[str, str]] = Counter()
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for name in _modules(node):
                other = name.split(".")[1] if "." in name else ""
                if other and other != room and room != "__init__":
                    found[room, other] += 1
    return found


def _modules(node: ast.AST) -> list[str]:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        names = [node.module]
        if node.module == LIBRARY:
            names = [f"{LIBRARY}.{alias.name}" for alias in node.names]
    return [name for name in names if name == LIBRARY or name.startswith(f"{LIBRARY}.")]


def depth(room: str, uses: dict[str, set[str]]) -> int:
    """Return how many rooms stand below a room, one on top of the other."""
    return max((depth(other, uses) + 1 for other in uses.get(room, ())), default=0)


def picture(package: Path) -> str:
    """Return the rooms as text: the highest first, each with the rooms that it uses."""
    found = imports(package)
    uses: dict[str, set[str]] = {}
    for room, other in found:
        uses.setdefault(room, set()).add(other)
    rooms = {*uses, *(other for others in uses.values() for other in others)}
    order = sorted(rooms, key=lambda room: (-depth(room, uses), room))
    lines = []
    for room in order:
        files = list((package / room).rglob("*.py")) or [package / f"{room}.py"]
        others = sorted(uses.get(room, ()), key=order.index)
        told = ", ".join(f"{other} {found[room, other]}" for other in others)
        arrow = f" → {told}" if told else ""
        lines.append(f"{depth(room, uses):>2}  {room:<11} {len(files):>3} files{arrow}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` compare it."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    fresh = f"{before}{BEGIN}\n```text\n{picture(ROOT / LIBRARY)}\n```\n{END}{after}"
    if "--check" in arguments:
        return int(fresh != page)
    PAGE.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
