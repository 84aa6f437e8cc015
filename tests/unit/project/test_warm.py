"""Scripts in forks: each by itself, with its exit code, and what one has imported is there for the next."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casepool.project.warm import AVAILABLE, WarmProcess

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="scripts run in new processes there")


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmProcess]:
    with WarmProcess() as process:
        yield process


def script(folder: Path, text: str) -> Path:
    """Write a script that leaves what it says in a file beside it."""
    path = folder / "script.py"
    path.write_text(f"out = open({str(folder / 'told')!r}, 'w', buffering=1)\n{text}\n", encoding="utf-8")
    return path


def test_a_script_runs_to_its_end_as_the_main_program(warm, tmp_path):
    assert warm.run(script(tmp_path, "import sys\nprint(__name__, sys.argv == [__file__], file=out)")) == 0
    assert (tmp_path / "told").read_text() == "__main__ True\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("raise SystemExit(3)", 3),
        ("1 / 0", 1),
        ("import no_such_module", 1),
        ("import os; os.kill(os.getpid(), 9)", -9),
    ],
)
def test_the_end_of_a_script_is_told(warm, tmp_path, text, code):
    assert warm.run(script(tmp_path, f"import sys\nsys.stderr = out\n{text}")) == code


def test_what_a_script_imports_is_there_for_the_next_one_and_what_it_changes_is_not(warm, tmp_path):
    first = "import colorsys\nimport sys\nsys.changed = True"
    assert warm.run(script(tmp_path, first)) == 0
    second = "import sys\nprint('colorsys' in sys.modules, hasattr(sys, 'changed'), file=out)"
    assert warm.run(script(tmp_path, second)) == 0
    assert (tmp_path / "told").read_text() == "True False\n"


def test_what_a_script_imports_on_its_way_is_there_for_the_next_one_too(warm, tmp_path):
    """As a function that imports what few need."""
    assert warm.run(script(tmp_path, "if out:\n    import netrc")) == 0
    assert warm.run(script(tmp_path, "import sys\nprint('netrc' in sys.modules, file=out)")) == 0
    assert (tmp_path / "told").read_text() == "True\n"


def test_what_a_script_leaves_for_its_end_is_done(warm, tmp_path):
    """It ends without being taken apart."""
    late = tmp_path / "late"
    written = f"import sys\nsys.stdout = open({str(late)!r}, 'w')\nprint('unwritten')"
    assert warm.run(script(tmp_path, f"import atexit\natexit.register(out.write, 'at the end')\n{written}")) == 0
    assert ((tmp_path / "told").read_text(), late.read_text()) == ("at the end", "unwritten\n")


def test_scripts_run_side_by_side(warm, tmp_path):
    """Each waits for the file of the other."""
    for one in "ab":
        (tmp_path / one).mkdir()
    waiting = "import os, time\nwhile not os.path.exists({!r}): time.sleep(0.01)"
    paths = [
        script(tmp_path / one, waiting.format(str(tmp_path / other / "told"))) for one, other in ("ab", "ba")
    ]  # fmt: skip
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(warm.run, paths)) == [0, 0]


def test_what_still_runs_ends_with_the_process_that_asked(tmp_path):
    """A build that was killed writes nothing more."""
    path = script(tmp_path, "import os, time\nprint(os.getpid(), file=out)\ntime.sleep(60)")
    asking = f"from casepool.project.warm import WarmProcess\nWarmProcess().run({str(path)!r})"
    with subprocess.Popen([sys.executable, "-c", asking]) as asker:
        told = tmp_path / "told"
        while not (told.exists() and told.read_text().endswith("\n")):
            time.sleep(0.02)
        asker.kill()
    process = int(told.read_text())
    for _ in range(500):
        if not _runs(process):
            break
        time.sleep(0.02)
    assert not _runs(process)


def test_a_process_that_was_killed_is_told_as_the_end_of_its_scripts(tmp_path):
    path = script(tmp_path, "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    with WarmProcess() as warm:
        assert warm.run(path) == -signal.SIGKILL


def _runs(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


TABLE = """
from pathlib import Path
from casepool import ahead
from casepool.files import store
path = Path(__file__).with_name("raw_faults.csv")
"""


def test_a_table_that_one_script_wrote_is_parsed_for_the_next(tmp_path):
    """And where it holds something else by then, it is read from the file."""
    write = f"{TABLE}store.write_table('raw_faults', store.stack('raw_faults', store.pd.DataFrame()), path)"
    look = f"{TABLE}print(len(store.read_table('raw_faults', path)), ahead._wished, file=out)"
    with WarmProcess() as own:
        assert own.run(script(tmp_path, write)) == 0
        assert own.run(script(tmp_path, look)) == 0
        assert (tmp_path / "told").read_text() == "0 []\n"  # nothing was wished for: it was there
        (tmp_path / "raw_faults.csv").write_text("spoiled\n", encoding="utf-8")
        assert own.run(script(tmp_path, f"import sys\nsys.stderr = out\n{look}")) == 1
        assert "StoredTableError" in (tmp_path / "told").read_text()


def test_a_script_that_begins_after_the_protocol_was_edited_runs_in_a_new_process(tmp_path, monkeypatch):
    """The columns of tables follow from the protocol, and what is in memory was read under the one before."""
    protocol = tmp_path / "protocol.yaml"
    protocol.write_text("one", encoding="utf-8")
    monkeypatch.setenv("CASEPOOL_PROTOCOL", str(protocol))
    with WarmProcess() as own:
        assert own.run(script(tmp_path, "import colorsys")) == 0
        look = "import sys\nprint('colorsys' in sys.modules, file=out)"
        assert own.run(script(tmp_path, look)) == 0
        assert (tmp_path / "told").read_text() == "True\n"
        protocol.write_text("two", encoding="utf-8")
        assert own.run(script(tmp_path, f"{look}\nraise SystemExit(4)")) == 4
        assert (tmp_path / "told").read_text() == "False\n"
