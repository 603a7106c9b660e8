"""The screens of a site: server-rendered pages, live by server-sent events, usable without scripts.

`application.create_app(deps)` is the whole web; `process.run(folder, ready)` serves it.
"""
