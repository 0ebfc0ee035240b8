"""Debian packages: installed as root or by sudo, else unpacked under .local."""

import os
import re
import shutil
import subprocess
import sysconfig

from .base import CACHE, CACHE_IS_OURS, LOCAL, StackError, run, say, which

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
DEBS = (CACHE if CACHE_IS_OURS else LOCAL) / "debs"
SYS = LOCAL / "sys"
BIN = LOCAL / "bin"
# Programs that the suite and the demo need -> their packages.
SYSTEM = (
    (("initdb",), ("postgresql",)),
    (("wkhtmltopdf",), ("wkhtmltopdf", "fonts-liberation")),
    (
        ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable"),
        ("chromium", "fonts-liberation"),
    ),
    (("pdftotext",), ("poppler-utils",)),
)


def missing_packages():
    """Return the packages of the missing programs."""
    packages = []
    for programs, names in SYSTEM:
        if not find_program(*programs):
            packages += [name for name in names if name not in packages]
    return packages


def find_program(*names):
    """Return the path of a program, PostgreSQL server programs included."""
    own = [BIN / name for name in names if (BIN / name).exists()]
    if own:
        return str(own[0])
    # Debian keeps a server's programs outside of PATH, in one folder per version;
    # initdb, pg_ctl and postgres must be of the same version.
    root = "/usr/lib/postgresql"
    versions = sorted(os.listdir(root), key=_number) if os.path.isdir(root) else []
    for version in reversed(versions):
        for name in names:
            path = f"{root}/{version}/bin/{name}"
            if os.access(path, os.X_OK):
                return path
    return which(*names)


def _number(version):
    return float(version) if re.fullmatch(r"[\d.]+", version) else 0


def ensure_system():
    """Install missing programs; needs apt, but neither root nor sudo."""
    packages = missing_packages()
    if not packages:
        return
    names = ", ".join(packages)
    if not shutil.which("apt-get"):
        raise StackError(
            f"This machine has no apt-get: install {names} with its own package "
            "manager and start again."
        )
    if prefix := _root_prefix():
        say(f"installing {names}")
        _apt_install(prefix, packages)
    else:
        say(f"fetching {names} into .local (neither root nor sudo)")
        _unpack_system(packages)
    if packages := missing_packages():
        raise StackError(f"{', '.join(packages)} could not be set up.")


def _root_prefix():
    """Return the prefix that runs a command as root, or None."""
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive"]
    if shutil.which("sudo"):
        probe = subprocess.run(
            ["sudo", "-n", "true"], capture_output=True, stdin=subprocess.DEVNULL
        )
        if not probe.returncode:
            return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def _apt_install(prefix, packages):
    problem = f"{', '.join(packages)} could not be installed:"
    run([*prefix, "apt-get", "update"], problem, log="apt-update.log")
    run(
        [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *packages],
        problem,
        log="apt-install.log",
    )


def mirror():
    """Return the address of the machine's own Debian mirror."""
    uris = run(
        ["apt-get", "--print-uris", "update"],
        "The package sources of this machine cannot be read:",
    )
    # Security and third-party archives do not end in /debian.
    found = re.search(r"^'(https?://[^']*/debian)/+dists/[a-z]+/InRelease'", uris, re.M)
    if not found:
        raise StackError(
            "No Debian mirror is set up on this machine: add one to the apt sources, "
            "or give an Odoo 19 source tree with ODOO_DIR=."
        )
    return found[1]


class Suite:
    """Private apt state for one suite, readable and writable without root."""

    def __init__(self, name, lines=None):
        self.name = name
        self.folder = LOCAL / "apt" / name
        self.lines = lines or [f"deb [signed-by={KEYRING}] {{mirror}} {name} main"]

    def _options(self):
        settings = {
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "Acquire::Languages": "none",
            "Acquire::GzipIndexes": "true",
            # A mirror may be out of date; its signatures are still valid.
            "Acquire::Check-Valid-Until": "false",
            "APT::Sandbox::User": "",
            "Debug::NoLocking": "1",
        }
        return [
            part for key, value in settings.items() for part in ("-o", f"{key}={value}")
        ]

    def update(self):
        """Fetch the lists of the suite."""
        (self.folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        (self.folder / "cache" / "archives" / "partial").mkdir(
            parents=True, exist_ok=True
        )
        address = mirror()
        text = "".join(f"{line.format(mirror=address)}\n" for line in self.lines)
        (self.folder / "sources.list").write_text(text)
        run(
            # By default, an unreachable mirror is only a warning.
            [
                "apt-get",
                *self._options(),
                "-o",
                "APT::Update::Error-Mode=any",
                "update",
            ],
            f"The package lists of Debian {self.name} could not be fetched:",
            log=f"apt-{self.name}.log",
        )

    def download(self, packages, target):
        """Fetch packages into a folder, without their dependencies."""
        target.mkdir(parents=True, exist_ok=True)
        run(
            ["apt-get", *self._options(), "download", *packages],
            f"{packages[0]} could not be fetched from Debian {self.name}:",
            cwd=target,
            log=f"download-{self.name}.log",
        )

    def closure(self, packages):
        """Return the packages that an installation would add."""
        plan = run(
            ["apt-get", *self._options(), "-s", "install", "--no-install-recommends"]
            + packages,
            f"The needs of {packages[0]} could not be worked out:",
        )
        return re.findall(r"^Inst (\S+)", plan, re.M)


def unpack(archives, target, exclude=()):
    """Unpack .deb files into a folder without running dpkg's scripts."""
    target.mkdir(parents=True, exist_ok=True)
    for archive in archives:
        # By tar, because dpkg-deb -x cannot exclude files.
        reader = subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE
        )
        run(
            ["tar", "x", "-C", target, *(f"--exclude={name}" for name in exclude)],
            f"{archive.name} could not be unpacked:",
            stdin=reader.stdout,
        )
        reader.stdout.close()
        if reader.wait():
            raise StackError(f"{archive.name} is damaged: delete it and start again.")


def _unpack_system(packages):
    suite = Suite("system", _stable_lines())
    suite.update()
    names = suite.closure(packages)
    target = LOCAL / "apt" / "system" / "debs"
    suite.download(names, target)
    unpack(sorted(target.glob("*.deb")), SYS)
    shutil.rmtree(target)
    _write_wrappers()


def _stable_lines():
    """Return the sources of this machine's release, updates included."""
    release = run(["sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME"], "").strip()
    head = f"deb [signed-by={KEYRING}] {{mirror}}"
    return [
        f"{head} {release} main",
        f"{head} {release}-updates main",
        f"{head}-security {release}-security main",
    ]


def _write_wrappers():
    """Write wrappers into .local/bin for programs whose libraries are under .local/sys.

    They start the real path: initdb and pg_ctl look for postgres in their own folder,
    chromium for its resources.
    """
    arch = sysconfig.get_config_var("MULTIARCH") or "x86_64-linux-gnu"
    usr = SYS / "usr" / "lib"
    parts = [usr / arch, SYS / "lib" / arch]
    parts += [usr / arch / name for name in ("pulseaudio", "blas", "lapack")]
    fonts = BIN.parent / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{SYS}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{LOCAL}/fontcache</cachedir></fontconfig>\n"
    )
    head = "\n".join(
        [
            "#!/bin/sh",
            f'export LD_LIBRARY_PATH="{":".join(map(str, parts))}"',
            f'export QT_PLUGIN_PATH="{usr / arch}/qt5/plugins"',
            f'export FONTCONFIG_FILE="{fonts}"',
        ]
    )
    programs = [path for path in (SYS / "usr" / "bin").iterdir() if path.is_file()]
    wanted = {"wkhtmltopdf", "pdftotext", "pdftoppm", "pdfinfo"}
    real = {path.name: path for path in programs if path.name in wanted}
    for folder in sorted(usr.glob("postgresql/*/bin")):
        real |= {path.name: path for path in folder.iterdir()}
    if (usr / "chromium" / "chromium").exists():
        real["chromium"] = usr / "chromium" / "chromium"
    BIN.mkdir(exist_ok=True)
    for name, path in real.items():
        wrapper = BIN / name
        wrapper.write_text(f'{head}\nexec "{path}" "$@"\n')
        wrapper.chmod(0o755)
