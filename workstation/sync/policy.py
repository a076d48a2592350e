"""What may be merged, what is one value, and who decides: one table, a reason beside each row.

Rows of a type come on top of those of `EVERY`. An element without a row is one value of its own.
A type without rows is one value as a whole: nobody has thought yet about what merging it means.
The rules come from the project's sync design ("Merge") and from its notes on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as data
from functools import cache
from typing import Final

from workstation.fhir.fields import BY_VALUE

EVERY: Final = "*"
PRESCRIBERS: Final = ("doctor",)
"""Codes of `workstation.security.people.Role`."""
CLINICIANS: Final = ("doctor", "nurse", "head-nurse")


@dataclass(frozen=True, slots=True)
class Group:
    """Elements of one type that are one value: two changes inside it are a conflict.

    Its name has a hyphen, which no FHIR element has, so that the two are never mixed up.
    """

    type: str
    name: str
    elements: tuple[str, ...]
    because: str
    decided_by: tuple[str, ...] = CLINICIANS


@dataclass(frozen=True, slots=True)
class Matched:
    """A list whose entries are recognised by the first of these keys that tells them apart."""

    type: str
    element: str
    keys: tuple[tuple[str, ...], ...]
    because: str
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Guarded:
    """Never merged with a change of a group or of another guarded part by the other side."""

    type: str
    fields: tuple[str, ...]
    because: str


Row = Group | Matched | Guarded

SUBJECTS: Final = ("subject", "patient", "beneficiary", "individual")
"""Whom a record is about. If the two sides differ here, nothing of them is merged, ever."""

POLICY: Final[tuple[Row, ...]] = (
    # --- every type
    Matched(EVERY, "identifier", (("system", "value"),),
            "a number and the system that gave it belong together"),
    Matched(EVERY, "extension", (("url",),), "an extension is named by its address"),
    Matched(EVERY, "modifierExtension", (("url",),), "an extension is named by its address"),
    Matched(EVERY, "contained", (("id",),), "contained resources are named by their local id"),
    Matched(EVERY, "note", (BY_VALUE,), "remarks are added, each stands for itself"),
    Matched(EVERY, "category", (BY_VALUE,), "categories are a set"),
    Matched(EVERY, "tag", (("system", "code"),), "tags are a set", inside="meta"),
    Matched(EVERY, "security", (("system", "code"),), "labels are a set", inside="meta"),
    Matched(EVERY, "profile", (BY_VALUE,), "profiles are a set", inside="meta"),
    # --- who the patient is
    Group("Patient", "patient-identity", ("name", "birthDate", "gender"),
          "half the identity of one person and half of another is nobody", PRESCRIBERS),
    Matched("Patient", "identifier", (("system",), ("system", "value")),
            "a person has one number of a kind: two corrections of it contradict each other"),
    Matched("Patient", "telecom", (("system", "use"), ("system", "value")),
            "a telephone stays with its use; home is not changed into work"),
    Matched("Patient", "address", (("use",),), "one address for a use"),
    Matched("Patient", "contact", (("relationship", "name.text"), ("telecom.value",)),
            "the number of the wife never lands on the brother"),
    Matched("Patient", "communication", (("language",),), "one entry a language"),
    Guarded("Patient", ("deceased", "active", "link"),
            "dead, inactive or the same as another: never beside a different identity"),
    # --- the stay
    Group("Encounter", "hospital-stay", ("status", "class", "period", "hospitalization"),
          "admitted or discharged, when and where to: one decision"),
    Matched("Encounter", "location", (("location.reference", "period.start"),),
            "a bed is left and another taken; two moves out of one bed contradict each other"),
    Matched("Encounter", "participant",
            (("individual.reference", "type.coding.code", "period.start"),),
            "each person takes part in his own role, a nurse anew in each shift: two terminals that"
            " assign two nurses to one patient mean both"),
    Matched("Encounter", "diagnosis", (("condition.reference", "use.coding.code"),),
            "each diagnosis has its own place and rank"),
    Matched("Encounter", "statusHistory", (BY_VALUE,), "history is only added to"),
    Matched("Encounter", "classHistory", (BY_VALUE,), "history is only added to"),
    Guarded("Encounter", ("hospital-stay", "location"),
            "a discharge says nothing about a bed or care level given meanwhile"),
    # --- what is known about the patient
    Group("AllergyIntolerance", "allergy-warning",
          ("clinicalStatus", "verificationStatus", "type", "category", "criticality", "code",
           "onset", "lastOccurrence", "reaction"),
          "substance, certainty and reaction are one warning", PRESCRIBERS),
    Group("Condition", "stated-diagnosis",
          ("clinicalStatus", "verificationStatus", "category", "code", "severity", "bodySite",
           "onset", "abatement", "stage", "evidence"),
          "a diagnosis with its code, certainty and status is one statement", PRESCRIBERS),
    Group("Flag", "ward-alert", ("status", "category", "code", "period"),
          "fall, isolation, resuscitation: on or off, and since when"),
    # --- drugs
    Group("MedicationRequest", "drug-prescription",
          ("status", "statusReason", "intent", "priority", "doNotPerform", "medication",
           "dosageInstruction", "dispenseRequest", "substitution", "courseOfTherapyType",
           "reported", "category", "requester", "authoredOn"),
          "drug, dose, route, frequency and status: half of each is what nobody prescribed",
          PRESCRIBERS),
    Group("MedicationAdministration", "dose-given",
          ("status", "statusReason", "category", "medication", "effective", "dosage", "performer",
           "request", "partOf", "reasonCode"),
          "what was given, how much, when, by whom, as part of which infusion: one fact"),
    Group("MedicationStatement", "drug-taken",
          ("status", "statusReason", "category", "medication", "effective", "dosage",
           "dateAsserted"),
          "drug and dose that a person takes are one statement", PRESCRIBERS),
    Group("MedicationDispense", "drug-handed-out",
          ("status", "statusReason", "category", "medication", "quantity", "daysSupply",
           "whenPrepared", "whenHandedOver", "dosageInstruction", "substitution"),
          "drug, amount and time of handing out are one fact"),
    # --- facts
    Group("Observation", "measured-fact",
          ("status", "category", "code", "value", "dataAbsentReason", "component", "effective",
           "issued", "interpretation", "referenceRange", "bodySite", "method", "specimen", "device",
           "hasMember", "derivedFrom", "performer"),
          "value, unit, time and status are one measurement"),
    Group("DiagnosticReport", "findings-report",
          ("status", "category", "code", "effective", "issued", "result", "conclusion",
           "conclusionCode", "presentedForm", "performer", "specimen"),
          "findings and conclusion are one report", PRESCRIBERS),
    Group("DocumentReference", "clinical-note",
          ("masterIdentifier", "status", "docStatus", "type", "category", "date", "author",
           "authenticator", "relatesTo", "description", "content", "context"),
          "a note is signed as a whole; two texts are never mixed, nor the people of one meeting"
          " with the conclusion of another version"),
    Group("Procedure", "procedure-done",
          ("status", "statusReason", "category", "code", "performed", "bodySite", "outcome",
           "complication", "performer", "basedOn"),
          "what was done, where, when and by which plan is one fact; lines are put in and taken out"
          " by nurses, who may settle it"),
    Group("Immunization", "vaccination-given",
          ("status", "statusReason", "vaccineCode", "occurrence", "lotNumber", "dose",
           "route", "site", "performer"),
          "vaccine, lot, dose and day are one fact"),
    Group("CarePlan", "nursing-plan",
          ("status", "intent", "category", "title", "description", "contained", "addresses",
           "goal", "activity", "period", "created", "author"),
          "a problem with its goals, what is to be done and whether it goes on is one plan; what"
          " was done and how it went are Procedures and Observations, which nothing merges away"),
    Group("Goal", "patient-goal",
          ("lifecycleStatus", "achievementStatus", "category", "priority", "description",
           "startDate", "startCodeableConcept", "target", "statusDate", "statusReason",
           "expressedBy"),
          "what is wanted, since when and whether still is one decision", PRESCRIBERS),
    # --- orders
    Group("ServiceRequest", "service-order",
          ("status", "intent", "category", "priority", "doNotPerform", "code", "orderDetail",
           "quantity", "occurrence", "asNeeded", "bodySite", "requester"),
          "what is ordered, when and how urgently is one order", PRESCRIBERS),
    Group("DetectedIssue", "alert-accepted",
          ("status", "code", "severity", "identified", "author", "implicated", "detail",
           "mitigation"),
          "what was warned of, and why and by whom it was accepted, is one fact", PRESCRIBERS),
    Group("NutritionOrder", "diet-order",
          ("status", "intent", "dateTime", "orderer", "oralDiet", "supplement", "enteralFormula",
           "foodPreferenceModifier", "excludeFoodModifier"),
          "a diet is one order: half of one and half of another feeds nobody rightly",
          PRESCRIBERS),
    # --- places and people change part by part
    Guarded("Location", ("status", "operationalStatus"),
            "a bed closed here and opened there is for a person to settle"),
    Guarded("Practitioner", ("active", "name"), "a withdrawn person is never renamed into another"),
    # --- what the workstations tell each other (conflict Tasks and alerts settle by themselves)
    Group("Task", "task-state",
          ("status", "statusReason", "businessStatus", "owner", "performerType", "output",
           "executionPeriod"),
          "open for one person or a role, or done by somebody in some way at some time: one value;"
          " a signature that was asked of a role here and of nobody any more there is never both"),
    Group("Task", "task-asked", ("code", "description", "focus", "restriction"),
          "what is to be done, about what and by when is one request"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """The rows of one type, looked up by element.

    Attributes:
        known: Whether the type has rows of its own.
        groups: Elements of each clinical group, by its name.
        group_of: The group of an element's stem.
        lists: Possible keys of a list element; ``meta`` lists under ``meta.<element>``.
        guarded: Names of parts that never merge with another clinical change.
        deciders: Roles that may decide about a part, where not every clinician may.
    """

    known: bool
    groups: Mapping[str, tuple[str, ...]] = data(default_factory=dict)
    group_of: Mapping[str, str] = data(default_factory=dict)
    lists: Mapping[str, tuple[tuple[str, ...], ...]] = data(default_factory=dict)
    guarded: frozenset[str] = frozenset()
    deciders: Mapping[str, tuple[str, ...]] = data(default_factory=dict)

    def clinical(self, name: str) -> bool:
        """Whether a part is a clinical group, guarded, or an extension (care level is one)."""
        return name in self.groups or name in self.guarded or name == "extension"


@cache
def rule(resource_type: str) -> Rule:
    """The rows that hold for a type, those of `EVERY` included."""
    own = [row for row in POLICY if row.type == resource_type]
    rows = [row for row in POLICY if row.type == EVERY] + own
    groups = {row.name: row.elements for row in own if isinstance(row, Group)}
    group_of = {element: name for name, elements in groups.items() for element in elements}
    lists = {
        f"{row.inside}.{row.element}" if row.inside else row.element: row.keys
        for row in rows
        if isinstance(row, Matched) and row.element not in group_of
    }
    guarded = {name for row in own if isinstance(row, Guarded) for name in row.fields}
    deciders = {row.name: row.decided_by for row in own if isinstance(row, Group)}
    return Rule(bool(own), groups, group_of, lists, frozenset(guarded), deciders)
