"""Stories of all use cases, which are run through every front; a file for each subject.

A new file in this folder is included without being listed.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.usecases.fronts import Subject

#: The subjects of all files, by the names in those files.
SUBJECTS: dict[str, Subject] = {
    name.lower().replace("_", " "): subject
    for found in iter_modules(__path__)
    for name, subject in vars(import_module(f"{__name__}.{found.name}")).items()
    if isinstance(subject, Subject) and not name.startswith("_")
}
