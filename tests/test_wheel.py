"""What another project gets: the wheel, in an environment without this checkout."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from tests.conftest import ROOT


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_a_project_uses_the_wheel(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv/bin/python"
    packages = Path(run(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=tmp_path).stdout.strip())
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    # The dependencies, without the editable install of this checkout: a .pth file is not followed from another one.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")

    project = tmp_path / "project"
    for foreign in ("constructs/web.py", "imports/k8s.py", "charts/__init__.py"):
        (project / foreign).parent.mkdir(parents=True)
        (project / foreign).write_text("raise AssertionError('imported by mistake')\n", encoding="utf-8")
    (project / "app.py").write_text((ROOT / "examples/notes.py").read_text(encoding="utf-8"), encoding="utf-8")
    run(python, "app.py", cwd=project)
    assert sorted(file.name for file in (project / "dist").iterdir()) == ["namespaces.k8s.yaml", "notes.k8s.yaml"]

    verified = run(tmp_path / "venv/bin/vkm", "verify", "dist", cwd=project)
    assert verified.stdout == "0 errors, 0 warnings\n"
    assert list((packages / "vkm_manifests/contracts").glob("*.yaml"))

    where = run(
        python, "-c", "import vkm_constructs, vkm_manifests; print(vkm_constructs.__file__)", cwd=project
    ).stdout
    assert Path(where).is_relative_to(packages)
    assert (packages / "vkm_constructs/py.typed").exists()
    assert (packages / "vkm_manifests/py.typed").exists()
