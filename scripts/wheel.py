"""What a build adds to the packages: GraphiQL's files where npm is, templates and schema."""

import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha384
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class Bundle(BuildHookInterface[Any]):
    """Hatch's hook: brings GraphiQL before a build, and says what else goes into a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Prepare the files; a failing npm costs GraphiQL's copy (the CDN's is used), no build."""
        graphiql = Path(self.root) / "app" / "web" / "graphiql"
        try:
            bring(graphiql)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            self.app.display_warning(f"GraphiQL will be loaded from a CDN: {error}")
        if version == "standard":
            build_data["force_include"] |= {
                f"{self.root}/email_templates": "app/email_templates",
                f"{self.root}/schema.graphql": "app/schema.graphql",
            }


def bring(graphiql: Path) -> None:
    """Fetch the listed files by npm, unless they are there already.

    Raises OSError without npm, SubprocessError when it fails, ValueError on a wrong hash.
    """
    kinds: Mapping[str, Mapping[str, str]] = json.loads((graphiql / "bundle.json").read_text())
    listed = {path: integrity for kind in kinds.values() for path, integrity in kind.items()}
    vendor = graphiql / "static" / "vendor"
    if all(has(vendor / path, integrity) for path, integrity in listed.items()):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("there is no npm")
    with TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(graphiql / name, folder)
        subprocess.run(  # noqa: S603 - constant arguments
            [npm, *NPM_CI], cwd=folder, check=True, capture_output=True, timeout=300
        )
        modules = Path(folder) / "node_modules"
        for path, integrity in listed.items():
            copy(modules / without_version(path), vendor / path, integrity)
        (vendor / "LICENSES.txt").write_text("\n".join(licences(modules)))


def without_version(path: str) -> str:
    """Turn `@scope/name@1.2.3/file` into `@scope/name/file`."""
    name, _, rest = path.rpartition("@")
    return f"{name}/{rest.partition('/')[2]}"


def copy(source: Path, target: Path, integrity: str) -> None:
    """Copy a file that has the right hash."""
    if not has(source, integrity):
        raise ValueError(f"{source} has not the hash that bundle.json names")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def has(path: Path, integrity: str) -> bool:
    """Tell whether the file is there, whole and unchanged."""
    if not path.is_file():
        return False
    return f"sha384-{b64encode(sha384(path.read_bytes()).digest()).decode()}" == integrity


def licences(modules: Path) -> Iterator[str]:
    """Yield name, version and licence text of every package that the bundles are made of."""
    for about in sorted(modules.glob("**/package.json")):
        folder = about.parent
        if folder.parent.name != "node_modules" and folder.parent.parent.name != "node_modules":
            continue
        package = json.loads(about.read_text())
        if "version" not in package:
            continue
        yield f"{'=' * 80}\n{package['name']} {package['version']} ({package.get('license')})\n"
        yield from (text.read_text() for text in sorted(folder.glob("[Ll][Ii][Cc][Ee][Nn]*")))
