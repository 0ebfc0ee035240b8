import base64
import doctest
import os
import re
import stat
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from ...report.paper import printer, self_contained
from ...report.paper.self_contained import make_self_contained
from ..delivery.common import DeliveryCommon
from .printer_common import Listener

COURIER = "odoo.addons.account_dunning_scenario.models.delivery.dunning_courier_run"
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# What a text may hold; each asks for URL when it is shown by a program that obeys.
LOADERS = (
    '<img src="URL"/>',
    "<img/src=URL>",
    '<img srcset="URL 1x" src="URL"/>',
    '<image src="URL"></image>',
    '<img lowsrc="URL" dynsrc="URL"/>',
    '<picture><source srcset="URL"/><img src="URL"/></picture>',
    '<input type="image" src="URL"/>',
    '<table background="URL"><tr><td background="URL">x</td></tr></table>',
    '<video poster="URL" src="URL"></video>',
    '<audio src="URL" autoplay="1"></audio>',
    '<iframe src="URL"></iframe>',
    "<iframe srcdoc=\"&lt;img src='URL'&gt;\"></iframe>",
    '<object data="URL"><param name="movie" value="URL"/></object>',
    '<embed src="URL"/>',
    '<applet code="URL" archive="URL"></applet>',
    '<link rel="stylesheet" href="URL"/>',
    '<link rel="prefetch" href="URL"/>',
    '<base href="URL/"/><img src="/picture.png"/>',
    '<meta http-equiv="refresh" content="0;url=URL"/>',
    "<script>new Image().src = 'URL'</script>",
    "<script src='URL'></script>",
    "<img src=x onerror=\"this.src='URL'\"/>",
    "<body onload=\"new Image().src='URL'\">",
    '<svg><image xlink:href="URL"/><image href="URL"/></svg>',
    '<svg><use xlink:href="URL#a"/><feImage href="URL"/></svg>',
    '<svg><rect fill="url(URL#a)" filter="url(URL#b)"/></svg>',
    '<math href="URL"><mi xlink:href="URL">x</mi></math>',
    '<v:imagedata xmlns:v="urn:x" src="URL"></v:imagedata>',
    '<p style="background: url(URL)">x</p>',
    "<p style=\"background: red url( 'URL' ) no-repeat\">x</p>",
    '<p style="background: u\\72l(URL)">x</p>',
    '<p style="background: \\75\\52\\4c(URL)">x</p>',
    '<p style="color: red;/*;*/background: url(/**/URL)">x</p>',
    '<p style="background: url(URL">x</p>',
    '<p style="background: url(data:image/png;base64,x), url(URL)">x</p>',
    '<p style=\'content: "/*"; background: url(URL); content: "*/"\'>x</p>',
    '<p style="background: -webkit-image-set(url(URL) 1x)">x</p>',
    "<p style=\"background: image-set('URL' 1x)\">x</p>",
    '<ul style="list-style-image: url(URL)"><li>x</li></ul>',
    '<p style="cursor: url(URL), auto; border-image: url(URL) 1">x</p>',
    "<p style=\"content: url('URL')\">x</p>",
    "<style>@import 'URL';</style>",
    "<style>@import url(URL);</style>",
    "<style>@im\\70ort 'URL';</style>",
    "<style>p { background: url(URL) }</style><p>x</p>",
    "<style>@font-face { font-family: x; src: url(URL) } p { font: 9pt x }</style><p>x",
    "<style>p:before { content: url(URL) }</style><p>x</p>",
    "<style></style ><img src=URL>",
    '<xmp><p title="</xmp><img src=URL>">x</p></xmp>',
    '<noscript><p title="</noscript><img src=URL>">x</p></noscript>',
    '<textarea><p title="</textarea><img src=URL>">x</p></textarea>',
    "<p title='&lt;img src=URL&gt;'>x</p>",
    "<!--[if IE]><img src='URL'/><![endif]-->",
    "<!--><img src='URL'/>-->",
    "<?xml-stylesheet href='URL'?>",
    "<a href='URL' ping='URL'>x</a>",
    "<frameset><frame src='URL'/></frameset>",
)
DRAWINGS = (
    '<image xlink:href="URL" width="9" height="9"/>',
    '<use xlink:href="URL#a"/>',
    '<style>@import "URL"; rect { fill: url(URL#a) }</style>',
    '<rect style="fill: url(URL#a)" filter="url(URL#b)" width="9" height="9"/>',
    '<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="URL"/>'
    "</foreignObject>",
    "<script>new Image().src = 'URL'</script>",
    '<image><set attributeName="xlink:href" to="URL"/></image>',
    '<image><animate attributeName="href" values="URL"/></image>',
)


def draw(shapes):
    """Return an SVG image as data."""
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink">{shapes}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"


@tagged("post_install", "-at_install")
class TestSelfContained(BaseCase):
    """Pages for the printer: what they hold remains, what they would fetch does not."""

    def test_documentation_is_right(self):
        self.assertFalse(doctest.testmod(self_contained).failed)

    def test_nothing_that_loads_remains(self):
        for text in LOADERS:
            with self.subTest(text):
                text = text.replace("URL", "http://x.example")
                page = make_self_contained(f"<div>{text}</div>")
                # nothing follows a link; what stands in a title is only read
                kept = re.sub(r'<a href="[^"]*">| title="[^"]*"', "", page)
                self.assertNotIn("x.example", kept)

    def test_what_a_letter_shows_remains(self):
        body = (
            '<div class="text" style="color: red; width: 3mm;">'
            f'<img src="{DOT}" alt="Dot" width="3">'
            f'<p style="background: url({DOT}) no-repeat">Größe &lt;b&gt; &amp; 5 €</p>'
            '<a href="https://example.com/pay">pay</a>'
            '<table border="1"><tr><td colspan="2">x</td></tr></table></div>'
        )
        self.assertIn(body, make_self_contained(f"<html><body>{body}</body></html>"))

    def test_drawing_remains_without_what_it_would_fetch(self):
        for shapes in DRAWINGS:
            with self.subTest(shapes):
                text = shapes.replace("URL", "http://x.example")
                page = make_self_contained(f'<img src="{draw(text)}"/>')
                data = page.partition("base64,")[2].partition('"')[0]
                self.assertNotIn(b"x.example", base64.b64decode(data))
        page = make_self_contained(
            f'<img src="{draw("<circle r=" + repr("3") + "/>")}">'
        )
        data = page.partition("base64,")[2].partition('"')[0]
        self.assertIn(b"circle", base64.b64decode(data))

    def test_drawing_with_entities_or_without_sense_is_no_image(self):
        bomb = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>'
        for data in (bomb, "<svg", "", "\x00"):
            with self.subTest(data):
                page = make_self_contained(f"<img src='data:image/svg+xml,{data}'/>x")
                self.assertNotIn("img", page)


@tagged("post_install", "-at_install")
class TestPrinter(DeliveryCommon):
    """A program on the server that is given what users wrote: it fetches nothing, and
    comes to an end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_channel("letter", fallback_channel=False)
        cls.company.partner_id.write({"city": "Paris"})
        cls.job = cls.env.ref("account_dunning_scenario.ir_cron_deliver_actions")

    def _print_page(self, body):
        page = f"<!DOCTYPE html><html><body>{body}</body></html>"
        return printer.print_parts([page], ["--quiet", "--page-size", "A4"])[0]

    def _run(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.job.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _install(self, script):
        """Put a program in the place of wkhtmltopdf."""
        folder = self.enterContext(TemporaryDirectory())
        program = Path(folder, "wkhtmltopdf")
        program.write_text(f"#!/bin/sh\n{script}")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        real = printer._wkhtml()
        self.enterContext(
            patch.object(printer, "_wkhtml", lambda: real._replace(bin=str(program)))
        )
        return Path(folder), real.bin

    # ---- nothing is fetched ----------------------------------------------------------

    def test_printing_asks_no_server(self):
        """All at once, in a page and in its drawings; the printer is told so, too."""
        with Listener() as listener:
            url = f"{listener.url}/x"
            texts = "".join(LOADERS).replace("URL", url)
            texts += "".join(
                f'<img src="{draw(shapes.replace("URL", url))}"/>'
                for shapes in DRAWINGS
            )
            self.assertTrue(self._print_page(texts).startswith(b"%PDF"))
            self.assertFalse(listener.requests)

    def test_printer_is_told_to_fetch_nothing(self):
        """Should a page ask for something all the same."""
        with (
            Listener(is_mute=True) as listener,
            patch.object(printer, "make_self_contained", lambda page, style: page),
        ):
            self._print_page(f'<img src="{listener.url}/x.png"/>')
            self._print_page(f'<script src="{listener.url}/x.js"></script>x')
            self.assertFalse(listener.requests)

    def test_letters_and_statements_ask_no_server(self):
        """From what a collector wrote, from the template, from the foot of the
        company's documents and from its logo."""
        with Listener(is_mute=True) as listener:
            image = f"<img src='{listener.url}/x.png'/>"
            style = f"<p style='background: url({listener.url}/y.png)'>Pay.</p>"
            self.letter_text.body_html = f"<div>{image}{style}</div>"
            self.company.report_footer = image
            self.company.report_header = image
            drawing = draw(f'<image xlink:href="{listener.url}/z.png"/>')
            self.company.logo = drawing.partition(",")[2]
            first, second = self._prepare(self.customer, self._create_customer("Bleu"))
            first.sudo().mail_body = f"<div>{image}{style}<p>By hand.</p></div>"
            self._print(first | second)
            self.assertTrue(first.delivery_ids.attachment_id)
            self.assertIn(
                "By hand.", self._get_text(first.delivery_ids.attachment_id.raw)[0]
            )
            self.env["report.account_dunning_scenario.statement_of_account"]._get_pdfs(
                self.customer, self.TODAY, self.company
            )
            self.assertFalse(listener.requests)

    def test_call_sheets_ask_no_server(self):
        """They are put together by core, with the script of the step in them."""
        with Listener(is_mute=True) as listener, self.allow_pdf_render():
            image = f"<img src='{listener.url}/x.png'/><p>Ask.</p>"
            self._use_channel("phone", fallback_channel=False, script=image)
            action = self._prepare()
            report = self.env["ir.actions.report"].with_context(
                force_report_rendering=True
            )
            pdf, kind = report._render_qweb_pdf(
                "account_dunning_scenario.report_calls", action.ids
            )
            self.assertEqual(kind, "pdf")
            self.assertIn("Azur Interior", self._get_text(pdf)[0])
            self.assertFalse(listener.requests)

    # ---- an end ----------------------------------------------------------------------

    @mute_logger(COURIER)
    def test_letter_that_hangs_fails_alone(self):
        """Two letters leave together, the printer never ends with one of them: the
        other leaves, the first says why, nothing of the printer is left."""
        folder, real = self._install(
            "for last; do before=$source; source=$last; done\n"
            'if grep -q ENDLESS "$before"; then\n'
            '  sleep 600 & echo $! >> "$(dirname $0)/children"; wait\n'
            "fi\n"
            f'exec {printer._wkhtml().bin} "$@"\n'
        )
        self.assertTrue(real)
        actions = self._prepare(self.customer, self._create_customer("Bleu"))
        bad, good = actions
        bad.sudo().mail_body = "<p>ENDLESS</p>"
        actions.sudo().scheduled_at = "2026-03-04 09:00:00"
        with patch.object(printer, "TIME_LIMIT", 1.5):
            self._run()
        self.assertEqual((bad.state, good.state), ("failed", "in_progress"))
        self.assertIn("not be printed in time", bad.reason)
        self.assertTrue(good.delivery_ids.attachment_id)
        children = (folder / "children").read_text().split()
        self.assertTrue(children)
        for child in children:
            self._check_gone(int(child))

    def _check_gone(self, pid):
        for _attempt in range(50):
            state = Path(f"/proc/{pid}/stat")
            if not state.exists() or state.read_text().split(")")[-1].split()[0] == "Z":
                return
            time.sleep(0.1)
        self.fail("A part of the printer is still running.")

    def test_program_that_fails_is_told(self):
        self._install("echo broken >&2; exit 3\n")
        action = self._prepare()
        with self.assertRaisesRegex(UserError, "could not be printed"):
            self._print(action)

    def test_program_is_ended_when_its_caller_is(self):
        """The user's request is broken off while the printer works."""
        folder, _real = self._install('echo $$ > "$(dirname $0)/pid"; sleep 600\n')
        with (
            patch.object(
                printer.subprocess.Popen, "communicate", side_effect=KeyboardInterrupt
            ),
            self.assertRaises(KeyboardInterrupt),
        ):
            self._print_page("x")
        pid = folder / "pid"
        if pid.exists():
            self._check_gone(int(pid.read_text() or os.getpid()))


@tagged("post_install", "-at_install")
class TestPreviewPrinter(DeliveryCommon, HttpCase):
    """A collector looks at a letter before it leaves."""

    def test_preview_asks_no_server(self):
        self._use_channel("letter", fallback_channel=False)
        self.company.partner_id.write({"city": "Paris"})
        action = self._prepare()
        self.collector.password = "camille-camille"
        self.authenticate("camille", "camille-camille")
        with Listener(is_mute=True) as listener:
            action.sudo().mail_body = f"<p>Pay.</p><img src='{listener.url}/x.png'/>"
            answer = self.url_open(
                "/account_dunning_scenario/preview?channel=letter"
                f"&company_id={self.company.id}&action_id={action.id}"
            )
            self.assertEqual(answer.headers["Content-Type"], "application/pdf")
            self.assertFalse(listener.requests)
