"""Test inputs for all use cases, which tests run through every front. Each subject has a file.

A new file in this folder is included automatically.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.usecases.fronts import Subject

#: The subjects that the files of this folder declare, by the name of the file and of the subject.
SUBJECTS: dict[str, Subject] = {
    name.lower().replace("_", " "): subject
    for module in iter_modules(__path__)
    for name, subject in vars(import_module(f"{__name__}.{module.name}")).items()
    if isinstance(subject, Subject) and not name.startswith("_")
}
