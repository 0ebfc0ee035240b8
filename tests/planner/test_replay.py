import csv
import io
import subprocess
import sys
import tempfile
from collections import namedtuple
from datetime import date
from pathlib import Path

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools.pdf import PdfReader

from ...dev.replaying.desk import Desk
from ...dev.replaying.disputes import Disputes
from ...dev.replaying.history import COLUMNS, HistoryError, read_history
from ...dev.replaying.ledger import Ledger, open_company
from ...dev.replaying.player import play_days
from ...dev.replaying.results import (
    HEADER,
    get_busiest_day,
    get_rows,
    get_table,
    write_rows,
)

ROOT = Path(__file__).resolve().parents[2]
HEAD = ",".join(COLUMNS)
ROW = "391,1001-ARBOR,4/6/2012,7,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper"

Story = namedtuple("Story", ["customer", "paperless", "invoices", "standard", "export"])

# Worked out by hand, with a calendar. An invoice: number, invoiced,
# due, paid, all in 2025. The standard film: notice due −8, reminders due +8, +16, +24,
# +32, +40, thanks 8 days after the payment and for 30 days; export: reminders only, on
# the same days, the first two by e-mail.
STORIES = [
    # Paid before the notice of 28 January: nothing to announce, thanks only.
    Story(
        "1001-ARBOR",
        "2024-11-05",
        ["101 01-06 02-05 01-20"],
        ["01-28 thanks email 101"],
        [],
    ),
    # Paid early, after the notice.
    Story(
        "1002-BIRCH",
        "2024-11-05",
        ["102 01-02 02-01 01-28"],
        ["01-24 notice email 102", "02-05 thanks email 102"],
        [],
    ),
    # Paid on the day of the first reminder: the payment is booked first.
    Story(
        "1003-CEDAR",
        "2024-12-31",
        ["103 01-04 02-03 02-11"],
        ["01-26 notice email 103", "02-19 thanks email 103"],
        [],
    ),
    # Late to the end of the film.
    Story(
        "1004-DOGWOOD",
        "2024-11-05",
        ["104 01-02 01-22 03-10"],
        [
            "01-14 notice email 104",
            "01-30 reminder_1 email 104",
            "02-07 reminder_2 phone 104",
            "02-15 reminder_3 phone 104",
            "02-23 reminder_4 letter 104",
            "03-03 reminder_5 letter 104",
            "03-18 thanks email 104",
        ],
        [
            "01-30 reminder_1 email 104",
            "02-07 reminder_2 email 104",
            "02-15 reminder_3 phone 104",
            "02-23 reminder_4 letter 104",
            "03-03 reminder_5 letter 104",
        ],
    ),
    # Two invoices 8 days apart: on 5 and 13 February one action is about both, each at
    # its own step, by the channel of the higher one.
    Story(
        "1005-ELDER",
        "2024-11-05",
        ["105 01-02 01-20 02-18", "106 01-05 01-28 02-25"],
        [
            "01-12 notice email 105",
            "01-20 notice email 106",
            "01-28 reminder_1 email 105",
            "02-05 reminder_1 phone 106",
            "02-05 reminder_2 phone 105",
            "02-13 reminder_2 phone 106",
            "02-13 reminder_3 phone 105",
            "02-21 reminder_3 phone 106",
            "02-26 thanks email 105",
            "03-05 thanks email 106",
        ],
        [
            "01-28 reminder_1 email 105",
            "02-05 reminder_1 email 106",
            "02-05 reminder_2 email 105",
            "02-13 reminder_2 phone 106",
            "02-13 reminder_3 phone 105",
            "02-21 reminder_3 phone 106",
        ],
    ),
    # Letters until an e-mail address is known on 10 February, e-mails from then on.
    Story(
        "1006-FIR",
        "2025-02-10",
        ["107 01-03 01-30 02-16", "108 01-25 02-24 03-03"],
        [
            "01-22 notice letter 107",
            "02-07 reminder_1 letter 107",
            "02-15 reminder_2 phone 107",
            "02-16 notice email 108",
            "02-24 thanks email 107",
            "03-11 thanks email 108",
        ],
        ["02-07 reminder_1 letter 107", "02-15 reminder_2 email 107"],
    ),
    # Thanks of 9 February lapse without address, for good: the address of 5 March,
    # still within the 30 days, revives nothing. It serves a notice on that very day.
    Story(
        "1007-GINKGO",
        "2025-03-05",
        ["109 01-02 02-01 02-01", "110 02-11 03-13 03-12"],
        [
            "01-24 notice letter 109",
            "03-05 notice email 110",
            "03-20 thanks email 110",
        ],
        [],
    ),
    # Nobody is thanked while another invoice is overdue (31 January to 19 February):
    # the thanks of 4 February leave on the day the other one is paid.
    Story(
        "1008-HAZEL",
        "2024-11-05",
        ["111 01-05 01-25 01-27", "112 01-06 01-30 02-20"],
        [
            "01-17 notice email 111",
            "01-22 notice email 112",
            "02-07 reminder_1 email 112",
            "02-15 reminder_2 phone 112",
            "02-20 thanks email 111",
            "02-28 thanks email 112",
        ],
        ["02-07 reminder_1 email 112", "02-15 reminder_2 email 112"],
    ),
    # The same one day too long: thanks for 15 January make sense until 21 February.
    Story(
        "1009-IVY",
        "2024-11-05",
        ["113 01-02 01-18 01-15", "114 01-04 01-20 02-22"],
        [
            "01-10 notice email 113",
            "01-12 notice email 114",
            "01-28 reminder_1 email 114",
            "02-05 reminder_2 phone 114",
            "02-13 reminder_3 phone 114",
            "02-21 reminder_4 letter 114",
            "03-02 thanks email 114",
        ],
        [
            "01-28 reminder_1 email 114",
            "02-05 reminder_2 email 114",
            "02-13 reminder_3 phone 114",
            "02-21 reminder_4 letter 114",
        ],
    ),
    # Two invoices in each message, in the order of their numbers.
    Story(
        "1010-JUNIPER",
        "2024-11-05",
        ["1150 01-15 02-14 02-12", "99 01-15 02-14 02-12"],
        ["02-06 notice email 99|1150", "02-20 thanks email 99|1150"],
        [],
    ),
    # Two payments, of 1 and 12 February, thanked together when the third invoice is
    # paid, on the day of its second reminder.
    Story(
        "1011-KAPOK",
        "2024-11-05",
        ["116 01-04 02-03 02-01", "117 01-08 02-07 02-12", "118 01-10 02-09 02-25"],
        [
            "01-26 notice email 116",
            "01-30 notice email 117",
            "02-01 notice email 118",
            "02-17 reminder_1 email 118",
            "02-25 thanks email 116|117",
            "03-05 thanks email 118",
        ],
        ["02-17 reminder_1 email 118"],
    ),
    # Never paid; the last reminder would come on 1 April, after the last day.
    Story(
        "1012-LARCH",
        "2024-11-05",
        ["119 01-02 02-01 02-10", "120 02-01 02-20 -"],
        [
            "01-24 notice email 119",
            "02-09 reminder_1 email 119",
            "02-12 notice email 120",
            "02-18 thanks email 119",
            "02-28 reminder_1 email 120",
            "03-08 reminder_2 phone 120",
            "03-16 reminder_3 phone 120",
            "03-24 reminder_4 letter 120",
        ],
        [
            "02-09 reminder_1 email 119",
            "02-28 reminder_1 email 120",
            "03-08 reminder_2 email 120",
            "03-16 reminder_3 phone 120",
            "03-24 reminder_4 letter 120",
        ],
    ),
]
START, END = date(2025, 1, 1), date(2025, 3, 31)
# Invoiced before the first day and after the last one: neither is played.
OUTSIDE = [
    "1012-LARCH 2024-11-05 121 2024-12-31 2025-01-10 -",
    "1012-LARCH 2024-11-05 122 2025-04-01 2025-04-02 -",
]


def to_text(day):
    """Return a date of the tables above as histories write it: month/day/year."""
    if day == "-":
        return ""
    year, month, number = (day if day.count("-") == 2 else f"2025-{day}").split("-")
    return f"{int(month)}/{int(number)}/{year}"


def write_history(path):
    """Write the history of all stories, disputed or not, in no order."""
    words = [
        [story.customer, story.paperless, *invoice.split()]
        for story in STORIES
        for invoice in story.invoices
    ]
    words += [line.split() for line in OUTSIDE]
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([*COLUMNS, "DaysLate"])
    for place, (customer, known, number, *days) in enumerate(sorted(words)):
        invoiced, due, paid = map(to_text, days)
        writer.writerow(
            ["391", customer, to_text(known), number, invoiced, due, "60.5"]
            + [("Yes", "No")[place % 2], paid, "Paper", "0"]
        )
    path.write_text(lines.getvalue())


@tagged("post_install", "-at_install")
class TestReplay(TransactionCase):
    """A dozen customers of a history, from the file to the list of what was done."""

    def play(self, xml_id, is_disputing=False):
        """Replay the stories in a scenario; return what is written and the company."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "history.csv"
            write_history(path)
            invoices = read_history(path)
            env = open_company(self.env)
            scenario = env.ref(f"account_dunning_scenario.{xml_id}")
            desk = self.desk = Desk(env, scenario, is_printing=True)
            desk.configure()
            ledger = Ledger(env, invoices, START, END)
            disputes = Disputes(ledger, START) if is_disputing else None
            days = list(play_days(ledger, desk, START, END, disputes))
            self.assertEqual((days[0], days[-1], len(days)), (START, END, 90))
            out = Path(folder) / "actions.csv"
            write_rows(get_rows(env.company), out)
            return out.read_bytes().decode(), env.company

    def expect(self, xml_id, film):
        """Return the list that the stories give by hand."""
        rows = []
        for story in STORIES:
            for line in getattr(story, film):
                day, step, channel, invoices = line.split()
                row = (f"2025-{day}", story.customer, xml_id, step, channel, invoices)
                rows.append(",".join(row))
        return "".join(f"{line}\n" for line in [",".join(HEADER), *sorted(rows)])

    def test_standard_scenario_gives_what_was_worked_out_by_hand(self):
        """Notices, reminders and thanks of a quarter, by e-mail, call and letter (S1-16
        to S1-22)."""
        done, company = self.play("dunning_scenario_standard")
        self.assertEqual(done, self.expect("dunning_scenario_standard", "standard"))
        self.assertEqual(
            get_busiest_day(company), "Most calls in a day: 3 on 2025-02-15."
        )

    def test_export_scenario_gives_what_was_worked_out_by_hand(self):
        """The same quarter, written to twice before the first call, never thanked."""
        done, company = self.play("dunning_scenario_export")
        self.assertEqual(done, self.expect("dunning_scenario_export", "export"))
        scenario = company.env.ref("account_dunning_scenario.dunning_scenario_export")
        table = get_table(get_rows(company), scenario.step_ids.mapped("code"))
        self.assertEqual(
            [line.split() for line in table.splitlines()],
            [
                ["step", "channel", "actions", "invoices"],
                ["reminder_1", "email", "8", "8"],
                ["reminder_1", "letter", "1", "1"],
                ["reminder_2", "email", "6", "6"],
                ["reminder_2", "phone", "1", "1"],
                ["reminder_3", "phone", "5", "5"],
                ["reminder_4", "letter", "3", "3"],
                ["reminder_5", "letter", "1", "1"],
                ["total", "25", "25"],
            ],
        )
        self.check_letters()

    def test_disputed_invoices_are_left_in_peace_until_they_are_paid(self):
        """Every other invoice of the stories is disputed: after its due date nothing
        is sent about it but the thanks for its payment, none about the others is
        missing."""
        done, company = self.play("dunning_scenario_standard", is_disputing=True)
        disputes = company.env["dunning.dispute"].search([])
        disputed = set(disputes.claim_ids.move_id.mapped("ref"))
        self.assertTrue(disputed)
        undisputed = self.expect("dunning_scenario_standard", "standard")
        self.assertEqual(
            self.get_steps(done),
            {
                (step, invoice)
                for step, invoice in self.get_steps(undisputed)
                if "reminder" not in step or invoice not in disputed
            },
        )
        unpaid = disputes.filtered(lambda dispute: dispute.state != "settled")
        self.assertTrue(unpaid.claim_ids.move_line_id)
        self.assertFalse(any(unpaid.claim_ids.move_line_id.mapped("reconciled")))

    def get_steps(self, table):
        """Return {(day and step, invoice)} of a list of actions: which invoices share
        an action decides its channel."""
        steps = set()
        for line in table.splitlines()[1:]:
            day, _customer, _scenario, step, _channel, invoices = line.split(",")
            steps |= {(f"{day} {step}", number) for number in invoices.split("|")}
        return steps

    def check_letters(self):
        """Printed when all is over, letters still say what was owed when they left."""
        (posted,) = self.desk.print_letters()
        letters = posted.sorted("performed_date").mapped("attachment_id.raw")
        first, *_others, last = map(self.read_pdf, letters)
        self.assertIn("7 February 2025", first)
        self.assertIn("60.50", first)
        self.assertIn("24 March 2025", last)
        bound = self.read_pdf(self.desk.bind_letters())
        self.assertLess(bound.index(first), bound.index(last))

    def read_pdf(self, pdf):
        pages = PdfReader(io.BytesIO(pdf)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())


@tagged("post_install", "-at_install")
class TestHistory(BaseCase):
    """A wrong history is refused whole, each mistake with its line."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "history.csv"

    def write_file(self, *rows, header=HEAD, encoding="utf-8"):
        self.path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))

    def get_problems(self):
        with self.assertRaises(HistoryError) as caught:
            read_history(self.path)
        return caught.exception.problems

    def test_history_with_byte_order_mark_and_more_columns_is_read(self):
        """What a spreadsheet writes is fine: a byte-order mark, its own line ends, a
        blank line at the end, columns of its own."""
        header = f"{HEAD},DaysToSettle"
        self.path.write_bytes(f"{header}\r\n{ROW},13\r\n\r\n".encode("utf-8-sig"))
        (invoice,) = read_history(self.path)
        self.assertEqual((invoice.number, invoice.customer), ("7", "1001-ARBOR"))
        self.assertEqual(invoice.paperless, date(2012, 4, 6))
        self.assertEqual(
            (invoice.invoiced, invoice.due), (date(2013, 1, 2), date(2013, 2, 1))
        )
        self.assertEqual(
            (str(invoice.amount), invoice.settled), ("55.94", date(2013, 1, 15))
        )

    def test_each_mistake_in_a_row_is_told_with_its_line(self):
        """The second row holds the mistake: line 3 of the file."""
        cases = [
            ("1/2/2013", "2013-01-02", "InvoiceDate “2013-01-02” is not a date"),
            ("2/1/2013", "2/30/2013", "DueDate “2/30/2013” is not a date"),
            ("2/1/2013", "", "DueDate “” is not a date"),
            ("4/6/2012", "soon", "PaperlessDate “soon” is not a date"),
            ("2/1/2013", "1/1/2013", "invoice 8 is due before it is invoiced"),
            ("1/15/2013", "1/1/2013", "invoice 8 is settled before it is invoiced"),
            ("55.94", "-55.94", "InvoiceAmount -55.94 is not above zero"),
            ("55.94", "0.00", "InvoiceAmount 0.00 is not above zero"),
            ("55.94", "55 USD", "InvoiceAmount “55 USD” is not an amount"),
            (",8,", ",7,", "invoice 7 is on line 2 already"),
            (",8,", ",A8,", "invoiceNumber “A8” is not a number"),
            ("4/6/2012", "4/7/2012", "another PaperlessDate than on line 2"),
            ("1001-ARBOR", "", "customerID is empty"),
            ("1001-ARBOR", '"Arbor, Inc."', "holds a comma, quote or line break"),
            (",Paper", "", "9 columns instead of 10"),
        ]
        for old, new, problem in cases:
            with self.subTest(problem):
                good = ROW.replace(",7,", ",8,")
                self.write_file(ROW, good.replace(old, new))
                problems = self.get_problems()
                self.assertEqual(len(problems), 1, problems)
                self.assertRegex(problems[0], "^line 3: ")
                self.assertIn(problem, problems[0])

    def test_all_mistakes_are_told_at_once(self):
        """One pass to correct the file, not one per mistake."""
        self.write_file(
            ROW.replace("55.94", "0"),
            ROW.replace("1/2/2013", "13/2/2013").replace("4/6/2012", "4/7/2012"),
        )
        lines = [problem.partition(":")[0] for problem in self.get_problems()]
        self.assertEqual(lines, ["line 2", "line 3", "line 3", "line 3"])

    def test_file_of_another_kind_is_refused(self):
        """Semicolons, a missing column, another encoding, nothing at all."""
        self.write_file(ROW.replace(",", ";"), header=HEAD.replace(",", ";"))
        self.assertIn(
            "line 1: columns are separated by semicolons", self.get_problems()[0]
        )
        self.write_file(
            ROW, header=HEAD.replace("DueDate", "Due").replace("Disputed", "?")
        )
        self.assertEqual(
            self.get_problems(),
            ["line 1: missing column DueDate", "line 1: missing column Disputed"],
        )
        self.write_file(ROW, ROW.replace("ARBOR", "ARBRE À CAFÉ"), encoding="cp1252")
        self.assertIn("line 3: unknown encoding", self.get_problems()[0])
        self.write_file(ROW, encoding="utf-16")
        self.assertIn("line 1: unknown encoding", self.get_problems()[0])
        self.write_file()
        self.assertIn("line 1: no invoice", self.get_problems()[0])
        self.path.write_bytes(b"")
        self.assertEqual(self.get_problems(), ["line 1: the file is empty"])
        self.path.unlink()
        self.assertIn("cannot be read", self.get_problems()[0])

    def replay(self, *options):
        """Run the command; return what it says on its way out."""
        out = self.folder / "actions.csv"
        command = [sys.executable, ROOT / "dev" / "replay.py", self.path, "--out", out]
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, check=False
        )
        self.assertTrue(done.returncode)
        self.assertFalse(out.exists())
        self.assertFalse(done.stdout)
        return done.stderr

    def test_command_refuses_before_anything_is_written(self):
        """A wrong row, a scenario that nobody delivers and an end before the start are
        told together; nothing is set up for them."""
        self.write_file(ROW.replace("55.94", "0"))
        said = self.replay(
            "--scenario=dunning_scenario_gentle", "--from=2013-02-01", "--to=2013-01-31"
        )
        self.assertIn("line 2: InvoiceAmount 0 is not above zero", said)
        self.assertIn("unknown scenario dunning_scenario_gentle", said)
        self.assertIn("from 2013-02-01 to 2013-01-31: the end comes first", said)
        self.assertIn(
            "--to: “31/1/2013” is not YYYY-MM-DD", self.replay("--to=31/1/2013")
        )
