"""Donation funds: set up, changed, closed; pledges of shops; money that came in. What orders give is reckoned, not kept."""

from datetime import date, datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.donation import FundDraft, PledgeDraft
from trainer.domain.file import FilePurpose
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.donation import DonationFund, DonationPayment, DonationPledge
from trainer.services import audit
from trainer.services.evidence import keep_evidence
from trainer.services.file import Sealed
from trainer.services.shop_lock import hold_shop


class FundExists(Refused):
    """The area has a fund of this name."""

    code = "donation_fund_exists"


class FundClosed(Refused):
    """It takes no new pledge, and a pledge to it does not reach beyond its last day."""

    code = "donation_fund_closed"
    status = 409


class FundHasLaterPledges(Refused):
    """A pledge begins after the day on which the fund is to close."""

    code = "donation_fund_later_pledges"


class PledgesOverlap(Refused):
    """The shop gives of its orders on some of these days already: an order gives once."""

    code = "donation_pledges_overlap"


class PaidInTheFuture(Refused):
    code = "donation_paid_in_future"


class PaymentTakenBack(Refused):
    code = "donation_payment_taken_back"
    status = 409


class TakeBackReasonMissing(Refused):
    code = "donation_no_reason"


def create_fund(draft: FundDraft, *, by: Actor, at: datetime) -> int:
    """Raises FundExists."""
    _require_new_name(draft, None)
    fund = DonationFund(**vars(draft), created_at=at, created_by=by.account_id)
    db.session.add(fund)
    db.session.flush()
    audit.record("donation_fund.create", "donation_fund", fund.id, by=by, at=at, after=vars(draft))
    return fund.id


def change_fund(fund_id: int, name: str, purpose: str, *, seen: int, by: Actor, at: datetime) -> None:
    """What it is called and for; its area stays. Raises Conflict, FundExists, NotFound."""
    fund = _hold_fund(fund_id, seen=seen)
    _require_new_name(FundDraft(fund.region_code, name, purpose), fund.id)
    before = {"name": fund.name, "purpose": fund.purpose}
    fund.name, fund.purpose = name, purpose
    after = {"name": name, "purpose": purpose}
    audit.record("donation_fund.change", "donation_fund", fund.id, by=by, at=at, before=before, after=after)


def close_fund(fund_id: int, day: date, *, seen: int, by: Actor, at: datetime) -> None:
    """After its last day no order gives any more; what is outstanding may still be paid in.

    Raises FundClosed (twice), FundHasLaterPledges, Conflict, NotFound.
    """
    fund = _hold_fund(fund_id, seen=seen)
    if fund.closed_on:
        raise FundClosed(day=fund.closed_on)
    held = select(DonationPledge).where(DonationPledge.fund_id == fund_id).order_by(DonationPledge.id)
    pledges = list(db.session.scalars(held.with_for_update(), execution_options={"populate_existing": True}))
    if any(pledge.starts_on > day for pledge in pledges):
        raise FundHasLaterPledges(day=day)
    ended = [pledge for pledge in pledges if pledge.ends_on is None or pledge.ends_on > day]
    for pledge in ended:
        pledge.ends_on = day
    fund.closed_on = day
    after = {"closed_on": day, "pledges_ended": len(ended)}
    audit.record("donation_fund.close", "donation_fund", fund.id, by=by, at=at, after=after)


def pledge(fund_id: int, shop_id: int, draft: PledgeDraft, *, by: Actor, at: datetime) -> int:
    """Raises FundClosed, PledgesOverlap, NotFound."""
    hold_shop(shop_id)  # two who enter pledges of one shop at once see each other
    fund = _hold_fund(fund_id)
    if fund.closed_on:
        raise FundClosed(day=fund.closed_on)
    _require_free_days(shop_id, draft, None)
    facts = {"fund_id": fund_id, "shop_id": shop_id, **vars(draft)}
    row = DonationPledge(**facts, created_at=at, created_by=by.account_id)
    db.session.add(row)
    db.session.flush()
    audit.record("donation_pledge.make", "donation_pledge", row.id, by=by, at=at, after=facts)
    return row.id


def change_pledge(pledge_id: int, draft: PledgeDraft, *, seen: int, by: Actor, at: datetime) -> None:
    """Another amount, other days: what its orders gave is reckoned by it from the beginning.

    Raises Conflict, FundClosed (beyond its last day), PledgesOverlap, NotFound.
    """
    ids = select(DonationPledge.shop_id, DonationPledge.fund_id).where(DonationPledge.id == pledge_id)
    shop_id, fund_id = db.session.execute(ids).one_or_none() or (0, 0)
    hold_shop(shop_id)
    fund = _hold_fund(fund_id)
    row = db.session.get(DonationPledge, pledge_id, with_for_update=True, populate_existing=True)
    if row.version != seen:
        raise Conflict()
    if fund.closed_on and (draft.ends_on is None or draft.ends_on > fund.closed_on):
        raise FundClosed(day=fund.closed_on)
    _require_free_days(shop_id, draft, pledge_id)
    before = {name: getattr(row, name) for name in vars(draft)}
    for name, value in vars(draft).items():
        setattr(row, name, value)
    audit.record("donation_pledge.change", "donation_pledge", row.id, by=by, at=at, before=before, after=vars(draft))


def record_payment(
    fund_id: int,
    amount_fen: int,
    paid_on: date,
    *,
    shop_id: int | None = None,
    note: str = "",
    evidence: Sealed | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Raises PaidInTheFuture, NotFound."""
    if paid_on > china_day(at):
        raise PaidInTheFuture(day=paid_on)
    _hold_fund(fund_id)
    kept = keep_evidence(evidence, FilePurpose.DONATION_EVIDENCE, by=by, at=at)
    facts = {"fund_id": fund_id, "shop_id": shop_id, "amount_fen": amount_fen, "paid_on": paid_on}
    payment = DonationPayment(**facts, evidence_id=kept, note=note, recorded_at=at, recorded_by=by.account_id)
    db.session.add(payment)
    db.session.flush()
    after = {**facts, "with_evidence": kept is not None}
    audit.record("donation_payment.record", "donation_payment", payment.id, by=by, at=at, after=after)
    return payment.id


def take_payment_back(payment_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Entered wrongly: it stays in the list and does not count. Raises TakeBackReasonMissing, PaymentTakenBack, NotFound."""
    if not reason:
        raise TakeBackReasonMissing()
    payment = db.session.get(DonationPayment, payment_id, with_for_update=True, populate_existing=True)
    if payment is None:
        raise NotFound()
    if payment.taken_back_at:
        raise PaymentTakenBack()
    payment.taken_back_at, payment.taken_back_by, payment.reason = at, by.account_id, reason
    before = {"amount_fen": payment.amount_fen}
    audit.record(
        "donation_payment.take_back", "donation_payment", payment.id, by=by, at=at, before=before, with_reason=True
    )


def _require_new_name(draft: FundDraft, fund_id: int | None) -> None:
    same = (DonationFund.region_code == draft.region_code, DonationFund.name == draft.name)
    if db.session.scalar(select(DonationFund.id).where(*same, DonationFund.id != (fund_id or 0))):
        raise FundExists(name=draft.name)


def _hold_fund(fund_id: int, *, seen: int | None = None) -> DonationFund:
    fund = db.session.get(DonationFund, fund_id, with_for_update=True, populate_existing=True)
    if fund is None:
        raise NotFound()
    if seen is not None and fund.version != seen:
        raise Conflict()
    return fund


def _require_free_days(shop_id: int, draft: PledgeDraft, pledge_id: int | None) -> None:
    others = select(DonationPledge.starts_on, DonationPledge.ends_on).where(
        DonationPledge.shop_id == shop_id, DonationPledge.id != (pledge_id or 0)
    )
    for starts_on, ends_on in db.session.execute(others):
        if draft.overlaps(starts_on, ends_on):
            raise PledgesOverlap(first=starts_on, last=ends_on or "…")
