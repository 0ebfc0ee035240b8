from odoo import models

from .scenario_file import export_fields, get_langs
from .scenario_placeholders import find_strange_place


class DunningScenarioReader(models.AbstractModel):
    """The texts of the file: they are read place by place and compared with what a text
    may name, never filled in."""

    _inherit = "dunning.scenario.reader"

    def _check_texts(self, model, texts, names):
        """Return what is wrong with the texts of a kind.

        :param names: the fields that the file names of them
        """
        problems = []
        templates = self.env[model]
        readable = {}
        for key, values in texts.items():
            where = self.env._("Text “%(key)s”", key=key)
            found = self._check_record(templates, values, where, names)
            found = found or self._check_places(templates, key, values)
            problems += found
            if not found:
                readable[key] = values
        return problems + self._check_author(templates, readable, names)

    def _check_places(self, templates, key, values):
        """Return the places of a text that it may not have, one per field and language:
        in the words of the file, and as Odoo would keep them."""
        problems = []
        for name, lang, text in self._iter_words(templates, values):
            field = templates._fields[name]
            kept = [text]
            if field.type == "html":
                clean = field.convert_to_cache(text, templates, validate=True)
                kept.append(clean or "")
            engine = self._get_engine(field)
            found = (find_strange_place(one, engine) for one in kept)
            if place := next(filter(None, found), None):
                problems.append(
                    self.env._(
                        "Text “%(key)s” (%(lang)s, %(field)s) cannot be filled in: "
                        "%(problem)s",
                        key=key,
                        lang=lang,
                        field=name,
                        problem=self.env._(
                            "“%(place)s” is none of the details that the text of a "
                            "scenario file may name.",
                            place=place[:100],
                        ),
                    )
                )
        return problems

    def _iter_words(self, templates, values):
        """Yield (field, language, text) of all that a text of the file says."""
        for name, said in values.items():
            if not said:
                continue
            if not templates._fields[name].translate:
                yield name, "-", said
                continue
            for lang in get_langs(self.env):
                if said.get(lang):
                    yield name, lang, said[lang]

    def _get_engine(self, field):
        return getattr(field, "render_engine", None) or "inline_template"

    def _check_author(self, templates, texts, names):
        """Return the texts that the user could not write by hand: details are named by
        template editors only. Texts that are here already are used as they are."""
        group = "mail.group_mail_template_editor"
        if self.env.su or self.env.user.has_group(group):
            return []
        same = self._find_same(templates, texts, names)
        return [
            self.env._(
                "Text “%(key)s” names details of the customer: only members of the "
                "group “%(group)s” may bring it in. Ask one of them to import the "
                "file.",
                key=key,
                group=self.env.ref(group).name,
            )
            for key, values in texts.items()
            if not same[key] and self._is_dynamic(templates, values)
        ]

    def _is_dynamic(self, templates, values):
        """Tell whether a text names details, as Odoo tells it of one's own texts."""
        for name, _lang, text in self._iter_words(templates, values):
            engine = self._get_engine(templates._fields[name])
            check = getattr(templates, f"_has_unsafe_expression_template_{engine}")
            if check(text, self.env["dunning.step"]._text_model, name):
                return True
        return False

    def _find_same(self, templates, texts, names):
        """Return {key: template that says exactly the same, else None}.

        :param texts: {key: values} of the file
        :param names: the fields that the file names of them
        """
        model = self.env["dunning.step"]._text_model
        existing = templates.search([("model", "=", model)])
        known = [(export_fields(text, names), text) for text in existing]
        return {
            key: next((text for said, text in known if said == values), None)
            for key, values in texts.items()
        }
