"""Which roles may enter which page."""

PAGES = {
    "lab": ("manager", "operations", "admin"),
    "board": ("rep", "manager", "desk", "operations", "admin"),
    "record": ("manager", "operations", "admin"),
    "dojo": ("rep", "manager", "trainer", "admin"),
    "gate": ("manager", "operations", "admin"),
    "data": ("operations", "admin"),
    "admin": ("operations", "admin"),
}
"""Pages and the roles that may enter them, in the order of the bar."""
