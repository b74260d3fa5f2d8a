"""No file imports itself by way of others, wherever in a file the imports stand: also in functions and for types only."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("policies", "sim", "scenarios", "coach", "apps", "benchmarks", "tests")


def module_name(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def named(file: Path, module: str) -> Iterator[str]:
    """Dotted names that a file imports: modules, and what is taken from them."""
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{name.name}" for name in node.names)


def loaded(module: str, name: str, known: set[str]) -> list[str]:
    """Modules that importing a name loads: where it stands, and packages on the way that the importer is not part of."""
    parts = name.split(".")
    on_the_way = [each for length in range(len(parts)) if (each := ".".join(parts[: length + 1])) in known]
    return [each for each in on_the_way if each == on_the_way[-1] or not f"{module}.".startswith(f"{each}.")]


def imports(root: Path, packages: tuple[str, ...]) -> dict[str, set[str]]:
    """What each module below a folder imports, of these packages."""
    files = {module_name(file, root): file for package in packages for file in (root / package).rglob("*.py")}
    return {
        module: {each for name in named(file, module) for each in loaded(module, name, set(files))}
        for module, file in files.items()
    }


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Modules of a circle in the order in which they import each other; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1][::-1]
    return []


def written(root: Path, **texts: str) -> dict[str, set[str]]:
    """What modules of a package `p` with these texts import; a double underscore in a name stands for a folder."""
    for name, text in {"__init__": "", **texts}.items():
        file = root / "p" / (name.replace("__", "/") + ".py" if name != "__init__" else "__init__.py")
        file.parent.mkdir(exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(text, encoding="utf-8")
    return imports(root, ("p",))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"a": "import p.b", "b": "from p import a"}, {"p.a", "p.b"}),
        ({"a": "from p.b import x", "b": "def f():\n    from p.a import y"}, {"p.a", "p.b"}),
        ({"a": "from .b import x", "b": "from p.c import x", "c": "from . import a"}, {"p.a", "p.b", "p.c"}),
        (
            {"a": "from p.inner.b import x", "inner__c": "import p.a", "inner__b": "import p.inner.c"},
            {"p.a", "p.inner.b", "p.inner.c"},
        ),
        ({"a": "import p.b\nimport p.c", "b": "import p.c\nimport os.path", "c": ""}, set()),
    ],
)
def test_circles_are_seen(tmp_path, texts, expected):
    assert set(circle(written(tmp_path, **texts))) == expected


def test_a_package_that_is_loaded_on_the_way_is_part_of_a_circle(tmp_path):
    graph = written(tmp_path, a="import p.inner.b", inner__b="", inner__c="import p.a")
    assert not circle(graph)
    (tmp_path / "p" / "inner" / "__init__.py").write_text("from p.inner import c", encoding="utf-8")
    assert set(circle(imports(tmp_path, ("p",)))) == {"p.a", "p.inner", "p.inner.c"}


def test_no_file_imports_itself_by_way_of_others():
    graph = imports(ROOT, PACKAGES)
    assert len(graph) > 400
    assert "policies.engine.compile" in graph["sim.office.office"]
    assert not circle(graph)
