import re
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .provider_client import is_valid_url

HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
# Headers of the connection itself; another value would misdirect or break it.
CONNECTION_HEADERS = re.compile(
    r"accept|accept-encoding|connection|content-.*|expect|forwarded|host"
    r"|idempotency-key|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|via"
    r"|x-forwarded-.*|x-http-method.*",
    re.IGNORECASE,
)
REFERENCE = "{reference}"
LOCAL_HOSTS = "account_dunning_scenario.local_provider_hosts"
GROUP_MANAGER = "account_dunning_scenario.dunning_group_manager"


class DunningProvider(models.Model):
    """Provider that takes messages to customers for the company, as files or over HTTP.
    Its service is one of the channels that go by a provider."""

    _name = "dunning.provider"
    _description = "Follow-Up Provider"
    _inherit = ["dunning.guard.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    service = fields.Selection(
        selection=lambda self: self._selection_service(),
        default=lambda self: self._selection_service()[0][0],
        required=True,
    )
    adapter = fields.Selection(
        selection=[("file", "File deposit"), ("http", "HTTP")],
        string="Handover Method",
        default="file",
        required=True,
        help="File deposit: a ZIP file with the documents and a list, which you upload "
        "to the provider. HTTP: Odoo hands each message over by itself.",
    )
    size_limit = fields.Integer(
        string="Largest File (MB)",
        default=20,
        help="Largest file that the provider accepts: more is split into "
        "several files.",
    )
    url = fields.Char(
        string="Submission Address",
        help="Address to which each message is sent (POST), as JSON.",
    )
    status_url = fields.Char(
        string="Status Address",
        help="Address that Odoo asks for results (GET); {reference} stands for the "
        "reference given by the provider.",
    )
    key_header = fields.Char(
        default="Authorization", help="Name of the header that carries the key."
    )
    key_prefix = fields.Char(default="Bearer", help="Text placed before the key.")
    api_key = fields.Char(string="Key", groups=GROUP_MANAGER, copy=False)
    timeout = fields.Integer(
        string="Time-Out (s)", default=20, help="Longest wait for an answer."
    )
    max_attempts = fields.Integer(
        string="Attempts",
        default=5,
        help="After the last attempt, the action goes back to the review desk.",
    )
    field_ids = fields.One2many(
        comodel_name="dunning.provider.field",
        inverse_name="provider_id",
        string="Field Names",
        copy=True,
    )

    _limits_sane = models.Constraint(
        "CHECK (size_limit BETWEEN 1 AND 1000 AND timeout BETWEEN 1 AND 120"
        " AND max_attempts BETWEEN 1 AND 10)",
        "Choose 1 to 1000 MB, 1 to 120 seconds and 1 to 10 attempts.",
    )

    def _selection_service(self):
        ports = self._get_ports()
        return [(port._get_code(), port._get_service_label()) for port in ports]

    def _get_ports(self):
        """Return the channels that go by a provider, in the order of their services."""
        channel = self.env["dunning.channel"]
        base = self.env.registry["dunning.provided.channel"]
        ports = [channel._get(code) for code in channel._get_codes()]
        provided = [port for port in ports if isinstance(port, base)]
        return sorted(provided, key=lambda port: port._service_sequence)

    @api.constrains("adapter", "service", "url", "status_url")
    def _check_addresses(self):
        for provider in self:
            if provider.service:
                provider._get_port()._check_provider(provider)
            if provider.adapter == "file":
                continue
            if not provider.url:
                raise ValidationError(
                    self.env._("Enter the address to which messages are submitted.")
                )
            for url in filter(None, (provider.url, provider.status_url)):
                plain_url = url.replace(REFERENCE, "0")
                is_valid = is_valid_url(plain_url, self._get_local_hosts())
                # an answer of the provider must never choose the host
                if not is_valid or REFERENCE in urlsplit(url).netloc:
                    raise ValidationError(
                        self.env._(
                            "“%(url)s” is not the address of a provider: it must start "
                            "with https://, name a host on the public network, and "
                            "hold no user name or password. For a host on your own "
                            "network, an administrator adds it to the system parameter "
                            "%(parameter)s.",
                            url=url,
                            parameter=LOCAL_HOSTS,
                        )
                    )

    @api.constrains("key_header", "key_prefix", "api_key")
    def _check_key(self):
        for provider in self:
            # sudo: a user without the key may change the header
            provider_sudo = provider.sudo()
            values = (provider_sudo.key_prefix or "") + (provider_sudo.api_key or "")
            name = provider_sudo.key_header
            if CONNECTION_HEADERS.fullmatch((name or "").strip()):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is a header of the connection itself: enter the "
                        "one in which your provider expects the key.",
                        name=name,
                    )
                )
            is_named = not provider_sudo.api_key or HEADER_NAME.fullmatch(name or "")
            if not is_named or not values.isascii() or not values.isprintable():
                raise ValidationError(
                    self.env._(
                        "The key, its prefix and the name of its header may hold only "
                        "unaccented letters, digits and signs, on one line: copy them "
                        "again from your provider."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._trim_key(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._trim_key(vals))

    @api.model
    def _trim_key(self, vals):
        key = vals.get("api_key")
        return {**vals, "api_key": key.strip()} if key else vals

    @api.model
    def _get_local_hosts(self):
        """Return the hosts of the own network that may be a provider's."""
        # sudo: the hosts that the administrator allows are the same for all users
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return (parameters_sudo.get_param(LOCAL_HOSTS) or "").replace(",", " ").split()

    @api.model
    def _find(self, company, service):
        """Return the provider of a company for a service: its own, else its
        parents'."""
        # sudo: messages leave even if the user may not see the provider
        providers_sudo = self.sudo()
        for part in company._dunning_chain():
            found = providers_sudo.search(
                [("company_id", "=", part.id), ("service", "=", service)], limit=1
            )
            if found:
                break
        return found

    def _get_port(self):
        """Return the channel of the messages that this provider takes."""
        return self.env["dunning.channel"]._get(self.service)

    def _get_path(self, direction, name):
        """Return the provider's name of one of our fields or words."""
        named = self.field_ids.filtered(
            lambda field: field.direction == direction and field.name == name
        )
        return named[:1].external or name
