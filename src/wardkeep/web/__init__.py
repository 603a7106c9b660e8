"""The screens of a site: server-rendered, live by server-sent events, usable without scripts.

`application.create_app(deps)` is the whole web; `serving.serve` opens its port.
"""
