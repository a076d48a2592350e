"""The sentences of the demo's notes, as Vietnamese doctors and nurses write them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hospital.demo.chance import Dice
from hospital.demo.course import Course

NOT_GIVEN: Final = (
    "Người bệnh từ chối",
    "Người bệnh đang nhịn ăn để làm thủ thuật",
    "Tạm hoãn theo ý kiến bác sĩ",
    "Người bệnh nôn",
)
_BAD: Final = 0.8
_FAIR: Final = 0.4

_STATES: Final = {
    "bad": (
        "Người bệnh mệt nhiều, {complaint}. Da nhợt, vã mồ hôi.",
        "Tình trạng nặng lên: {complaint}, tiếp xúc chậm.",
    ),
    "fair": (
        "Người bệnh tỉnh, còn mệt, {complaint}.",
        "Người bệnh tỉnh, tiếp xúc tốt. Còn {complaint}.",
    ),
    "good": (
        "Người bệnh tỉnh, tiếp xúc tốt, đỡ mệt. Ăn uống được, ngủ được.",
        "Người bệnh tỉnh, các triệu chứng giảm rõ, đi lại nhẹ nhàng trong buồng.",
    ),
}
_EXAMINATIONS: Final = (
    "Tim đều, phổi thông khí đều hai bên, bụng mềm.",
    "Tim đều, phổi không thêm ran mới, bụng mềm, không điểm đau khu trú.",
    "Da niêm mạc hồng vừa, tim đều, bụng mềm, gan lách không to.",
)
_CARE: Final = {
    "bad": (
        "Theo dõi sát mạch, huyết áp, nhịp thở, SpO₂. Đã báo bác sĩ trực. Cho nằm đầu cao.",
        "Người bệnh mệt, cần giúp mọi sinh hoạt tại giường. Đã báo bác sĩ diễn biến.",
    ),
    "fair": (
        "Thực hiện thuốc theo y lệnh, không có phản ứng bất thường. Ăn được nửa suất cháo.",
        "Giúp người bệnh vệ sinh cá nhân, thay ga giường. Người nhà hỗ trợ ăn uống.",
        "Hướng dẫn người bệnh tập thở và ho có hiệu quả. Đường truyền thông tốt.",
    ),
    "good": (
        "Người bệnh tự vệ sinh cá nhân, ăn hết suất. Không than phiền gì thêm.",
        "Người bệnh ngủ được, đại tiểu tiện bình thường. Hướng dẫn uống thuốc đúng giờ.",
        "Đi lại nhẹ trong buồng. Đã dặn người nhà cách phòng ngã.",
    ),
}


def course(dice: Dice, illness: Course, at: datetime, *, first: bool) -> str:
    """What the doctor writes under "diễn biến"."""
    state = dice.pick(_STATES[_state(illness, at)]).format(complaint=illness.illness.complaint)
    opening = f"Vào viện vì {illness.illness.complaint}. " if first else ""
    return f"{opening}{state}\n{dice.pick(_EXAMINATIONS)}"


def orders(illness: Course, *, first: bool) -> str:
    """What the doctor writes under "y lệnh"."""
    drugs = "\n".join(
        f"- {drug.name}, mỗi lần {_plain(drug.amount)} {drug.unit}, {drug.route}, "
        f"{drug.times_a_day} lần/ngày"
        for drug in illness.illness.drugs
    )
    heading = "Thuốc:" if first else "Tiếp tục thuốc:"
    return f"{heading}\n{drugs}\n{illness.illness.orders}"


def nursing(dice: Dice, illness: Course, at: datetime) -> str:
    """What the nurse writes."""
    return dice.pick(_CARE[_state(illness, at)])


def _state(illness: Course, at: datetime) -> str:
    severity = illness.severity(at)
    if severity > _BAD:
        return "bad"
    return "fair" if severity > _FAIR else "good"


def _plain(amount: object) -> str:
    return str(amount).replace(".", ",")
