"""The example runs from its first cell to its last."""
import re
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "examples" / "compare.py"


def test_two_presets_are_compared(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, str(EXAMPLE)], capture_output=True, text=True, cwd=tmp_path, env={"TMPDIR": str(tmp_path)}
    )
    assert ended.returncode == 0, ended.stderr
    wrong = dict(re.findall(r"(paper|modern): (\d+) of 360 wrong after 8 passes", ended.stdout))
    assert wrong.keys() == {"paper", "modern"} and all(int(errors) < 36 for errors in wrong.values()), ended.stdout
    both, paper, modern = map(int, re.findall(r"(?:both|alone) (\d+)", ended.stdout))
    assert (both + paper, both + modern) == (int(wrong["paper"]), int(wrong["modern"]))
