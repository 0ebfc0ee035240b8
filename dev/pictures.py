"""Take the pictures of the documentation from the demo, so that they stay up to
date."""

import io
from typing import NamedTuple

import requests
import stack
from browsing import Browser
from devstack.base import ROOT, say
from PIL import Image

from demo import MAILS, Server, Sink, ensure_demo, play, server_settings

FOLDER = ROOT / "docs" / "pictures"
SIZE = (1366, 860)
ROWS = 60
# A palette keeps a picture of a screen small, without visible loss.
COLORS = 128


class Picture(NamedTuple):
    """Screen of the demo: its page, the buttons to press, and the element to wait
    for."""

    name: str
    page: str
    presses: tuple
    shows: str


class Options(NamedTuple):
    """Options of the demo: the day waits on the desk."""

    rows: int = ROWS
    desk: bool = True


def main():
    """Run the demo and write each picture."""
    stack.ensure(with_template=False)
    db = ensure_demo()
    port = stack.free_port()
    FOLDER.mkdir(exist_ok=True)
    with Sink(MAILS) as sink:
        settings = server_settings(port, sink.port)
        with Server(db, port, {**settings, "max_cron_threads": 0}):
            play(db, port, settings, Options())
            pictures = get_pictures(db, settings)
            with Browser(*SIZE) as browser:
                sign_in(browser, db, f"http://127.0.0.1:{port}")
                for picture in pictures:
                    say(f"taking a picture: {picture.name}")
                    take(browser, f"http://127.0.0.1:{port}", picture)


def get_pictures(db, settings):
    """Return the pictures, with the ids of records of the demo database."""
    with stack.odoo_env(db, **{**settings, "http_enable": False}) as env:
        scenario = env.ref("account_dunning_scenario.dunning_scenario_standard").id
        customer = env.ref("account_dunning_scenario.res_partner_alderon_demo").id
    glance = "button[name=action_open_dunning_glance]"
    return [
        Picture("desk", "/odoo/follow-up", (), ".o_data_row"),
        Picture(
            "scenario",
            f"/odoo/follow-up-scenarios/{scenario}",
            (),
            ".o_dunning_track_field",
        ),
        Picture(
            "glance",
            f"/odoo/res.partner/{customer}",
            (glance,),
            ".o_dunning_glance_card",
        ),
        Picture(
            "answer",
            f"/odoo/res.partner/{customer}",
            (glance, ".o_dunning_glance_buttons .btn-primary"),
            ".modal .o_form_view",
        ),
    ]


def sign_in(browser, db, address):
    """Sign the browser in as the administrator of the demo."""
    session = requests.Session()
    session.trust_env = False
    answer = session.post(
        f"{address}/web/session/authenticate",
        json={"params": {"db": db, "login": "admin", "password": "admin"}},
        timeout=60,
    )
    answer.raise_for_status()
    browser.set_cookie(address, "session_id", session.cookies["session_id"])


def take(browser, address, picture):
    """Write the picture of a screen into the folder of the documentation."""
    browser.open(address + picture.page)
    for selector in picture.presses:
        browser.click(selector)
    browser.wait_for(picture.shows)
    image = Image.open(io.BytesIO(browser.take_picture())).convert("RGB")
    image.quantize(COLORS).save(FOLDER / f"{picture.name}.png", optimize=True)


if __name__ == "__main__":
    main()
