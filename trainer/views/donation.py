"""Donation funds: the list, one with its running total, pledges of shops, money that came in with its evidence."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.donation import fund_title, fund_workbook
from trainer.domain.actors import Scope
from trainer.domain.donation import FundMonth, running_total
from trainer.domain.search import parse
from trainer.errors import NotFound, Refused
from trainer.forms.donation import (
    ChangeFundForm,
    CloseFundForm,
    FundForm,
    PaymentForm,
    PledgeForm,
)
from trainer.permissions import Permission, can
from trainer.queries.donation import (
    FundRow,
    GivenLine,
    PaymentRow,
    get_evidence,
    get_fund_for,
    get_payment,
    get_pledge,
    list_funds,
    list_given_to,
    list_payments,
    list_pledges,
    list_shops_to_pledge,
)
from trainer.services import audit
from trainer.services import donation as donations
from trainer.services.file import Sealed
from trainer.views.downloads import made_lines, workbook_response
from trainer.views.evidence import evidence_response, sealed
from trainer.views.form_page import form_page
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.taking_back import take_back_page
from trainer.wording import platform_name
from trainer.wording.donation import NOTES

pages = Blueprint("donation", __name__, url_prefix="/donations")

VIEW, MANAGE = Permission.VIEW_FUNDS, Permission.MANAGE_FUNDS


@pages.get("")
@requires(VIEW)
def index():
    return render_template("donation/index.html", funds=list_funds(actor()), notes=NOTES)


@pages.route("/new", methods=["GET", "POST"])
@requires(MANAGE)
def new():
    form, error = FundForm(), None
    if form.validate_on_submit():
        ensure(MANAGE, Scope(form.region_code))
        try:
            fund_id = once(
                form.idempotency_key.data,
                "donation_fund.create",
                lambda: donations.create_fund(form.draft(), by=actor(), at=clock.now()),
            )
        except Refused as refused:
            error = refused
        else:
            flash(_("The fund stands. Enter which shops give of their orders."))
            return redirect(url_for("donation.show", fund_id=fund_id), 303)
    return form_page("donation/new.html", form, error)


@pages.get("/<int:fund_id>")
@requires(VIEW)
def show(fund_id: int):
    fund = found(get_fund_for(actor(), VIEW, fund_id))
    lines, payments = list_given_to(fund.id), list_payments(fund.id)
    return render_template(
        "donation/show.html",
        **{"fund": fund, "months": _months(lines, payments), "notes": NOTES},
        **{"pledges": list_pledges(fund.id, lines), "payments": payments},
        may_manage=can(actor(), MANAGE, Scope(fund.region_code)),
    )


def _months(lines: list[GivenLine], payments: list[PaymentRow]) -> list[FundMonth]:
    received = [(f"{one.paid_on:%Y-%m}", one.amount_fen) for one in payments if not one.taken_back_at]
    return running_total([(line.month, line.given) for line in lines], received)


@pages.get("/<int:fund_id>/export")
@requires(VIEW)
def export(fund_id: int):
    """The fund as its page shows it; who took it out is written down."""
    fund, now = found(get_fund_for(actor(), VIEW, fund_id)), clock.now()
    lines, payments = list_given_to(fund.id), list_payments(fund.id)
    tables = (_months(lines, payments), list_pledges(fund.id, lines), payments)
    with transaction():
        audit.record("donation_fund.export", "donation_fund", fund_id, by=actor(), at=now)
    title = fund_title(fund.name)
    return workbook_response(fund_workbook(made_lines(title), *tables), title)


def _hers(fund_id: int) -> FundRow:
    return found(get_fund_for(actor(), MANAGE, fund_id))


@pages.route("/<int:fund_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit(fund_id: int):
    """Its name and what it is for."""
    fund = _hers(fund_id)
    form = ChangeFundForm(data={"name": fund.name, "purpose": fund.purpose, "version": fund.version})
    return _change(
        *(form, donations.change_fund, lambda: (fund_id, form.name.data, form.purpose.data or "")),
        *("donation/edit.html", fund),
    )


@pages.route("/<int:fund_id>/close", methods=["GET", "POST"])
@requires(MANAGE)
def close(fund_id: int):
    """What follows stands on the page before the button."""
    fund = _hers(fund_id)
    form = CloseFundForm(data={"day": clock.today(), "version": fund.version})
    return _change(form, donations.close_fund, lambda: (fund_id, form.day.data), "donation/close.html", fund)


def _change(form, act, said, template: str, fund: FundRow, **values):
    """A form about one thing of a fund: done it leads back to the fund."""
    error = None
    if form.validate_on_submit():
        try:
            with transaction():
                act(*said(), seen=form.seen, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Saved."))
            return redirect(url_for("donation.show", fund_id=fund.id), 303)
    return form_page(template, form, error, fund=fund, **values)


@pages.route("/<int:fund_id>/pledges/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_pledge(fund_id: int):
    """A shop, looked for by its owner's name first; then what an order of it gives."""
    fund, shop_id = _hers(fund_id), request.args.get("shop", type=int)
    if not shop_id:
        text = parse(request.args.get("q", ""))
        if not text.may_stand_in_address:
            flash(_("Type a whole number into the search box: it must not stand in an address."), "bad")
            return redirect(url_for("donation.new_pledge", fund_id=fund_id), 303)
        shops = list_shops_to_pledge(actor(), fund.region_code, text=text.text) if text.text else None
        return render_template("donation/choose.html", fund=fund, shops=shops)
    shop = found(next(iter(list_shops_to_pledge(actor(), fund.region_code, shop_id=shop_id)), None))
    form, error = PledgeForm(data={"starts_on": clock.today()}), None
    if form.validate_on_submit():
        try:
            once(
                form.idempotency_key.data,
                "donation_pledge.make",
                lambda: donations.pledge(fund_id, shop.id, form.draft(), by=actor(), at=clock.now()),
            )
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("The pledge stands. What its orders gave is reckoned at once."))
            return redirect(url_for("donation.show", fund_id=fund_id), 303)
    return form_page("donation/pledge.html", form, error, fund=fund, shop=shop.name, owner=shop.owner, changes=False)


@pages.route("/pledges/<int:pledge_id>", methods=["GET", "POST"])
@requires(MANAGE)
def edit_pledge(pledge_id: int):
    """Another amount, other days, a last day."""
    row = found(get_pledge(pledge_id))
    fund = _hers(row.fund_id)
    known = {"per_order": f"{row.per_order_fen / 100:.2f}", "starts_on": row.starts_on, "ends_on": row.ends_on}
    form = PledgeForm(data={**known, "version": row.version})
    names = {"shop": row.shop, "owner": row.owner, "changes": True}
    return _change(
        form, donations.change_pledge, lambda: (pledge_id, form.draft()), "donation/pledge.html", fund, **names
    )


@pages.route("/<int:fund_id>/payments/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_payment(fund_id: int):
    fund = _hers(fund_id)
    shops = {
        one.shop_id: f"{one.owner} · {one.shop}（{platform_name(one.platform)}）" for one in list_pledges(fund.id, ())
    }
    form, error = PaymentForm(shops.items(), data={"paid_on": clock.today()}), None
    if form.validate_on_submit():
        try:
            evidence = sealed(form.evidence.data)
            once(form.idempotency_key.data, "donation_payment.record", lambda: _record(fund_id, form, evidence))
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Entered: ¥%(amount)s", amount=f"{form.amount.data:,.2f}"))
            return redirect(url_for("donation.show", fund_id=fund_id), 303)
    return form_page("donation/payment.html", form, error, fund=fund)


def _record(fund_id: int, form: PaymentForm, evidence: Sealed | None) -> int:
    said = {"shop_id": form.shop_id.data or None, "note": form.note.data or "", "evidence": evidence}
    return donations.record_payment(fund_id, form.amount_fen, form.paid_on.data, **said, by=actor(), at=clock.now())


@pages.route("/payments/<int:payment_id>/take-back", methods=["GET", "POST"])
@requires(MANAGE)
def take_back(payment_id: int):
    payment = found(get_payment(payment_id))
    fund, funds = _hers(payment.fund_id), (_("Donation funds"), url_for("donation.index"))
    return take_back_page(
        *(donations.take_payment_back, payment_id),
        title=_("Take back a payment of %(money)s", money=f"¥{payment.amount_fen / 100:,.2f}"),
        thing=" · ".join(filter(None, (fund.name, str(payment.paid_on), payment.shop))),
        trail=[funds, (fund.name, url_for("donation.show", fund_id=fund.id))],
    )


@pages.get("/payments/<int:payment_id>/evidence")
@requires(VIEW)
def evidence(payment_id: int):
    """A picture or a PDF; that it was looked at is written down."""
    found(get_fund_for(actor(), VIEW, found(get_payment(payment_id)).fund_id))
    return evidence_response(found(get_evidence(payment_id)), "donation_payment", payment_id)
