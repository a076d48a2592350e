"""What the windows say in a shift, in both languages; the keys are the same."""

from __future__ import annotations

from typing import Final

from workstation.kernel.words import Language

WORDS: Final[dict[Language, dict[str, str]]] = {
    "vi": {
        "call": "gọi bác sĩ ngay",
        "sums": "Vào 200 · ra 350 · cân bằng −150 mL",
        "critical": "1 kết quả báo động",
        "discharge": "cho nguoi benh ra vien",
        "move": "chuyen giuong",
        "orders": "Y lệnh chờ nhận",
        "taken": "đã nhận 5 người bệnh.",
    },
    "en": {
        "call": "call the doctor now",
        "sums": "In 200 · out 350 · balance −150 mL",
        "critical": "1 critical",
        "discharge": "discharge the patient",
        "move": "move to another bed",
        "orders": "Orders to acknowledge",
        "taken": "has taken over: 5.",
    },
}
