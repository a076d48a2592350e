"""What a collision of meaning is called, and what is to be done about it."""

from __future__ import annotations

from workstation.kernel.words import tr


def alert_title(rule: str) -> str:
    """What collided, in a few words."""
    titles = {
        "dose-twice": tr("Dose given twice"),
        "given-after-stop": tr("Given after the drug was stopped"),
        "given-despite-allergy": tr("Given despite an allergy"),
        "ordered-despite-allergy": tr("Ordered despite an allergy"),
        "two-patients-in-one-bed": tr("Two patients in one bed"),
        "one-patient-in-two-beds": tr("One patient in two beds"),
        "same-person-twice": tr("Same person registered twice?"),
        "test-twice": tr("Same test ordered twice"),
        "two-open-stays": tr("Two stays open at once"),
        "nursing-problem-twice": tr("One nursing problem, opened twice"),
        "order-decided-apart": tr("One drug order, two decisions"),
        "infusion-changed-after-end": tr("Infusion changed after its end"),
    }
    return titles.get(rule, tr("Records that contradict each other"))


def alert_advice(rule: str) -> str:
    """What to do now."""
    advice = {
        "dose-twice": tr("See the patient now. Compare both doses; take back the one not given."),
        "given-after-stop": tr("See the patient now and tell the prescriber."),
        "given-despite-allergy": tr("See the patient now. Stop the drug; tell the doctor."),
        "ordered-despite-allergy": tr("Do not give it. Ask the prescriber to stop the order."),
        "two-patients-in-one-bed": tr("Check who lies there; move the other one in the record."),
        "one-patient-in-two-beds": tr("Check where the patient lies; correct the stay."),
        "same-person-twice": tr("Compare both persons by name, birth date and numbers."),
        "test-twice": tr("Cancel one of the two if it was not meant."),
        "two-open-stays": tr("Close the stay that is over."),
        "nursing-problem-twice": tr("Take one of the two plans back, with a reason."),
        "order-decided-apart": tr("Ask the prescriber which order holds before you give it."),
        "infusion-changed-after-end": tr("See the patient now: does it run? Chart what is true."),
    }
    return advice.get(rule, tr("Open the chart and correct what is wrong."))


def severity_word(severity: str) -> str:
    """How serious it is, as a word beside its colour."""
    words = {"high": tr("Dangerous"), "moderate": tr("Important"), "low": tr("To be checked")}
    return words.get(severity, words["high"])


def severity_tone(severity: str) -> str:
    """The token of its colour."""
    return {"high": "danger", "moderate": "warn"}.get(severity, "accent")
