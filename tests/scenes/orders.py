"""Pictures of ordering: the list, an order being written, a set to sign, what nurses see."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.gallery import Scene, wait_for
from tests.kit.people import DOCTOR, NURSE, AtHand
from tests.kit.ward import make_desk, patient_id
from tests.kit.workplace import RememberingNavigator, asked
from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.ordering import OrderKind, Request
from workstation.kernel.clock import ManualClock
from workstation.kernel.settings import Settings
from workstation.security.people import Person
from workstation.services import allergies, formulary, order_list, orders
from workstation.services.desk import Desk
from workstation.services.order_drafts import BasketLine
from workstation.services.orders import Line
from workstation.ui.screens.chart.orders_page import OrdersPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.orders_to_acknowledge.screen import OrdersToAcknowledgeScreen
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Workplace

FIRST, SECOND, EMPTY, SET, WRONG, ALLERGIC = map(patient_id, (1, 2, 3, 4, 5, 7))
LONG = Request(
    kind=OrderKind.PROCEDURE,
    words="Nội soi đường mật tụy ngược dòng lấy sỏi, cắt cơ vòng Oddi dưới gây mê, có X-quang",
    remark="Nhịn ăn từ 22:00, ký cam kết với người nhà, chuẩn bị 2 đơn vị khối hồng cầu cùng nhóm",
    indication="Sỏi ống mật chủ đoạn cuối có viêm đường mật mức độ trung bình theo Tokyo 2018",
    urgent=True,
)


def drug(text: str) -> Prescription:
    """A drug of the list as it is usually ordered."""
    found = formulary.find(OrderKind.DRUG, text)[0].item
    assert isinstance(found, Prescription)
    return found


def request(kind: OrderKind, text: str) -> Request:
    """Another order of the list."""
    found = formulary.find(kind, text)[0].item
    assert isinstance(found, Request)
    return found


@cache
def _ward() -> tuple[Desk, Path]:
    """A ward on its third day of orders: some acknowledged, one held, one stopped, one changed."""
    folder = Path(tempfile.mkdtemp(prefix="orders-scene-"))
    nurse = make_desk(folder / "store", beds=7)
    doctor = replace(nurse, person=DOCTOR)
    clock = nurse.clock
    assert isinstance(clock, ManualClock)
    first = [
        Line(drug("ceftriaxon")),
        Line(drug("paracetamol 500")),
        Line(replace(drug("natri clorid"), rate=Rate(Decimal(80), "mL/h"), timing=Timing())),
        Line(drug("enoxaparin 40")),
        Line(drug("furosemid 20")),
        Line(request(OrderKind.LABORATORY, "kali")),
        Line(request(OrderKind.MONITORING, "mach nhiet")),
        Line(request(OrderKind.OXYGEN, "gong kinh")),
        Line(request(OrderKind.DIET, "chao")),
    ]
    orders.sign(doctor, FIRST, first)
    _acknowledge_all(nurse)
    clock.advance(timedelta(days=2, minutes=14))
    lines = {_name(line): line.order for line in order_list.book(nurse, FIRST).lines}
    held = lines["Enoxaparin 40 mg/0,4 mL"]
    orders.hold(doctor, held.reference, reason="Chọc dịch màng phổi sáng nay")
    stopped = lines["Theo dõi mạch, nhiệt độ, huyết áp, nhịp thở, SpO₂"]
    orders.complete(nurse, lines["Kali (K⁺)"].reference)
    more = replace(drug("furosemid 20"), amount=Amount(Decimal(40), "mg"))
    change = Line(
        more, replaces=lines["Furosemid 20 mg/2 mL"].reference, reason="Phù tăng, bilan dương"
    )
    orders.sign(doctor, FIRST, [change, Line(request(OrderKind.IMAGING, "nguc thang"))])
    orders.stop(doctor, stopped.reference, reason="Chuyển theo dõi liên tục trên monitor")
    clock.advance(timedelta(minutes=21))
    orders.sign(doctor, SECOND, [Line(LONG), Line(drug("morphin")), Line(drug("noradrenalin"))])
    clock.advance(timedelta(minutes=12))
    allergies.record(doctor, ALLERGIC, "Penicillin", reaction="Sốc phản vệ", high_risk=True)
    orders.sign(doctor, ALLERGIC, [Line(drug("warfarin"))])
    (warfarin,) = order_list.book(nurse, ALLERGIC).lines
    orders.acknowledge(nurse, [(warfarin.order.reference, warfarin.order.state)])
    return nurse, folder


def _name(line: order_list.OrderLine) -> str:
    item = line.order.item
    return item.drug if isinstance(item, Prescription) else item.words


def _acknowledge_all(nurse: Desk) -> None:
    for each in order_list.ward_unacknowledged(nurse):
        orders.acknowledge(nurse, [(row.order.reference, row.order.state) for row in each.lines])


def _workplace(person: Person) -> Workplace:
    nurse, folder = _ward()
    desk = replace(nurse, person=person)
    here = RememberingNavigator()
    return Workplace(desk, TaskRunner(), here, Settings(folder), desk.clock, colleagues=AtHand())


def _chart(
    patient: str, then: Callable[[OrdersPage, Workplace], None], person: Person = DOCTOR
) -> QWidget:
    place = _workplace(person)
    screen = ChartScreen(place)
    screen.resize(1366, 700)
    screen.show()
    screen.arrive(patient=patient, tab="orders")
    screen.activate()
    page = screen._front()
    assert isinstance(page, OrdersPage)
    wait_for(lambda: page._book is not None and screen._banner_facts is not None)
    then(page, place)
    return screen


def _select(page: OrdersPage, name: str) -> None:
    rows = page._list.model.rows
    place = next(n for n, row in enumerate(rows) if _name(row).startswith(name))
    page._list.view.selectRow(place)


def _filled() -> QWidget:
    return _chart(FIRST, lambda page, _place: _select(page, "Enoxaparin"))


def _stopping() -> QWidget:
    def then(page: OrdersPage, _place: Workplace) -> None:
        _select(page, "Ceftriaxon")
        page._list._on_letter("s")

    return _chart(FIRST, then)


def _composing(page: OrdersPage, place: Workplace) -> None:
    page.add()
    wait_for(page._composing)
    asked(place)


def _writing() -> QWidget:
    def then(page: OrdersPage, place: Workplace) -> None:
        _composing(page, place)
        form = page._composer.writing.form
        form.words.clear()  # the draft of the picture before
        form.words.setFocus()
        QTest.keyClicks(form.words, "khang sinh c")

    return _chart(EMPTY, then)


def _weekly() -> QWidget:
    def then(page: OrdersPage, place: Workplace) -> None:
        _composing(page, place)
        days = Timing(times_a_day=1, weekdays=frozenset({0, 2, 4, 6}))
        weekly = Prescription(
            drug="Co-trimoxazol 960 mg", amount=Amount(Decimal(1), "viên"), route="uống",
            timing=days,
        )  # fmt: skip
        form = page._composer.writing.form
        form.write_on(weekly)
        form.rows.lines["on_days"].setText("2-6")
        page._composer.writing.add()
        asked(place)

    return _chart(WRONG, then)


def _set() -> QWidget:
    def then(page: OrdersPage, place: Workplace) -> None:
        _composing(page, place)
        composer = page._composer
        composer.sets.setCurrentIndex(composer.sets.count() - 1)
        composer.signing.add_set()
        composer.writing.form.write_on(
            replace(drug("paracetamol 500"), amount=Amount(Decimal(5), "g"))
        )
        composer._on_pause()
        asked(place)

    return _chart(SET, then)


def _alerts() -> QWidget:
    """A penicillin for somebody whom one nearly killed, beside a drug that warfarin forbids."""

    def then(page: OrdersPage, place: Workplace) -> None:
        _composing(page, place)
        composer = page._composer
        composer.basket.show_lines([BasketLine(drug("ibuprofen"))])
        composer.writing.form.write_on(drug("amoxicilin"))
        composer._on_pause()
        asked(place)

    return _chart(ALLERGIC, then)


def _refused() -> QWidget:
    def then(page: OrdersPage, place: Workplace) -> None:
        _composing(page, place)
        writing = page._composer.writing
        writing.form.write_on(replace(drug("paracetamol 500"), amount=None))
        writing.add()
        asked(place)

    return _chart(WRONG, then)


def _again() -> QWidget:
    def then(page: OrdersPage, place: Workplace) -> None:
        page.again()
        wait_for(page._composing)
        asked(place)
        basket = page._composer.basket
        QTest.keyClick(basket, " ")

    return _chart(FIRST, then)


def _waiting(person: Person) -> QWidget:
    screen = OrdersToAcknowledgeScreen(_workplace(person))
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    wait_for(lambda: screen.model.rowCount() > 0)
    screen.view.selectRow(0)
    return screen


def _nobody_waits() -> QWidget:
    folder = Path(tempfile.mkdtemp(prefix="orders-scene-"))
    desk = make_desk(folder / "store")
    place = Workplace(desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock)
    screen = OrdersToAcknowledgeScreen(place)
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    asked(place)
    return screen


SCENES = (
    Scene("orders", _filled, scales=(150,)),
    Scene("orders_stop", _stopping),
    Scene("orders_empty", lambda: _chart(patient_id(6), lambda _page, _place: None)),
    Scene("orders_long", lambda: _chart(SECOND, lambda _page, _place: None, NURSE)),
    Scene("orders_write", _writing, scales=(150,)),
    Scene("orders_weekly", _weekly, scales=(150,)),
    Scene("orders_set", _set, scales=(150,)),
    Scene("order-alerts", _alerts, scales=(150,)),
    Scene("orders_refused", _refused),
    Scene("orders_again", _again),
    Scene("orders_to_acknowledge", lambda: _waiting(NURSE), scales=(150,)),
    Scene("orders_to_acknowledge_empty", _nobody_waits),
)
