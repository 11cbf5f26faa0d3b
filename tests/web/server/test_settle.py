"""After its first answer, a serving process loads what the first request of a page would otherwise
load.
"""

import subprocess
import sys

from tests.house.tree import ROOT

#: Print how many templates are compiled when all pages were rendered once, and how many are loaded.
PROGRAM = """
import gc, sys
from web import serving
from web.site.rendering import environment
serving.settle()
made = environment()
compiled = len(made.cache)
for name in made.list_templates():
    if name.startswith(("desk/", "map/", "records/", "signing_in/", "site/", "worker/")):
        made.get_template(name)
print(compiled, len(made.cache) - compiled, "scipy.optimize" in sys.modules)
"""


def test_a_settled_process_compiles_no_template_and_imports_nothing_for_a_map() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=ROOT
    )
    compiled, more, layouts = done.stdout.split()
    assert int(compiled) > 100
    assert (more, layouts) == ("0", "True")
