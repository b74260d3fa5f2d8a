"""Custom fields that scores read, and what each holds: what arrives as a text in a file is read as that."""

CUSTOM_TYPES: dict[str, str] = {
    "custom.document_open_rate": "share",  # S1
    "custom.question_asked_at": "instant",
    "custom.question_answered_at": "instant",
    "custom.outside_seen_at": "instant",  # S2
    "custom.outside_tenders": "number",
    "custom.outside_hiring": "number",
    "custom.minutes_worked": "number",  # S5
    "custom.minutes_forms": "number",
    "custom.minutes_searching": "number",
    "custom.minutes_approvals": "number",
    "custom.recommend": "number",  # S6
    "custom.review_stars": "number",
    "custom.knowledge": "flag",  # S7
}
"""By name: number, share, instant or flag; all others are taken as they come."""
