"""Odoo 19 source: a tree given by ODOO_DIR, or Debian's package."""

import os
import re
from pathlib import Path

from .base import CACHE, LOCAL, StackError, link_or_copy_tree, publish, say
from .debian import DEBS, Suite, unpack

VERSION = "19.0"
TREE = LOCAL / "odoo"
# The tree in use, remembered so that plain `pytest` finds it without ODOO_DIR.
CHOICE = LOCAL / "odoo-source"
FROM_SID = (
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
# Version 7 of sid lacks the web fonts that Odoo's style sheets name.
FROM_STABLE = ("fonts-font-awesome",)
# Translations are 820 MB of 1.2 GB; only French is kept, which the module has.
NOT_FRENCH = ("*/i18n*/[!f]*.po", "*/i18n*/f[!r]*.po", "*/i18n*/fr[!.]*.po")


def packages_folder():
    """Return the folder to put on Python's path."""
    return CHOICE.resolve()


def addons_paths():
    """Return the addons folders beside those of the `odoo` package."""
    extra = packages_folder() / "addons"
    return [extra] if extra.is_dir() else []


def version():
    """Return the identity of this Odoo: release, and the tree if it was given."""
    text = (packages_folder() / "odoo" / "release.py").read_text()
    found = re.search(r"version_info = \((.*?)\)", text)
    given = not packages_folder().is_relative_to(LOCAL)
    return f"{found[1]} {packages_folder() if given else ''}"


def ensure_odoo():
    """Make the Odoo source available, and check that it is a 19.0."""
    given = os.environ.get("ODOO_DIR")
    if given:
        folder = Path(given).expanduser().resolve()
        _choose(folder, f"ODOO_DIR={given}")
    elif not (CHOICE / "odoo" / "release.py").exists():
        _choose(_debian_tree(), "Debian's odoo-19")


def _choose(folder, name):
    release = folder / "odoo" / "release.py"
    if not release.is_file():
        raise StackError(f"{name} is not an Odoo source tree: {release} is missing.")
    if not re.search(r"version_info = \(19, 0,", release.read_text()):
        raise StackError(f"{name} is not Odoo {VERSION}: see {release}.")
    CHOICE.unlink(missing_ok=True)
    CHOICE.symlink_to(folder)


def _debian_tree():
    """Return the unpacked Debian package, from the shared cache if it is there."""
    folder = TREE / "usr" / "lib" / "python3" / "dist-packages"
    if (TREE / ".complete").exists():
        return folder
    cached = CACHE and CACHE / "odoo"
    if cached and (cached / ".complete").exists():
        link_or_copy_tree(cached, TREE)
        return folder
    _build_tree(_debs())
    if cached:
        publish(TREE, cached)
    return folder


def _debs():
    """Return the .deb files, fetched unless they were kept before."""

    def kept(name):
        return sorted(DEBS.glob(f"{name}_*.deb"))

    for suite, names in (("sid", FROM_SID), ("bookworm", FROM_STABLE)):
        if missing := [name for name in names if not kept(name)]:
            say(f"fetching {missing[0]} and what it needs from Debian {suite}")
            source = Suite(suite)
            source.update()
            source.download(missing, DEBS)
    archives = [kept(name)[-1] for name in (*FROM_SID, *FROM_STABLE)]
    if not archives[0].name.startswith(f"odoo-19_{VERSION}."):
        raise StackError(f"{archives[0].name} is not Odoo {VERSION}.")
    return archives


def _build_tree(archives):
    say("unpacking Odoo")
    unpack(archives, TREE, exclude=NOT_FRENCH)
    folder = TREE / "usr" / "lib" / "python3" / "dist-packages"
    # Debian leaves this model out of the package, but a bundle names it: its 404 fails
    # every browser test. It blurs the background of video calls.
    stub = folder.joinpath(
        "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    )
    stub.parent.mkdir(parents=True, exist_ok=True)
    if not stub.exists():
        stub.write_text("// Not part of the Debian package.\n")
    (TREE / ".complete").touch()
