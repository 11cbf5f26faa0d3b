"""Every declared use case and question, by its command name. Files in the subfolders are discovered
automatically.
"""

from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import usecases
from usecases.kernel.declarations import questions_in, use_cases_in
from usecases.kernel.fields import Declaration
from usecases.kernel.question import Question

#: The modules of all subfolders, sorted by the name of the file.
_MODULES: tuple[ModuleType, ...] = tuple(
    import_module(name)
    for name in sorted(
        (info.name for info in walk_packages(usecases.__path__, "usecases.")),
        key=lambda name: name.rpartition(".")[2],
    )
    if name != __name__
)
USE_CASES: dict[str, Declaration] = {
    name: declaration for module in _MODULES for name, declaration in use_cases_in(module).items()
}
QUESTIONS: dict[str, type[Question]] = {
    name: one for module in _MODULES for name, one in questions_in(module).items()
}
