"""What the support desks promise: a request is answered within so many open hours of when it was asked (H6)."""

from policies.jit.compiled import compiled, compiled_part
from policies.record.records import DESKS
from policies.time.calendar_arrays import NEVER, add_open_of

HOUR = 3_600_000
PRESALES, LEGAL, DELIVERY, FINANCE, MANAGER = range(len(DESKS))


@compiled_part
def promised_hours(settings, desk):
    """Open hours within which a desk promises to answer; 0 when nothing is promised."""
    if desk == PRESALES:
        return settings.presales_hours
    if desk == LEGAL:
        return settings.legal_hours
    if desk == DELIVERY:
        return settings.delivery_hours
    if desk == FINANCE:
        return settings.finance_hours
    return 0.0


@compiled
def promised_at(days, settings, desk, asker, asked_at):
    """Instant (ms) by which a desk promises to answer what was asked at an instant (ms), in open hours of the unit that asks
    (its row, -1 for the firm's own); NEVER where it promises nothing."""
    hours = promised_hours(settings, desk)
    return add_open_of(days, asker, asked_at, int(hours * HOUR)) if hours > 0.0 else NEVER
