from odoo import models
from odoo.fields import Domain

from .message_check import (
    MERGED,
    SUBJECT_LENGTH,
    Fault,
    find_costs,
    find_dates,
    find_requests,
    find_slips,
    find_subject_faults,
    get_template_words,
    strip_inline,
)

# Placeholder of the request of a message, with its day.
REQUEST = "object.request_html"
DEADLINES = (REQUEST, "object.request_date")


class DunningMessageChecker(models.AbstractModel):
    """Extend the check with texts before they are merged, in each language of a
    template."""

    _inherit = "dunning.message.checker"

    def _check_text(self, template, is_request=True):
        """Return {language code: list of Finding} of a text; languages without a fault
        are left out.

        :param template: mail.template or sms.template of follow-up actions
        :param is_request: whether it must request something, by a day
        """
        missing = self._get_missing_langs(template)
        found = {}
        for lang in self._get_text_langs(template):
            localized = template.with_context(lang=lang)
            faults = self._find_text_faults(localized, lang, is_request)
            found[lang] = [self._tell(fault.code, fault.excerpt) for fault in faults]
        for lang in missing:
            found[lang] = [self._tell("lang", self._get_lang_name(lang))]
        return {lang: findings for lang, findings in found.items() if findings}

    def _find_text_faults(self, template, lang, is_request):
        word_list = self.env["dunning.word.list"]
        words = word_list._get_words(lang)
        faults = [] if words else [Fault("no_list", self._get_lang_name(lang))]
        source = template[self._get_body_name(template)] or ""
        everything, unconditional = self._get_own_words(template, source)
        subject = ""
        if "subject" in template._fields:
            subject = strip_inline(template.subject)
            faults += find_subject_faults(subject, words, None)
            if not subject.strip():
                faults.append(Fault("no_subject", ""))
            if len(subject) > SUBJECT_LENGTH:
                faults.append(Fault("length", subject))
        if not source or not (everything.strip() or "t-out" in source):
            return [*faults, Fault("empty", "")]
        faults += find_slips(f"{subject}\n{everything}")
        faults += self._find_style_faults(everything.replace(MERGED, "…"), lang)
        if find_costs(f"{subject}\n{unconditional}", word_list._get_cost_words()):
            faults.append(Fault("costs_unconditional", ""))
        if is_request:
            faults += self._find_text_requests(source, unconditional, words)
        return faults

    def _find_text_requests(self, source, unconditional, words):
        """Return the faults of a text's request: the step's, or one of its own, with a
        day."""
        faults = []
        requests = find_requests(unconditional, words)
        if source.count(REQUEST) + len(requests) > 1:
            faults.append(Fault("requests", " … ".join(requests)))
        today = self.env.company._dunning_today()
        is_dated = any(name in source for name in DEADLINES)
        if not is_dated and not find_dates(unconditional, self.env.lang or "en", today):
            faults.append(Fault("date", ""))
        return faults

    def _get_own_words(self, template, source):
        """Return the words of a text, and those outside of conditions."""
        if self._get_body_name(template) == "body":
            return (strip_inline(source),) * 2
        return get_template_words(source)

    # ---- languages -------------------------------------------------------------------

    def _get_text_langs(self, template):
        """Return the codes of the installed languages of a text."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        return [code for code in installed if self._has_lang(template, code)]

    def _get_missing_langs(self, template):
        """Return the codes of the languages that a text lacks, of customers of the
        user's active companies, most used first."""
        domain = Domain("customer_rank", ">", 0) & Domain(
            "company_id", "in", [False, *self.env.companies.ids]
        )
        # sudo: the languages of customers are no secret
        partners_sudo = self.env["res.partner"].sudo()
        read = partners_sudo._read_group(
            domain & Domain("lang", "!=", False), ["lang"], order="__count desc"
        )
        return [lang for (lang,) in read if not self._has_lang(template, lang)]

    def _get_lang_name(self, lang):
        return self.env["res.lang"]._get_data(code=lang).name or lang
