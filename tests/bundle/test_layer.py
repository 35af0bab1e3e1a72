"""The built layer: complete, lean, precompiled, for the right processor, and the same each time."""

import ast
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from zipfile import ZipFile

import pytest

from brightspot_local.bundle import Bundle
from brightspot_local.bundle.trees import write_zip
from brightspot_local.paths import LAYER, ROOT
from tests.bundle.conftest import BUILD, FIGURES, HOST_ARCH, Build, files

REQUIREMENTS = LAYER / "requirements.txt"
DATASET = "brightspot/locations/data/places.sqlite"
MB = 1_000_000
MOST_BYTES = 110 * MB
MOST_ZIPPED_BYTES = 45 * MB
MOST_TOLD = 8
UNCHECKED_HASH = b"\x01\x00\x00\x00"
ELF_MACHINE = {"x86_64": b"\x3e\x00", "arm64": b"\xb7\x00"}
NOT_COPIED = (".git", ".venv", ".tools", ".aws-sam", "build", "__pycache__", ".*_cache", ".hypothesis")


@pytest.fixture(scope="session")
def site(bundle: Bundle) -> Path:
    return bundle.layer / "python"


def bytecode(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(source)))


def names(requirements: str) -> set[str]:
    return {found.lower().replace("-", "_") for found in re.findall(r"^([\w.-]+)==", requirements, re.MULTILINE)}


def tree_hash(folder: Path) -> str:
    """Of every file's place, permissions, time and content."""
    total = hashlib.sha256()
    for file in files(folder):
        stat = file.stat()
        total.update(f"{file.relative_to(folder)} {stat.st_mode:o} {stat.st_mtime_ns} {stat.st_size}\n".encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def test_the_layers_requirements_are_the_ones_that_uv_lock_pins() -> None:
    command = [
        str(ROOT / ".tools/uv/bin/uv"),
        "export",
        "--quiet",
        "--frozen",
        "--no-default-groups",
        "--no-emit-project",
    ]
    exported = subprocess.run(
        [*command, "--no-header", "--no-annotate"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert REQUIREMENTS.read_text() == exported.stdout, "run make lock"


def test_the_layers_requirements_name_hashes_and_no_index() -> None:
    text = REQUIREMENTS.read_text()
    assert "--index-url" not in text
    assert "://" not in text
    assert text.count("==") == len(re.findall(r"== ?\S+(?: ; [^\n]*)? \\\n\s+--hash=sha256:", text))


def test_the_layer_holds_the_library_and_exactly_what_it_requires(site: Path) -> None:
    installed = {each.name.rsplit("-", 1)[0].split("-")[0].lower() for each in site.glob("*.dist-info")}
    assert installed == names(REQUIREMENTS.read_text())
    assert (site / "brightspot" / "__init__.py").exists()


def test_every_import_written_in_the_library_and_the_functions_is_met_by_the_layer(bundle: Bundle, site: Path) -> None:
    # Lambda's runtime brings what registers the hooks of SnapStart.
    folders: dict[Path, set[str]] = {
        site / "brightspot": {"snapshot_restore_py"},
        **{each.folder: own(each.folder) for each in bundle.functions.values()},
    }
    for folder, beside in folders.items():
        written = {name for file in folder.rglob("*.py") for name in imported(ast.parse(file.read_text()))}
        missing = written - beside - sys.stdlib_module_names
        assert [name for name in sorted(missing) if not PathFinder.find_spec(name, [str(site)])] == []


def own(folder: Path) -> set[str]:
    return {file.stem for file in folder.glob("*.py")}


def imported(tree: ast.Module) -> set[str]:
    """Top-level names of every import, those inside functions too: what loads late must be there as well."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in names}


def test_the_layer_holds_the_committed_dataset(site: Path) -> None:
    assert (site / DATASET).read_bytes() == (LAYER / DATASET).read_bytes()


def test_the_layer_holds_no_tests_stubs_scripts_or_traces_of_this_machine(site: Path) -> None:
    unwanted = (
        "*.pyi",
        "*.pyx",
        "*.c",
        "*.h",
        "tests",
        "bin",
        "RECORD",
        "INSTALLER",
        "direct_url.json",
        "*.pth",
        "*.exe",
    )
    assert [each for pattern in unwanted for each in site.rglob(pattern)] == []
    assert [each for each in files(site) if str(ROOT).encode() in each.read_bytes()] == []


def test_every_module_of_the_bundle_ships_bytecode_that_is_used_unchecked(bundle: Bundle, site: Path) -> None:
    folders = [site, *(function.folder for function in bundle.functions.values())]
    sources = [each for folder in folders for each in files(folder) if each.suffix == ".py"]
    headers = {bytecode(source).read_bytes()[:8] for source in sources}
    assert len(sources) > 100
    assert headers == {importlib.util.MAGIC_NUMBER + UNCHECKED_HASH}


def test_imports_read_the_shipped_bytecode_and_no_source(site: Path, arch: str) -> None:
    if arch != HOST_ARCH:
        pytest.skip(f"this machine is {HOST_ARCH} and cannot import extensions built for {arch}")
    code = "import brightspot.http.app, brightspot.locations, brightspot.operations"
    done = subprocess.run(
        [sys.executable, "-S", "-v", "-c", code],
        env={"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = re.findall(rf"# code object from '?({re.escape(str(site))}/[^\n']+)", done.stderr)
    assert len(loaded) > 100
    assert [each for each in loaded if not each.endswith(".pyc")] == []


def test_every_extension_is_built_for_the_asked_processor(site: Path, arch: str) -> None:
    extensions = [each for each in files(site) if ".so" in each.suffixes]
    assert extensions
    assert {each.read_bytes()[18:20] for each in extensions} == {ELF_MACHINE[arch]}


@pytest.fixture(scope="session")
def packed(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("packed") / "layer.zip"
    write_zip(bundle.layer, target)
    return target


def test_the_layer_is_small_with_its_dataset_in_it(
    bundle: Bundle, site: Path, packed: Path, pytestconfig: pytest.Config
) -> None:
    whole, zipped = sum(each.stat().st_size for each in files(bundle.layer)), packed.stat().st_size
    figures = pytestconfig.stash[FIGURES]
    figures.append(
        f"bundle: layer {whole / MB:.1f} MB of {MOST_BYTES // MB}, zipped {zipped / MB:.1f} MB of 45, by part:"
    )
    figures += parts(packed)
    assert (site / DATASET).stat().st_size > MB
    assert whole <= MOST_BYTES
    assert zipped <= MOST_ZIPPED_BYTES


def parts(archive: Path) -> list[str]:
    """What each library takes, the largest first: the dataset by itself, what comes of one distribution together."""
    sizes: dict[str, list[int]] = {}
    with ZipFile(archive) as opened:
        for entry in opened.infolist():
            size = sizes.setdefault(part(entry.filename), [0, 0])
            size[0], size[1] = size[0] + entry.file_size, size[1] + entry.compress_size
    ranked = sorted(sizes.items(), key=lambda item: -item[1][0])
    rest = [sum(each) for each in zip(*(size for _, size in ranked[MOST_TOLD:]), strict=True)]
    rows = [*ranked[:MOST_TOLD], (f"{len(ranked) - MOST_TOLD} others", rest)]
    return [f"  {name:28} {size / MB:6.1f} MB, zipped {zipped / MB:5.1f}" for name, (size, zipped) in rows]


def part(name: str) -> str:
    if name.endswith(DATASET):
        return "the dataset"
    return re.split(r"[-./]", name.removeprefix("python/"), maxsplit=1)[0].lower().lstrip("_") or name


def test_builds_in_two_checkouts_under_two_masks_are_the_same_to_the_byte(
    bundle: Bundle, build: Build, packed: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "another" / "place"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
    for tools in (".venv", ".tools"):
        (copy / tools).symlink_to(ROOT / tools)
    again = build(copy, umask=0o077)
    write_zip(again.layer, tmp_path / "again.zip")
    assert sha256(tmp_path / "again.zip") == sha256(packed)
    assert tree_hash(again.layer) == tree_hash(bundle.layer)
    for name, function in bundle.functions.items():
        assert tree_hash(again.functions[name].folder) == tree_hash(function.folder), name
    assert (copy / BUILD / "template.yaml").read_text() == (ROOT / BUILD / "template.yaml").read_text()


def sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
