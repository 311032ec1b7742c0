"""Our own small drawings: 24 by 24, two-unit strokes, the colour of the text around them."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# The inside of each <svg>; drawn for Avrop.
DRAWINGS = {
    "arrow-left": '<path d="M19 12H5m6-6-6 6 6 6"/>',
    "arrow-right": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
    "basket": '<path d="M4 9h16l-1.6 10H5.6zM8 9l3-5m5 5-3-5M9.5 13v3m5-3v3"/>',
    "book": '<path d="M5 5.5A2.5 2.5 0 0 1 7.5 3H19v15H7.5A2.5 2.5 0 0 0 5 20.5zm0 15A2.5 2.5 0 0 0 7.5 21H19"/>',
    "box": '<path d="m12 3 8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9"/>',
    "building": '<path d="M4 21V9l8-5 8 5v12M3 21h18M9 21v-5h6v5M9 11h.01M15 11h.01"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.5h16M8.5 3v4m7-4v4"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7"/>',
    "chevron-down": '<path d="m6 9 6 6 6-6"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "coins": '<ellipse cx="12" cy="7" rx="7" ry="3"/><path d="M5 7v5c0 1.7 3.1 3 7 3s7-1.3 7-3V7M5 12v5'
    'c0 1.7 3.1 3 7 3s7-1.3 7-3v-5"/>',
    "cross": '<path d="M6 6l12 12M18 6 6 18"/>',
    "document": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6m-6 4h6"/>',
    "download": '<path d="M12 4v11m-5-5 5 5 5-5M5 20h14"/>',
    "eye": '<path d="M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6z"/><circle cx="12" cy="12" r="2.5"/>',
    "flag": '<path d="M6 21V4m0 1h12l-2.5 4L18 13H6"/>',
    "home": '<path d="m4 11 8-7 8 7M6 9.5V20h12V9.5M10 20v-5h4v5"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.6v.1"/>',
    "invoice": '<path d="M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6m-6 4h6"/>',
    "link": '<path d="M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1m2 4a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"/>',
    "list": '<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01"/>',
    "lock": '<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "message": '<path d="M4 5h16v11h-9l-4 4v-4H4z"/>',
    "minus": '<path d="M5 12h14"/>',
    "pencil": '<path d="m5 19 1-4L16.5 4.5l3 3L9 18z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>',
    "send": '<path d="m4 11.5 16-7-5.5 15.5-3.5-6.5zM11 13.5l9-9"/>',
    "shield": '<path d="m12 3 7.5 3v5.5c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V6zM9 12l2.2 2.2L15.5 10"/>',
    "sort": '<path d="m8 9 4-4 4 4M8 15l4 4 4-4"/>',
    "sort-down": '<path d="M12 5v14m-5-5 5 5 5-5"/>',
    "sort-up": '<path d="M12 19V5M7 10l5-5 5 5"/>',
    "swap": '<path d="M4 8h14m-4-4 4 4-4 4M20 16H6m4 4-4-4 4-4"/>',
    "trash": '<path d="M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5m4-5v5"/>',
    "truck": '<path d="M3 6h11v10H3zM14 10h4l3 3v3h-7z"/><circle cx="7.5" cy="17.5" r="2"/>'
    '<circle cx="17" cy="17.5" r="2"/>',
    "undo": '<path d="M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-4"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20c1-4 4-6 7.5-6s6.5 2 7.5 6"/>',
    "users": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.8-3.6 3.3-5.2 6.5-5.2s5.7 1.6 6.5 5.2M15.5 5.4'
    'a3.5 3.5 0 0 1 0 6.2M18 14.9c1.8.8 3 2.3 3.5 4.6"/>',
    "warning": '<path d="M12 4 2.8 20h18.4zM12 10v4.5m0 2.6v.1"/>',
}


def svg(name: str, label: str = "") -> SafeString:
    """The drawing `name`; with a label it is an image that says so, without one it is decoration.

    Raises KeyError for a name that is not drawn, so that a slip shows in the first test of the page.
    """
    inside = mark_safe(DRAWINGS[name])
    if label:
        return format_html(
            '<svg class="av-icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, inside
        )
    return format_html(
        '<svg class="av-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', inside
    )
