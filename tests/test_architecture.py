"""The direction of imports, read from the source: nothing here runs the code it judges."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "allocator"

SOLVERS = {"highspy", "ortools"}
SERVICE = {"dbos", "fastapi", "sqlalchemy", "starlette"}
# What the referee may share with the rest: plain values, how they are written down (a plan is for
# the problem with its hash), and nothing that chooses or judges. It adds up certificates in numpy.
PLAIN = {
    "booking",
    "errors",
    "estate",
    "geography",
    "held",
    "nights",
    "plan",
    "policy",
    "problem",
    "problem_file",
    "referral",
    "restriction_code",
    "safeguards",
    "sets",
    "vocabulary",
}
REFEREES_LIBRARIES = {"numpy"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(source: str, package: str = "") -> Iterator[str]:
    """Every module that the source imports, in full, wherever in the file it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")
            start = above[: len(above) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def imports_of(path: Path) -> set[str]:
    package = ".".join(path.relative_to(ROOT).parent.parts)
    return set(imports(path.read_text(encoding="utf-8"), package))


def roots(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def belongs_to(path: Path, part: str) -> bool:
    """Whether the file is allocator/<part>.py or lies under allocator/<part>/."""
    first = path.relative_to(PACKAGE).parts[0]
    return first in (part, f"{part}.py")


def test_every_form_of_import_is_seen():
    source = """
import ortools.sat as sat
from allocator import nights
def later():
    from ..rules.base import Bar
    from . import sibling
"""
    assert set(imports(source, "allocator.check")) == {
        "ortools.sat",
        "allocator.nights",
        "allocator.rules.base.Bar",
        "allocator.check.sibling",
    }


def test_only_the_solving_knows_a_solver():
    knowing = [path for path in modules() if roots(imports_of(path)) & SOLVERS]
    assert [path for path in knowing if not belongs_to(path, "solving")] == []


def test_the_product_runs_without_ortools():
    assert [path for path in modules() if "ortools" in roots(imports_of(path))] == []


def test_the_library_knows_no_server_and_no_database():
    assert [path for path in modules() if roots(imports_of(path)) & SERVICE] == []


def test_the_referee_shares_only_plain_values_with_what_it_judges():
    allowed = PLAIN | {"check"}
    for path in (path for path in modules() if belongs_to(path, "check")):
        for name in sorted(imports_of(path)):
            root, *rest = name.split(".")
            if root == "allocator":
                assert rest[:1] and rest[0] in allowed, f"{path.name} imports {name}"
            else:
                known = root in sys.stdlib_module_names | REFEREES_LIBRARIES
                assert known, f"{path.name} imports {name}"


SMALL_SOLVES = """
model = cp_model.CpModel()
x = model.new_int_var(0, 3, "x")
model.maximize(x)
solver = cp_model.CpSolver()
assert solver.solve(model) == cp_model.OPTIMAL and solver.objective_value == 3

lp = highspy.Highs()
lp.silent()
y, z = lp.addVariable(lb=0, ub=4), lp.addVariable(lb=0, ub=4)
lp.addConstr(y + 2 * z <= 6)
lp.maximize(y + z)
assert abs(lp.getObjectiveValue() - 5) < 1e-9

model = mathopt.Model()
w = model.add_variable(lb=0, ub=2)
model.maximize(w)
assert abs(mathopt.solve(model, mathopt.SolverType.HIGHS).objective_value() - 2) < 1e-9
"""
ORTOOLS = """
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model
"""


@pytest.mark.parametrize("first", [ORTOOLS, "import highspy"], ids=["ortools", "highspy"])
def test_the_two_solvers_live_in_one_process_whichever_comes_first(first):
    # Both carry the same C++ library. Other pairs of their versions crash the interpreter, so
    # this runs in a process of its own, and the versions are pinned in pyproject.toml.
    code = "\n".join([first, ORTOOLS, "import highspy", SMALL_SOLVES])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("process", ["api.app", "api.worker.loop", "api.service.reading_files"])
def test_no_process_of_the_service_begins_with_what_only_a_forecast_is_fitted_with(process):
    heavy = {"scipy.stats", "statsmodels", "pandas"}
    code = f"import sys, {process}; print(*{heavy} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
