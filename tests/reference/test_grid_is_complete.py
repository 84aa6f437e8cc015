"""Every file and case of the reference folder is used by a test."""

from pathlib import Path

from reference import cases


def test_every_glmm_file_belongs_to_a_data_set_under_test() -> None:
    """A data set added without a test would look like evidence and be none."""
    one_level = [f"{n}.{kind}" for n in cases.GLMM for kind in ("csv", "optimum.json", "r.json")]
    two_level = [f"{n}.{kind}" for n in cases.TWO_LEVEL for kind in ("csv", "optimum.json", "r.json")]
    simulated = [f"{n}.{kind}" for n in cases.SIMULATED for kind in ("csv", "r.json")]
    found = sorted(path.name for path in (cases.FOLDER / "glmm").iterdir())
    assert found == sorted(one_level + two_level + simulated)


def test_every_joint_case_is_under_test() -> None:
    """The cases of joint.json are exactly those the tests name, and each has its module."""
    stored = cases._load(cases.FOLDER / "joint.json")["cases"]
    assert [case["id"] for case in stored] == list(cases.JOINT)
    modules = " ".join(path.name for path in Path(__file__).parent.glob("test_joint_*.py"))
    assert all(case_id.lower() in modules for case_id in cases.JOINT)


def test_every_expected_value_of_the_joint_cases_is_named_in_a_test() -> None:
    """A new expected key must be compared somewhere, not only stored."""
    folder = Path(__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("test_joint_*.py"))
    for case_id in cases.JOINT:
        expected = cases.joint_case(case_id)["expected"]
        entries = expected if isinstance(expected, list) else [expected]
        for entry in entries:
            missing = [key for key in entry if f'"{key}"' not in text]
            assert missing == [], f"{case_id}: {missing}"


def test_the_data_files_all_lie_in_known_places() -> None:
    """Nothing lies in the folder that no test reads."""
    known = {"joint.json", "README.md", "call_references.csv"}  # the last is read by tests/curated
    files = {path.name for path in cases.FOLDER.iterdir() if path.suffix in {".json", ".csv", ".md"}}
    assert files == known
