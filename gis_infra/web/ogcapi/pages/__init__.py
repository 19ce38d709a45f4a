"""What the HTML pages show: view models, pure functions from a layer, a page and a language to rows for a template.

The views call these and pass what comes back on; the templates hold markup and not one word. Only `frame` and
`problem` know the request.
"""
