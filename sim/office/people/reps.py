"""Reps: what to do next, for how long, and with what effort."""

import math

from policies.jit.compiled import compiled_part
from policies.targets.level import DAYS_A_MONTH
from policies.time.calendar_arrays import add_open, is_open, next_open
from sim.office.cases.closing import FREE, FROZEN, ready_to_ask
from sim.office.cases.deals import touch_ended
from sim.office.cases.expenses import waits_for_money
from sim.office.cases.first_touch import attempt_ended, drop_lead
from sim.office.cases.handing_over import hand_over
from sim.office.cases.leads import EXISTING_CUSTOMER, OUTBOUND, POOL, PROSPECT_TAG, case_given, out_of_pool
from sim.office.cases.phases import PHASES
from sim.office.cases.touch import reads_card, work_time
from sim.office.counting.tally import spend
from sim.office.engine.draws import pair, uniform
from sim.office.engine.events import ACTIVITY, ACTORS, DAY, DRAW, MINUTE, ON, STATE
from sim.office.engine.ledger import post
from sim.office.people.customers import serve
from sim.office.people.pay import worth_of_sale
from sim.office.people.pay_period import hope_of_pay, pay_bonus, target_of_pay
from sim.office.people.targets import NOT_SHOWN, PUBLIC, QUOTES, count_unit
from sim.office.record.complying import minutes_to_comply
from sim.office.record.recording import PROMPT, entry_minutes, filling_minutes, intend_entry, withdraw_misfiled

NO_CHOICE = -1.0
LOOK_SHARE = 0.05  # of a negotiation: what it takes to see that a case has to wait


@compiled_part
def rep_free(o, seat, version):
    """What the rep was doing has ended: let it take effect, then choose again."""
    r = o.seats[seat]
    if version != r.version or r.vacant != 0:
        return
    _finish(o, seat)
    if r.vacant == 0 and r.absent_until <= o.state[0].now:
        choose(o, seat)


@compiled_part
def _finish(o, seat):
    r = o.seats[seat]
    activity = r.activity
    if activity < 0:
        return
    spend(o, seat, activity, r.part_touch)
    spend(o, seat, ACTIVITY.internal, r.part_internal)
    spend(o, seat, ACTIVITY.recording, r.part_recording)
    spend(o, seat, ACTIVITY.obligation, r.part_obligation)
    r.activity = -1
    case = r.case
    if activity <= ACTIVITY.negotiation:
        if case >= 0 and o.cases[case].owner == seat:
            _touch(o, seat, case, activity)
    elif activity == ACTIVITY.service:
        if o.customers[case].active != 0:
            serve(o, case)
    elif activity == ACTIVITY.prospecting:
        _prospected(o, seat)


@compiled_part
def _touch(o, seat, case, activity):
    state = o.cases[case].state
    if state == STATE.assigned:
        attempt_ended(o, case, seat)
        return
    if state != STATE.open:
        return
    withdraw_misfiled(o, case, seat)
    if activity == ACTIVITY.visit or activity == ACTIVITY.discovery:
        o.cases[case].visited = 1
    elif activity == ACTIVITY.quote:
        count_unit(o, seat, QUOTES)
    touch_ended(o, case, seat)


@compiled_part
def _prospected(o, seat):
    """A block of prospecting finds a lead with a chance that the rep's insight moves.

    Where the firm keeps no leads, what is found this way is among the opportunities that its record counts: none comes on top.
    """
    s = o.state[0]
    b = o.behaviour[0]
    r = o.seats[seat]
    r.blocks += 1
    if o.firm[0].as_opportunities != 0.0:
        return
    chance = b.prospect_success * math.exp(0.5 * r.insight)
    day = s.day_index
    if uniform(s.seed, DRAW.prospect, r.person, (day << 8) | (r.blocks & 255)) < chance:
        case_given(o, seat, pair(PROSPECT_TAG, r.person, (day << 8) | (r.blocks & 255)), OUTBOUND, -1)


@compiled_part
def reckon(o, seat):
    """What a sale is worth to the rep now and after the period's end, from own pace and own pipeline.

    Only some reps hold a sale back because it will pay more in the next period; to the others later is worth no more than now.
    """
    s = o.state[0]
    b = o.behaviour[0]
    p = o.settings[0]
    r = o.seats[seat]
    value = o.firm[0].deal_value
    if s.pay_end <= s.pay_start:
        weight = p.commission / b.reference_commission
        r.pay_weight_now = weight
        r.pay_weight_later = weight
        return
    length = s.pay_end - s.pay_start
    left = max(0.0, (s.pay_end - s.now) / length)
    whole = max(hope_of_pay(o, seat), 0.3 * value)
    more = whole * left
    least = max(0.25 * value * value, _doubt(o, whole))
    spread = math.sqrt(max(whole * value * left, least))
    target = target_of_pay(o, seat)
    bonus = pay_bonus(o)
    now = worth_of_sale(p, bonus, value, r.paid_on, more, spread, target)
    spread_next = math.sqrt(max(whole * value, least))
    paid_later = math.pow(b.patience_month, length / DAY / DAYS_A_MONTH)
    later = worth_of_sale(p, bonus, value, 0.0, whole, spread_next, target) * paid_later
    if r.holds_back == 0:
        later = min(later, now)
    pride = _pride(o, whole)
    r.pay_weight_now = (now + pride) / b.reference_commission
    r.pay_weight_later = (later + pride) / b.reference_commission


@compiled_part
def _doubt(o, whole):
    """Variance of what a rep believes to have sold where attainment is shown to nobody, not even to the rep."""
    if int(o.settings[0].visibility) != NOT_SHOWN:
        return 0.0
    doubt = o.behaviour[0].unseen_doubt * whole
    return doubt * doubt


@compiled_part
def _pride(o, whole):
    """What one more unit of money sold is worth in standing on a board with names, where reps stand about `whole` apart."""
    s = o.state[0]
    if int(o.settings[0].visibility) != PUBLIC:
        return 0.0
    months = (s.period_end - s.period_start) / DAY / DAYS_A_MONTH
    return o.behaviour[0].pride_money_month * months / (2.0 * max(whole, o.firm[0].deal_value))


@compiled_part
def choose(o, seat):
    """Pick the next activity by worth per minute; training and the pool's oldest lead go before."""
    s = o.state[0]
    b = o.behaviour[0]
    r = o.seats[seat]
    if not is_open(o.days, s.now):
        _wait_until(o, seat, next_open(o.days, s.now + 1))
        return
    if r.today != s.day_index:
        _new_day(o, seat)
    if r.training_due > 0:
        minutes = float(r.training_due)
        r.training_due = 0
        _begin(o, seat, ACTIVITY.training, -1, minutes, 0.0, 0.0, 0.0, 1.0)
        return
    if r.chasing_due > 0:
        minutes = float(r.chasing_due)
        r.chasing_due = 0
        _begin(o, seat, ACTIVITY.obligation, -1, minutes, 0.0, 0.0, 0.0, 1.0)
        return
    if int(o.settings[0].routing_method) == POOL:
        pooled = out_of_pool(o)
        if pooled >= 0:
            hand_over(o, pooled, seat)
            _begin_touch(o, seat, pooled, 1.0)
            return
    case, score, weight = best_case(o, seat)
    outside = b.prospect_worth * o.firm[0].prospect_per_minute * r.pay_weight_later
    if r.first_service >= 0 and b.service_worth * o.firm[0].worth_per_minute > max(score, outside):
        customer = r.first_service
        r.first_service = o.customers[customer].next_service
        o.customers[customer].service_due = 0
        minutes = b.minutes_service * work_time(o, o.customers[customer].key, 0)
        _begin(o, seat, ACTIVITY.service, customer, minutes, b.search_share * minutes, entry_minutes(o, 0), 0.0, 1.0)
    elif case >= 0 and score >= outside:
        _begin_touch(o, seat, case, weight)
    else:
        _own_time(o, seat)


@compiled_part
def _new_day(o, seat):
    s = o.state[0]
    r = o.seats[seat]
    r.today = s.day_index
    r.blocks = 0
    r.reviewing = 1 if uniform(s.seed, DRAW.habit, r.person, s.day_index) < o.behaviour[0].frozen_review_share else 0
    reckon(o, seat)
    _clear_out(o, seat)


@compiled_part
def _clear_out(o, seat):
    """Leads that have been given no second look for weeks are closed."""
    s = o.state[0]
    oldest = s.now - int(o.behaviour[0].lead_life_days * DAY)
    case = o.seats[seat].first_case
    while case >= 0:
        following = o.work[case].next
        if o.cases[case].state == STATE.assigned and o.cases[case].assigned_at < oldest:
            drop_lead(o, case, seat)
        case = following


@compiled_part
def best_case(o, seat):
    """The own case with the highest worth per minute among those that can be worked on now; (-1, -1, 1) when none can.

    Worth counts at the present pay weight as far as the case may close in this period, else at the later one.
    """
    s = o.state[0]
    r = o.seats[seat]
    spread = o.behaviour[0].close_date_spread_days * DAY
    push = o.behaviour[0].action_unit_pressure * o.firm[0].worth_per_minute
    best = -1
    best_score = NO_CHOICE
    best_weight = 1.0
    behind_visits = r.visits < o.settings[0].action_visits
    behind_quotes = r.quotes < o.settings[0].action_quotes
    behind_upsells = r.upsells < o.settings[0].action_upsells
    case = r.first_case
    while case >= 0:
        w = o.work[case]
        if w.ready_at <= s.now and (w.blocked == FREE or (w.blocked == FROZEN and (r.reviewing != 0 or w.pressure > 0.0))):
            inside = 0.5 + 0.5 * (s.pay_end - w.close_at) / spread
            inside = min(1.0, max(0.0, inside))
            weight = r.pay_weight_now * inside + r.pay_weight_later * (1.0 - inside)
            score = w.worth * weight + w.pressure
            if behind_visits and (w.activity == ACTIVITY.visit or w.activity == ACTIVITY.discovery):
                score += push
            if behind_quotes and w.activity == ACTIVITY.quote:
                score += push
            if behind_upsells and o.cases[case].source == EXISTING_CUSTOMER:
                score += push
            if score > best_score:
                best = case
                best_score = score
                best_weight = weight
        case = w.next
    return best, best_score, best_weight


@compiled_part
def _begin_touch(o, seat, case, weight):
    """Start a touch: at the last stage the rep first settles whether to ask now, and at which discount."""
    b = o.behaviour[0]
    c = o.cases[case]
    w = o.work[case]
    if c.state == STATE.open and c.agreed != 0:
        w.blocked = FREE
        _begin(o, seat, w.activity, case, 0.0, 0.0, entry_minutes(o, PROMPT), minutes_to_comply(o, case), weight)
        return
    if c.state == STATE.open and c.stage >= PHASES and not ready_to_ask(o, seat, case):
        choose_again(o, seat)
        return
    if waits_for_money(o, case, seat):
        choose_again(o, seat)
        return
    fate = intend_entry(o, case, seat, c.touches + 1)
    minutes = w.minutes * work_time(o, c.key, c.touches + 1)
    minutes += b.card_minutes if reads_card(o, seat) else 0.0
    recording = entry_minutes(o, fate) + filling_minutes(o, seat, fate)
    owed = b.obligation_minutes if w.owes != 0 else 0.0
    owed += b.reopen_minutes if w.blocked == FROZEN else 0.0
    w.blocked = FREE
    _begin(o, seat, w.activity, case, minutes, b.search_share * minutes, recording, owed, weight)


@compiled_part
def choose_again(o, seat):
    """The chosen case has to wait, for an approval or for the customer's own time; minutes went into seeing that."""
    minutes = LOOK_SHARE * o.behaviour[0].minutes_negotiation
    _begin(o, seat, ACTIVITY.internal, -1, 0.0, minutes, 0.0, 0.0, 1.0)


@compiled_part
def _own_time(o, seat):
    """Nothing of the own list is worth more: prospect, or take it slowly when little is to be gained."""
    b = o.behaviour[0]
    r = o.seats[seat]
    if effort_for(o, seat, r.pay_weight_later) <= b.effort_least:
        _begin(o, seat, ACTIVITY.slack, -1, b.block_minutes, 0.0, 0.0, 0.0, 1.0)
        return
    minutes = b.block_minutes
    _begin(o, seat, ACTIVITY.prospecting, -1, minutes, b.search_share * minutes, 0.0, 0.0, r.pay_weight_later)


@compiled_part
def effort_for(o, seat, weight):
    """Effort on a task: its incentive to the power of the elasticity, times e^mood, within what a body can do."""
    b = o.behaviour[0]
    r = o.seats[seat]
    drive = math.pow(max(weight, 0.01), b.effort_elasticity) * math.exp(r.mood + b.temper_weight * r.temper)
    return min(b.effort_most, max(b.effort_least, drive))


@compiled_part
def _begin(o, seat, activity, case, minutes, internal, recording, owed, weight):
    """Start an activity; effort shortens it, and the shares of its time are booked when it ends."""
    s = o.state[0]
    r = o.seats[seat]
    r.effort = effort_for(o, seat, weight)
    r.activity = activity
    r.case = case
    whole = minutes + internal + recording + owed
    length = max(1.0, math.floor(whole * MINUTE / r.effort))
    r.part_internal = math.floor(length * internal / whole)
    r.part_recording = math.floor(length * recording / whole)
    r.part_obligation = math.floor(length * owed / whole)
    r.part_touch = length - r.part_internal - r.part_recording - r.part_obligation
    r.started_at = s.now
    _wait_until(o, seat, add_open(o.days, s.now, int(length)))


@compiled_part
def _wait_until(o, seat, at):
    r = o.seats[seat]
    r.version += 1
    r.busy_until = at
    post(o, at, ACTORS, ON.rep_free, seat, r.version)
