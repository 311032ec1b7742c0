"""Any UBL document as an accessible page and as PDF/A-3 with the XML inside, in nynorsk, bokmål and English.

`description` is what a document says, made of the dataclasses by one pure function per type (`reading.DESCRIBERS`;
`generic` for everything else) out of `words`, `parts`, `items` and `transport`; `pages` and `paper` show it.
A room that keeps originals asks its own permission and calls `pages.show(request, raw, around)` or
`pages.paper(raw, at=..., page=...)`.
"""
