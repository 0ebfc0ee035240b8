from odoo import models

from .scenario_file import export_fields, get_langs
from .scenario_placeholders import find_unknown_placeholder


class DunningScenarioReader(models.AbstractModel):
    """Extend the reader with checks of texts: their placeholders are parsed and
    compared with a list, never rendered."""

    _inherit = "dunning.scenario.reader"

    def _check_texts(self, model, texts, names):
        """Return the errors of the texts of one kind.

        :param names: names of their fields in the file
        """
        problems = []
        templates = self.env[model]
        readable = {}
        for key, values in texts.items():
            where = self.env._("Text “%(key)s”", key=key)
            found = self._check_record(templates, values, where, names)
            found = found or self._check_placeholders(templates, key, values)
            problems += found
            if not found:
                readable[key] = values
        return problems + self._check_author(templates, readable, names)

    def _check_placeholders(self, templates, key, values):
        """Return the errors of forbidden placeholders of a text, one per field and
        language: in the file's text, and in the text as Odoo would store it."""
        problems = []
        for name, lang, text in self._iter_texts(templates, values):
            field = templates._fields[name]
            kept = [text]
            if field.type == "html":
                clean = field.convert_to_cache(text, templates, validate=True)
                kept.append(clean or "")
            engine = self._get_engine(field)
            found = (find_unknown_placeholder(one, engine) for one in kept)
            if place := next(filter(None, found), None):
                problems.append(
                    self.env._(
                        "Text “%(key)s” (%(lang)s, %(field)s) cannot be filled in: "
                        "%(problem)s",
                        key=key,
                        lang=lang,
                        field=name,
                        problem=self.env._(
                            "“%(place)s” is not one of the details that the text of a "
                            "scenario file may name.",
                            place=place[:100],
                        ),
                    )
                )
        return problems

    def _iter_texts(self, templates, values):
        """Yield (field, language, text) of all values of a text in the file."""
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
        """Return errors for texts with placeholders that the user may not write by
        hand: only template editors may. Texts already in the database are used as they
        are."""
        group = "mail.group_mail_template_editor"
        if self.env.su or self.env.user.has_group(group):
            return []
        same = self._find_same(templates, texts, names)
        return [
            self.env._(
                "Text “%(key)s” names details of the customer: only members of the "
                "group “%(group)s” may import it. Ask one of them to import the file.",
                key=key,
                group=self.env.ref(group).name,
            )
            for key, values in texts.items()
            if not same[key] and self._is_dynamic(templates, values)
        ]

    def _is_dynamic(self, templates, values):
        """Return whether a text has placeholders, by Odoo's own check."""
        for name, _lang, text in self._iter_texts(templates, values):
            engine = self._get_engine(templates._fields[name])
            check = getattr(templates, f"_has_unsafe_expression_template_{engine}")
            if check(text, self.env["dunning.step"]._text_model, name):
                return True
        return False

    def _find_same(self, templates, texts, names):
        """Return {key: template with exactly the same values, else None}.

        :param texts: {key: values} of the file
        :param names: names of their fields in the file
        """
        model = self.env["dunning.step"]._text_model
        existing = templates.search([("model", "=", model)])
        known = [(export_fields(text, names), text) for text in existing]
        return {
            key: next((text for said, text in known if said == values), None)
            for key, values in texts.items()
        }
