"""What a record is to the people on the ward, everywhere alike."""

from __future__ import annotations

from workstation.kernel.words import tr


def kind_text(kind: str) -> str:
    """What a record is to the people on the ward."""
    words = {
        "vital-signs": tr("Vital signs"),
        "laboratory": tr("Laboratory"),
        "fluid-balance": tr("Fluids"),
        "finding": tr("Finding"),
        "doctor-note": tr("Doctor's note"),
        "nurse-note": tr("Nurse's note"),
        "consultation": tr("Consultation"),
        "signature": tr("Signature"),
        "document": tr("Document"),
        "dose": tr("Dose given"),
        "medication-order": tr("Drug order"),
        "order": tr("Order"),
        "report": tr("Report"),
        "imaging": tr("Imaging"),
        "procedure": tr("Procedure"),
        "care-plan": tr("Nursing problem"),
        "nursing-care": tr("Nursing care"),
        "immunization": tr("Vaccination"),
        "allergy": tr("Allergy"),
        "flag": tr("Alert"),
        "alert": tr("Safety alert"),
        "diagnosis": tr("Diagnosis"),
        "wound": tr("Wound"),
        "impression": tr("Assessment"),
        "stay": tr("Stay"),
        "conflict": tr("Conflict"),
        "task": tr("Task"),
    }
    return words.get(kind, tr("Other"))
