"""Every module of the program can be imported by the Python that runs this test. `.ci/run` also
runs it with the oldest supported Python, because annotations and defaults are evaluated on import.
"""

from importlib import import_module

from tests.house.tree import ROOT, modules, packages

#: Packages of the optional extra [spark], which few people install.
APART = {"pyarrow", "pyspark", "py4j"}


def test_every_module_is_imported() -> None:
    files = [ROOT / f"{name}.py" for name in modules()]
    files += [file for name in packages() for file in (ROOT / name).rglob("*.py")]
    failed = {}
    for file in files:
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        try:
            import_module(name.removesuffix(".__init__"))
        except ModuleNotFoundError as error:
            if error.name not in APART:
                failed[name] = repr(error)
        except Exception as error:  # noqa: BLE001 (each module that fails is reported)
            failed[name] = repr(error)
    assert len(files) > len(packages())
    assert failed == {}
