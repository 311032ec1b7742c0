"""`{% load avrop %}`: the components of a page. README.md of this room shows each with an example to copy."""

from __future__ import annotations

from django import template

from avrop.web.tags import data, form, page, text

register = template.Library()
for _part in (text, page, data, form):
    register.filters.update(_part.register.filters)
    register.tags.update(_part.register.tags)
