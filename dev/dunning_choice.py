"""pytest plugin: the whole suite, a fast part of it, or a random order.

`--fast` leaves out tests that start programs: in a browser (tagged `browser`), on paper
(tagged `paper`) and by processes. `--shuffle` runs classes, and the tests of each, in
random order; `--shuffle=SEED` repeats an order.
"""

import os
import random
import sys

import pytest
from dunning_workers import PROCESSES

# Tags of Odoo's own test runner, by the program that these tests start.
TAGS = {
    "wkhtmltopdf": "paper",
    "chrome": "browser",
    "google-chrome": "browser",
    "chromium": "browser",
}

_started = []


def pytest_addoption(parser):
    """Add the two options."""
    group = parser.getgroup("stories")
    group.addoption(
        "--fast", action="store_true", help="leave out browser, paper and processes"
    )
    group.addoption(
        "--shuffle",
        nargs="?",
        type=int,
        const=random.SystemRandom().randrange(10_000),
        metavar="SEED",
        help="play the stories in an order of chance",
    )


def pytest_configure(config):
    if config.option.fast:
        sys.addaudithook(_note_program)


def pytest_report_header(config):
    if config.option.shuffle is not None:
        return f"order of chance: --shuffle={config.option.shuffle}"
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Leave out slow tests and shuffle the rest, before it is shared out to workers."""
    if config.option.fast:
        slow = [item for item in items if _is_slow(item)]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in set(slow)]
    if config.option.shuffle is not None:
        _shuffle(items, random.Random(config.option.shuffle))


def _is_slow(item):
    tags = {
        *getattr(item.cls, "test_tags", ()),
        *getattr(item.function, "test_tags", ()),
    }
    return item.nodeid.startswith(PROCESSES) or not tags.isdisjoint(TAGS.values())


def _shuffle(items, chance):
    """Shuffle the classes, and the tests within each, as a class shares its set-up."""
    classes = {}
    for item in items:
        classes.setdefault(item.nodeid.rsplit("::", 1)[0], []).append(item)
    scopes = sorted(classes)
    chance.shuffle(scopes)
    for scope in scopes:
        chance.shuffle(classes[scope])
    items[:] = [item for scope in scopes for item in classes[scope]]


def _note_program(event, arguments):
    """Record a program started by a test, since a fast run must start none."""
    if event != "subprocess.Popen":
        return
    words = [os.fsdecode(word) for word in arguments[1] or ()]
    name = os.path.basename(words[0]) if words else ""
    if name in TAGS and "--version" not in words:
        _started.append(f"{os.environ.get('PYTEST_CURRENT_TEST')}: {name}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Fail a test that starts a program without the tag for it."""
    result = yield
    if _started:
        programs = sorted({line.rsplit(": ", 1)[1] for line in _started})
        _started.clear()
        tags = sorted({TAGS[name] for name in programs})
        pytest.fail(f"{item.nodeid} starts {programs}: tag its class {tags}")
    return result
