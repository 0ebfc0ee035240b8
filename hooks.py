def post_init_hook(env):
    """Give every company the standard scenario, so that a fresh install follows up.

    Companies created later get it by default. Nothing leaves without a person's
    confirmation: the delivered steps wait on the desk.
    """
    standard = env["res.company"]._default_dunning_scenario_id()
    companies = env["res.company"].search([("parent_id", "=", False)])
    companies.filtered(
        lambda c: not c.dunning_scenario_id
    ).dunning_scenario_id = standard
