"""The stories in docs/stories: a change of the environment, and what the review says of it. `make docs` writes them."""

import difflib
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.conftest import ROOT
from tests.pages import OPERATIONS, blocks
from vkm_manifests.reading import read
from vkm_manifests.review import Review, review
from vkm_manifests.review.as_markdown import MARK, as_markdown

FOLDER: Final = ROOT / "docs" / "stories"
BEFORE: Final = ROOT / "tests" / "__snapshots__" / "test_environment"


@dataclass(frozen=True, kw_only=True)
class Story:
    """A change of the environment.

    Attributes:
        name: of its page.
        title: what stands above it.
        told: what somebody wanted.
        after: what somebody learns from the review.
        changes: to main.py and charts/, as a diff.
        files: new ones, by their path.
    """

    name: str
    title: str
    told: str
    after: str
    changes: str
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def page(self) -> Path:
        """Where it is told."""
        return FOLDER / f"{self.name}.md"


def bump() -> Story:
    """A new version, in the one line that says it."""
    return Story(
        name="version-bump",
        title="A version bump",
        told="BookStack has a new release. Its image stands once, in `charts/images.toml`.",
        after="Nothing to fear, and nothing that the change of one line says by itself: the pods wait for a migration"
        " that runs as a Job of its own, and a version that has migrated its database does not go back.",
        changes=_edited(
            "charts/images.toml", r"^bookstack = [^\n]*:\d+\.(\d+)\.\d+", lambda minor: str(int(minor) + 1)
        ),
    )


def resize() -> Story:
    """A volume that shrinks."""
    return Story(
        name="volume",
        title="A volume resized the wrong way",
        told="BookStack's database needs a fraction of its volume, so somebody asks for half of it.",
        after="Kubernetes would refuse this in the middle of a deployment, and the way around it that comes to mind, to"
        " delete the claim, deletes the database.",
        changes=_edited(
            "charts/environment.py", r'BookStack and its.*?data: str = "(\d+)Gi"', lambda size: str(int(size) // 2)
        ),
    )


def service() -> Story:
    """What docs/operations.md walks through."""
    (head,) = (code for code in blocks(OPERATIONS, "python") if "import Environment" in code)
    example = (ROOT / "examples/polls.py").read_text(encoding="utf-8")
    chart = re.search(r"^class PollsChart.*?(?=\n\n\n)", example, re.MULTILINE | re.DOTALL)
    assert chart
    (changes,) = blocks(OPERATIONS, "diff")
    return Story(
        name="new-service",
        title="A new service",
        told="The environment gets a poll, as [operations](../operations.md#add-a-service) walks through it: a chart in"
        " a file of its own, and these lines.",
        after="Who reviews it sees the host that can be reached from outside, who may talk to whom, which secrets have"
        " to be in the store before it is applied, and, of what runs, that Traefik starts anew, to watch one namespace"
        " more.",
        changes=changes,
        files={"charts/polls.py": f"{head}\n\n{chart.group()}\n"},
    )


def _edited(file: str, found: str, change: Callable[[str], str]) -> str:
    """The diff that changes what a pattern's group finds in a file."""
    old = (ROOT / file).read_text(encoding="utf-8")
    match = re.search(found, old, re.MULTILINE | re.DOTALL)
    assert match, f"{file} no longer has {found}"
    new = f"{old[: match.start(1)]}{change(match[1])}{old[match.end(1) :]}"
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    # So little around it that no line of it is empty, which a page would lose.
    return "".join(difflib.unified_diff(before, after, f"a/{file}", f"b/{file}", n=1))


def synthesize(story: Story, folder: Path) -> Path:
    """The manifests after the change, in a folder: made by `python main.py` of a copy that has it."""
    for file in [ROOT / "main.py", *(path for path in (ROOT / "charts").rglob("*") if path.suffix != ".pyc")]:
        if file.is_file():
            copy = folder / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    for name, text in story.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for command, text in (["git", "apply", "-"], story.changes), ([sys.executable, "main.py"], ""):
        done = subprocess.run(command, input=text, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{done.stderr}\nThe changes of {story.name} no longer fit {command}."
    return folder / "dist"


def reviewed(dist: Path) -> Review:
    """What the review says of manifests in place of the environment's."""
    return review(*((item.manifest for item in read([str(folder)])) for folder in (BEFORE, dist)))


def render(story: Story, found: Review) -> str:
    """The page."""
    comment = as_markdown(found).removeprefix(f"{MARK}\n\n")
    return "\n".join(
        [
            f"# {story.title}",
            "",
            story.told,
            "",
            "```diff",
            story.changes.rstrip("\n"),
            "```",
            "",
            story.after,
            "",
            "What follows is the comment that the pull request gets ([review](../review.md)); this page is made by"
            " `make docs`.",
            "",
            "---",
            "",
            comment,
        ]
    )


STORIES: Final = (bump, resize, service)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for tell in STORIES:
        with TemporaryDirectory() as name:
            told = tell()
            told.page.write_text(render(told, reviewed(synthesize(told, Path(name)))), encoding="utf-8")
