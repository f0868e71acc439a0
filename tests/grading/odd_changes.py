"""What happens to notebooks on their way: stripped, copied, reordered, saved by other programs."""

from tests.grading.odd import WRONG, cell_of
from tests.grading.sample_course import code


def import_in_the_set_up(document):
    document["cells"][1]["source"] += "\nimport collections"
    cell_of(document, "count_words")["source"] = (
        "def count_words(text):\n    return collections.Counter(text.split())"
    )


def forge_points(document):
    for cell in document["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if "points" in marks:
            marks["points"] = 1000
            cell["metadata"]["tags"] = ["skip-execution"]
            data = {"data": {"text/plain": "1000"}, "metadata": {}, "execution_count": 1}
            cell["outputs"] = [{"output_type": "execute_result", **data}]


def strip(document):
    for cell in document["cells"]:
        cell["metadata"] = {"id": "colab", "colab": {"base_uri": "x"}}
        cell.pop("id", None)


def delete_checks(document):
    document["cells"] = [cell for cell in document["cells"] if "check" not in cell["source"]]


def edit_checks(document):
    for cell in document["cells"]:
        if "session.check" in cell["source"]:
            cell["source"] = "import os; os._exit(0)"


def copy_answer(document):
    right = cell_of(document, "double")
    document["cells"].insert(2, {**right, "source": WRONG, "id": "copy"})


def copy_to_try(document):
    place = document["cells"].index(cell_of(document, "double"))
    tried = {**document["cells"][place], "source": "print(double([1]))", "id": "copy"}
    document["cells"].insert(place + 1, tried)


def copy_with_part(document):
    right = cell_of(document, "double")
    part = {**right, "source": "def twice(number):\n    return 2 * number", "id": "copy"}
    document["cells"].insert(document["cells"].index(right), part)
    right["source"] = "def double(numbers):\n    return [twice(number) for number in numbers]"


def own_cell(document):
    stub = cell_of(document, "double")
    own = code(stub["source"], "own")
    stub["source"] = "def double(numbers):\n    raise NotImplementedError"
    document["cells"].insert(document["cells"].index(stub) + 1, own)


def schema(version):
    def change(document):
        for cell in document["cells"]:
            if "nbgrader" in cell["metadata"]:
                cell["metadata"]["nbgrader"]["schema_version"] = version

    return change


def same_ids(document):
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["metadata"]["nbgrader"]["grade_id"] = "double"
            cell["source"] = ""


def odd_metadata(document):
    document["metadata"] = {"kernelspec": {"name": "bash", "language": "bash"}, "widgets": [1]}
    document["cells"] += [None, 7, {"cell_type": "code"}, {"source": ["a", 3]}, {"metadata": []}]
    document["cells"][0]["metadata"] = {"nbgrader": "mine"}


def reverse_answers(document):
    document["cells"][1:] = document["cells"][:0:-1]
    document["cells"].insert(1, code("import torch", "first"))


def version_3(document):
    cells = [{**cell, "input": cell["source"], "language": "python"} for cell in document["cells"]]
    for cell in cells:
        del cell["source"]
    document.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells}])
    del document["cells"]


def lists_of_lines(document):
    for cell in document["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)


def all_markdown(document):
    for cell in document["cells"]:
        cell["cell_type"] = "markdown"


def saved_by_colab(document):
    for number, cell in enumerate(document["cells"]):
        cell["metadata"] = {"id": f"Xk3{number}"}
        cell.pop("id", None)
    kernel = {"name": "python3", "display_name": "Python 3"}
    document["metadata"] = {"colab": {"provenance": []}, "kernelspec": kernel, "accelerator": "GPU"}
    document.update(nbformat=4, nbformat_minor=0)


def saved_by_vs_code(document):
    for cell in document["cells"]:
        cell["metadata"] = {**cell["metadata"], "vscode": {"languageId": "python"}}
        cell["source"] = cell["source"].splitlines(keepends=True)
    document["metadata"]["kernelspec"] = {"name": "ml-env", "display_name": "ml-env (3.12)"}


def saved_by_classic_jupyter(document):
    for cell in document["cells"]:
        cell.pop("id", None)
        cell["metadata"] = {**cell["metadata"], "collapsed": False, "scrolled": True}
    document.update(nbformat=4, nbformat_minor=2)


def moved_answers(document):
    answers = [cell for cell in document["cells"] if cell["source"].startswith("def ")]
    others = [cell for cell in document["cells"] if cell not in answers]
    document["cells"] = [*others[:2], *reversed(answers), *others[2:]]


def windows_line_ends(document):
    for cell in document["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


def copied_id(document):
    document["cells"].append({**cell_of(document, "check_double"), "source": "1 + 1", "id": "x"})
