"""What the invented patients suffer from: signs, drugs, results, and words of the notes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Route = Literal["uống", "tiêm tĩnh mạch chậm", "truyền tĩnh mạch", "khí dung", "tiêm dưới da"]


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug as it is ordered: generic name and strength, amount each time, times a day."""

    code: str
    name: str
    amount: Decimal
    unit: str
    route: Route
    times_a_day: Literal[1, 2, 3, 4]


@dataclass(frozen=True, slots=True)
class Test:
    """One test of the laboratory.

    Attributes:
        code: LOINC.
        name: In words.
        unit: UCUM.
        low: Lower end of the range.
        high: Upper end.
        digits: After the point.
    """

    code: str
    name: str
    unit: str
    low: Decimal
    high: Decimal
    digits: int


@dataclass(frozen=True, slots=True)
class Illness:
    """One illness.

    Attributes:
        icd10: With point.
        text: As the diagnosis is written.
        heart_rate: Change of the pulse at the worst, per minute.
        respiratory_rate: Change, per minute.
        temperature: Change, °C.
        spo2: Change, %.
        systolic: Change, mmHg.
        drugs: What is ordered on admission.
        results: Of each test by its key: value when well, value at the worst.
        complaint: What the patient suffers from, in the notes.
        orders: What the doctor orders beside drugs.
        hypercapnic: Whether saturation is judged by scale 2.
    """

    icd10: str
    text: str
    heart_rate: int
    respiratory_rate: int
    temperature: float
    spo2: int
    systolic: int
    drugs: tuple[Drug, ...]
    results: dict[str, tuple[float, float]]
    complaint: str
    orders: str
    hypercapnic: bool = False


def _test(code: str, name: str, unit: str, normal: tuple[str, str], digits: int) -> Test:
    return Test(code, name, unit, Decimal(normal[0]), Decimal(normal[1]), digits)


TESTS: Final = {
    "wbc": _test("6690-2", "Bạch cầu (WBC)", "10*9/L", ("4.0", "10.0"), 1),
    "hgb": _test("718-7", "Hemoglobin (HGB)", "g/L", ("120", "160"), 0),
    "plt": _test("777-3", "Tiểu cầu (PLT)", "10*9/L", ("150", "400"), 0),
    "crp": _test("1988-5", "CRP", "mg/L", ("0", "5.0"), 1),
    "creatinine": _test("14682-9", "Creatinin", "umol/L", ("53", "106"), 0),
    "glucose": _test("14749-6", "Glucose", "mmol/L", ("3.9", "6.4"), 1),
    "potassium": _test("2823-3", "Kali (K⁺)", "mmol/L", ("3.5", "5.0"), 1),
    "sodium": _test("2951-2", "Natri (Na⁺)", "mmol/L", ("135", "145"), 0),
    "ast": _test("1920-8", "AST (GOT)", "U/L", ("0", "40"), 0),
    "alt": _test("1742-6", "ALT (GPT)", "U/L", ("0", "41"), 0),
    "lipase": _test("3040-3", "Lipase", "U/L", ("0", "60"), 0),
    "bnp": _test("33762-6", "NT-proBNP", "pg/mL", ("0", "125"), 0),
    "troponin": _test("67151-1", "Troponin T hs", "ng/L", ("0", "14"), 0),
}
_BASICS: Final = {
    "wbc": (7.0, 9.0),
    "hgb": (136.0, 128.0),
    "creatinine": (78.0, 88.0),
    "potassium": (4.1, 3.8),
    "sodium": (139.0, 136.0),
    "glucose": (5.6, 6.8),
}


def _drug(code: str, name: str, dose: str, route: Route, times_a_day: Literal[1, 2, 3, 4]) -> Drug:
    amount, _, unit = dose.partition(" ")
    return Drug(code, name, Decimal(amount), unit, route, times_a_day)


_CEFTRIAXONE: Final = _drug("ceftriaxone", "Ceftriaxon 1 g", "2 g", "truyền tĩnh mạch", 1)
_PARACETAMOL: Final = _drug("paracetamol", "Paracetamol 500 mg", "500 mg", "uống", 3)
_OMEPRAZOLE: Final = _drug("omeprazole", "Omeprazol 40 mg", "40 mg", "tiêm tĩnh mạch chậm", 2)
_FUROSEMIDE: Final = _drug("furosemide", "Furosemid 20 mg", "20 mg", "tiêm tĩnh mạch chậm", 2)
_AMLODIPINE: Final = _drug("amlodipine", "Amlodipin 5 mg", "5 mg", "uống", 1)
_RINGER: Final = _drug("ringer-lactate", "Ringer lactat 500 mL", "500 mL", "truyền tĩnh mạch", 2)
_BISOPROLOL: Final = _drug("bisoprolol", "Bisoprolol 2,5 mg", "2.5 mg", "uống", 1)
_ENOXAPARIN: Final = _drug("enoxaparin", "Enoxaparin 40 mg/0,4 mL", "40 mg", "tiêm dưới da", 1)

_PNEUMONIA: Final = Illness(
    "J18.9", "Viêm phổi mắc phải cộng đồng", 32, 12, 1.9, -8, -14,
    (
        _CEFTRIAXONE,
        _drug("levofloxacin", "Levofloxacin 750 mg/150 mL", "750 mg", "truyền tĩnh mạch", 1),
        _PARACETAMOL,
    ),
    {**_BASICS, "wbc": (8.2, 17.5), "crp": (4.0, 148.0)},
    "ho khạc đờm đục, đau ngực phải khi ho, khó thở khi gắng sức",
    "Thở ôxy khi SpO₂ dưới 94 %. Cấy đờm. X-quang ngực chụp lại sau 3 ngày.",
)  # fmt: skip
_COPD: Final = Illness(
    "J44.1", "Bệnh phổi tắc nghẽn mạn tính đợt cấp", 24, 9, 0.5, -7, 6,
    (
        _drug("salbutamol", "Salbutamol 5 mg/2,5 mL", "5 mg", "khí dung", 4),
        _drug("methylprednisolone", "Methylprednisolon 40 mg", "40 mg",
              "tiêm tĩnh mạch chậm", 1),
        _CEFTRIAXONE,
    ),
    {**_BASICS, "wbc": (8.0, 13.4), "crp": (4.5, 52.0)},
    "khó thở tăng, khò khè, đờm nhiều hơn mọi khi",
    "Ôxy gọng kính, đích SpO₂ 88–92 %. Khí máu khi lơ mơ hoặc thở trên 30 lần/phút.",
    hypercapnic=True,
)  # fmt: skip
_HEART_FAILURE: Final = Illness(
    "I50.0", "Suy tim sung huyết đợt mất bù", 26, 9, 0.0, -6, 18,
    (
        _FUROSEMIDE,
        _BISOPROLOL,
        _drug("enalapril", "Enalapril 5 mg", "5 mg", "uống", 2),
    ),
    {**_BASICS, "bnp": (420.0, 5200.0), "creatinine": (92.0, 138.0), "potassium": (4.2, 3.4)},
    "khó thở khi nằm, phù hai chân, tiểu ít",
    "Cân mỗi sáng. Theo dõi lượng nước vào – ra. Ăn nhạt. Hạn chế dịch 1,2 L/ngày.",
)  # fmt: skip
_DIABETES: Final = Illness(
    "E11.9", "Đái tháo đường týp 2, đường huyết chưa kiểm soát", 8, 2, 0.1, 0, 12,
    (
        _drug("insulin-glargine", "Insulin glargin 100 đơn vị/mL", "14 đơn vị",
              "tiêm dưới da", 1),
        _drug("metformin", "Metformin 850 mg", "850 mg", "uống", 2),
    ),
    {**_BASICS, "glucose": (7.8, 21.4)},
    "khát nhiều, tiểu nhiều, mệt mỏi",
    "Đường huyết mao mạch 4 lần/ngày. Chế độ ăn đái tháo đường.",
)  # fmt: skip
_URINARY: Final = Illness(
    "N39.0", "Nhiễm khuẩn đường tiết niệu", 22, 5, 1.8, -1, -12,
    (_CEFTRIAXONE, _PARACETAMOL, _RINGER),
    {**_BASICS, "wbc": (7.8, 15.2), "crp": (4.8, 96.0), "creatinine": (80.0, 128.0)},
    "sốt, đau hông lưng trái, tiểu buốt",
    "Cấy nước tiểu trước kháng sinh. Uống 2 L nước mỗi ngày.",
)  # fmt: skip
_BLEEDING: Final = Illness(
    "K92.2", "Xuất huyết tiêu hóa trên", 38, 6, 0.0, -1, -34,
    (_OMEPRAZOLE, _RINGER),
    {**_BASICS, "hgb": (121.0, 76.0), "plt": (230.0, 180.0)},
    "đi ngoài phân đen, hoa mắt khi ngồi dậy",
    "Nội soi dạ dày. Công thức máu mỗi 12 giờ. Nhịn ăn đến khi có kết quả nội soi.",
)  # fmt: skip
_PANCREATITIS: Final = Illness(
    "K85", "Viêm tụy cấp", 30, 7, 1.1, -2, -16,
    (
        _RINGER,
        _drug("paracetamol", "Paracetamol 1 g/100 mL", "1 g", "truyền tĩnh mạch", 3),
        _OMEPRAZOLE,
    ),
    {**_BASICS, "lipase": (70.0, 1850.0), "wbc": (8.6, 16.0), "crp": (8.0, 132.0)},
    "đau thượng vị lan ra sau lưng, buồn nôn, bụng chướng nhẹ",
    "Nhịn ăn, truyền dịch. Đánh giá đau mỗi 4 giờ. Siêu âm bụng.",
)  # fmt: skip
_DENGUE: Final = Illness(
    "A91", "Sốt xuất huyết Dengue có dấu hiệu cảnh báo", 20, 4, 2.1, 0, -16,
    (_PARACETAMOL, _RINGER),
    {**_BASICS, "plt": (210.0, 38.0), "wbc": (6.2, 2.6), "ast": (38.0, 165.0),
     "alt": (36.0, 120.0)},
    "sốt ngày thứ tư, đau đầu, chấm xuất huyết hai cẳng tay",
    "Công thức máu mỗi 12 giờ. Theo dõi mạch, huyết áp mỗi 4 giờ. Báo bác sĩ khi đau bụng tăng.",
)  # fmt: skip
_CIRRHOSIS: Final = Illness(
    "K74.6", "Xơ gan, cổ trướng", 14, 3, 0.3, -2, -14,
    (
        _drug("spironolactone", "Spironolacton 50 mg", "100 mg", "uống", 1),
        _FUROSEMIDE,
        _drug("lactulose", "Lactulose 10 g/15 mL", "15 mL", "uống", 3),
    ),
    {**_BASICS, "ast": (62.0, 148.0), "alt": (48.0, 96.0), "plt": (96.0, 68.0),
     "sodium": (135.0, 127.0)},
    "bụng chướng căng, phù chân, ăn kém",
    "Cân và đo vòng bụng mỗi sáng. Ăn nhạt. Theo dõi ý thức.",
)  # fmt: skip
_HYPERTENSION: Final = Illness(
    "I10", "Tăng huyết áp, cơn tăng huyết áp", 10, 2, 0.0, 0, 52,
    (_AMLODIPINE, _drug("losartan", "Losartan 50 mg", "50 mg", "uống", 1)),
    _BASICS,
    "đau đầu, chóng mặt",
    "Đo huyết áp mỗi 6 giờ. Ăn nhạt.",
)  # fmt: skip
_CELLULITIS: Final = Illness(
    "L03.1", "Viêm mô bào cẳng chân phải", 16, 3, 1.3, 0, -4,
    (
        _drug("clindamycin", "Clindamycin 600 mg", "600 mg", "truyền tĩnh mạch", 3),
        _PARACETAMOL,
    ),
    {**_BASICS, "wbc": (8.4, 15.8), "crp": (6.0, 110.0)},
    "cẳng chân phải sưng, nóng, đỏ, đau",
    "Kê cao chân. Đánh dấu bờ vùng đỏ, so sánh hằng ngày.",
)  # fmt: skip
_KIDNEY: Final = Illness(
    "N18.5", "Bệnh thận mạn giai đoạn 5", 8, 4, 0.1, -2, 24,
    (_AMLODIPINE, _FUROSEMIDE),
    {**_BASICS, "creatinine": (560.0, 812.0), "potassium": (4.8, 6.1), "hgb": (98.0, 82.0)},
    "mệt, chán ăn, phù nhẹ hai mắt cá",
    "Lọc máu theo lịch thứ 2 – 4 – 6. Điện giải đồ mỗi ngày. Ăn nhạt, ít kali.",
)  # fmt: skip
_STROKE: Final = Illness(
    "I63.9", "Nhồi máu não bán cầu trái", 6, 2, 0.3, -1, 34,
    (
        _drug("aspirin", "Aspirin 81 mg", "81 mg", "uống", 1),
        _drug("atorvastatin", "Atorvastatin 40 mg", "40 mg", "uống", 1),
        _AMLODIPINE,
    ),
    {**_BASICS, "glucose": (6.2, 8.4)},
    "yếu nửa người phải, nói khó",
    "Đánh giá nuốt trước khi cho ăn. Xoay trở mỗi 2 giờ. Tập phục hồi chức năng.",
)  # fmt: skip
_ANGINA: Final = Illness(
    "I20.0", "Cơn đau thắt ngực không ổn định", 14, 4, 0.0, -1, 16,
    (
        _drug("aspirin", "Aspirin 81 mg", "81 mg", "uống", 1),
        _drug("atorvastatin", "Atorvastatin 40 mg", "40 mg", "uống", 1),
        _ENOXAPARIN,
        _BISOPROLOL,
    ),
    {**_BASICS, "troponin": (11.0, 46.0)},
    "đau ngực trái từng cơn, lan ra tay trái",
    "Điện tim khi đau ngực. Troponin mỗi 6 giờ trong ngày đầu.",
)  # fmt: skip
_FIBRILLATION: Final = Illness(
    "I48", "Rung nhĩ đáp ứng thất nhanh", 48, 4, 0.0, -1, -6,
    (_BISOPROLOL, _ENOXAPARIN),
    {**_BASICS, "bnp": (380.0, 1650.0), "potassium": (4.3, 3.6)},
    "hồi hộp, đánh trống ngực",
    "Theo dõi nhịp tim liên tục. Siêu âm tim.",
)  # fmt: skip

GENERAL: Final = (
    *(_PNEUMONIA, _PNEUMONIA, _COPD, _HEART_FAILURE, _DIABETES, _URINARY, _BLEEDING),
    *(_PANCREATITIS, _DENGUE, _DENGUE, _CIRRHOSIS, _HYPERTENSION, _CELLULITIS, _KIDNEY, _STROKE),
)
CARDIOLOGY: Final = (_HEART_FAILURE, _ANGINA, _FIBRILLATION)
