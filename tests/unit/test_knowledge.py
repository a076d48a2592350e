"""The shipped knowledge holds together; a hospital's own comes on top, or is refused whole."""

import json
from pathlib import Path

import pytest

from workstation import knowledge
from workstation.clinical.knowledge_reading import TABLES
from workstation.clinical.monitoring import CARE_INTERVALS, INTERVALS, Intervals
from workstation.clinical.nursing_problem import Hint
from workstation.clinical.order_safety import Severity

HEAD = {
    "version": "3",
    "date": "2026-12-01",
    "licence": "own",
    "sources": {"own": "Drug list of the hospital, 2026"},
}
PAIR = {
    "id": "own-pair",
    "one": ["paracetamol"],
    "two": ["warfarin"],
    "severity": "reason",
    "source": ["own", "page 4"],
}

PART = {"id": "own.goal", "words": {"vi": "Hết đau", "en": "No pain"}}
PROBLEM = {
    "id": "pain",
    "words": {"vi": "Đau", "en": "Own pain"},
    "interventions": [{"id": "own.ask", "words": {"vi": "Hỏi", "en": "Ask"}, "every_hours": 4}],
    "source": ["own", "page 1"],
}


def put(folder: Path, name: str, **content):
    (folder / name).write_text(json.dumps({**HEAD, **content}), "utf-8")
    return str(folder)


class TestShipped:
    def test_there_is_enough_to_be_of_use(self):
        known = knowledge.shipped()
        assert len(known.interactions) >= 60
        assert len({limit.drug for limit in known.doses}) >= 60

    @pytest.mark.parametrize(
        "table",
        [
            "cross_allergies", "interactions", "doses", "renal", "ages", "pregnancy", "tests",
            "vital_signs",
        ],
    )  # fmt: skip
    def test_every_entry_says_where_it_is_from(self, table):
        known = knowledge.shipped()
        for entry in getattr(known, table):
            source = known.source(entry)
            assert all((source.document, source.section, source.version)), entry.id

    def test_every_name_is_folded_and_means_one_thing(self):
        known = knowledge.shipped()
        for drug in known.drugs:
            for name in drug.names:
                assert drug.id in known.drugs_in(name.upper()), name

    def test_texts_for_people_are_in_both_languages(self):
        known = knowledge.shipped()
        for table in ("interactions", "ages", "pregnancy", "cross_allergies"):
            for entry in getattr(known, table):
                assert all((entry.effect.vi, entry.effect.en)), entry.id

    def test_about_twenty_nursing_problems_each_with_goals_work_and_a_source(self):
        known = knowledge.shipped()
        assert len(known.nursing_problems) >= 20
        for problem in known.nursing_problems:
            assert problem.goals, problem.id
            assert problem.interventions, problem.id
            source = known.source(problem)
            assert all((source.document, source.section, source.version)), problem.id
        assert {hint for each in known.nursing_problems for hint in each.suggested_by} == set(Hint)

    def test_the_intervals_of_vital_signs_are_those_of_the_rules(self):
        shipped = knowledge.shipped()
        assert len(shipped.vital_signs) == len(INTERVALS) + len(CARE_INTERVALS)
        assert shipped.monitoring == Intervals()


class TestHospital:
    def test_no_folder_is_the_shipped_one(self):
        assert knowledge.load("") is knowledge.shipped()

    def test_adds(self, tmp_path):
        reading = knowledge.load(put(tmp_path, "interactions.json", interactions=[PAIR]))
        assert reading.problems == ()
        assert len(reading.interactions) == len(knowledge.shipped().interactions) + 1
        source = reading.source(reading.interactions[-1])
        assert (source.document, source.section) == ("Drug list of the hospital, 2026", "page 4")
        assert source.hospital

    def test_replaces_and_removes(self, tmp_path):
        own = {**PAIR, "id": "vka-nsaid", "severity": "inform"}
        folder = put(tmp_path, "interactions.json", interactions=[own], removed=["nitrate-pde5"])
        known = knowledge.load(folder)
        rules = {rule.id: rule for rule in known.interactions}
        assert rules["vka-nsaid"].severity is Severity.INFORM
        assert "nitrate-pde5" not in rules

    def test_replaces_all(self, tmp_path):
        folder = put(tmp_path, "interactions.json", interactions=[PAIR], replaces_all=True)
        known = knowledge.load(folder)
        assert [rule.id for rule in known.interactions] == ["own-pair"]
        assert known.doses == knowledge.shipped().doses

    def test_every_problem_is_told_and_the_shipped_one_used(self, tmp_path):
        wrong = [
            {**PAIR, "severity": "shout"},
            {**PAIR, "id": "b", "two": "warfarin"},
            {**PAIR, "id": "c", "source": ["nobody", "1"]},
            {**PAIR, "id": "d", "colour": "red"},
        ]
        reading = knowledge.load(put(tmp_path, "interactions.json", interactions=wrong))
        assert reading.interactions == knowledge.shipped().interactions
        assert len(reading.problems) == 4
        assert all(each.startswith("interactions.json: interactions[") for each in reading.problems)

    def test_a_nursing_problem_of_its_own_takes_the_place_of_ours(self, tmp_path):
        folder = put(tmp_path, "nursing_problems.json", nursing_problems=[PROBLEM])
        known = knowledge.load(folder)
        assert known.problems == ()
        assert known.nursing_by_id["pain"].words.en == "Own pain"
        assert len(known.nursing_problems) == len(knowledge.shipped().nursing_problems)

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"words": {"vi": "Đau"}}, "words: missing"),
            ({"interventions": [{**PART, "every_hours": 0}]}, "hours: not-positive"),
            ({"suggested_by": ["moon"]}, "moon: unknown-hint"),
            ({"goals": [PART, PART]}, "id: twice"),
        ],
    )
    def test_a_nursing_problem_that_says_nothing(self, tmp_path, changes, problem):
        folder = put(tmp_path, "nursing_problems.json", nursing_problems=[{**PROBLEM, **changes}])
        assert knowledge.load(folder).problems == (f"nursing_problems: pain: {problem}",)

    def test_a_drug_that_there_is_not(self, tmp_path):
        folder = put(tmp_path, "interactions.json", interactions=[{**PAIR, "one": ["unobtainium"]}])
        assert knowledge.load(folder).problems == (
            "interactions: own-pair: unobtainium: unknown-drug",
        )

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("{", "tests.json: unreadable: JSONDecodeError"),
            ("[]", "tests.json: not-an-object"),
            ("{}", "tests.json: version: missing"),
            ('{"tests": "x", "version": 1}', "tests.json: date: missing"),
        ],
    )
    def test_an_unreadable_file(self, tmp_path, text, problem):
        (tmp_path / "tests.json").write_text(text)
        reading = knowledge.load(str(tmp_path))
        assert problem in reading.problems
        assert reading.interactions == knowledge.shipped().interactions

    def test_problems_of_several_files_at_once(self, tmp_path):
        put(tmp_path, "tests.json", tests=[{"id": "x"}])
        (tmp_path / "drugs.json").write_text("{}")
        problems = knowledge.load(put(tmp_path, "interactions.json", interactions=[{}])).problems
        assert {problem.partition(":")[0] for problem in problems} == {
            "drugs.json", "interactions.json", "tests.json",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("name", "content", "problem"),
        [
            (
                "doses.json",
                {"doses": [
                    {"id": "d", "drug": "paracetamol", "unit": "mg", "day": -1,
                     "source": ["own", "1"]}
                ]},
                "doses.json: doses[0]: day: not-positive",
            ),
            *(
                ("monitoring.json", {"vital_signs": [{**each, "source": ["own", "1"]}]}, problem)
                for each, problem in (
                    (
                        {"id": "every-hour", "minutes": 1441},
                        "monitoring.json: vital_signs[0]: minutes: not-possible",
                    ),
                    (
                        {"id": "care-level-4", "minutes": 60},
                        "monitoring.json: vital_signs[0]: id: care-level-4: unknown",
                    ),
                )
            ),
            (
                "tests.json",
                {"tests": [{"id": "t", "codes": ["1"], "hours": 0, "source": ["own", "1"]}]},
                "tests.json: tests[0]: hours: not-positive",
            ),
            ("drugs.json", {"routes": {"oral": "uong"}}, "drugs.json: routes: oral: not-a-list"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_meant(self, tmp_path, name, content, problem):
        assert problem in knowledge.load(put(tmp_path, name, **content)).problems

    def test_names_may_be_written_as_people_write_them(self, tmp_path):
        own = {"id": "own-drug", "names": ["Cao Lỏng Đặc Biệt"]}
        known = knowledge.load(put(tmp_path, "drugs.json", drugs=[own]))
        assert known.problems == ()
        assert known.drugs_in("CAO LỎNG ĐẶC BIỆT 100 mL") == {"own-drug"}

    def test_a_table_that_is_no_list(self, tmp_path):
        reading = knowledge.load(put(tmp_path, "tests.json", tests={"a": 1}))
        assert reading.problems == ("tests.json: tests: not-a-list",)

    def test_no_folder_of_that_name(self, tmp_path):
        reading = knowledge.load(str(tmp_path / "gone"))
        assert reading.problems == ("knowledge_folder: not-a-folder",)

    def test_other_files_are_not_ours(self, tmp_path):
        (tmp_path / "critical_values.json").write_text("{")
        assert knowledge.load(put(tmp_path, "tests.json")).problems == ()

    @pytest.mark.parametrize("other", ["", "interactions.json.txt"])
    def test_a_folder_without_any_file_of_ours_is_told(self, tmp_path, other):
        """A share that is not mounted is an empty folder."""
        if other:
            (tmp_path / other).write_text("{}")
        reading = knowledge.load(str(tmp_path))
        assert reading.problems == ("knowledge_folder: no-file",)

    def test_the_routes_of_a_file_come_on_top_of_the_others(self, tmp_path):
        folder = put(tmp_path, "drugs.json", routes={"oral": ["uong sau an"]})
        known = knowledge.load(folder)
        assert known.problems == ()
        assert [known.route(each) for each in ("Uống sau ăn", "Tiêm tĩnh mạch", "Uống")] == [
            "oral", "iv", "",
        ]  # fmt: skip

    def test_as_a_windows_editor_saves_it(self, tmp_path):
        text = json.dumps({**HEAD, "interactions": [PAIR]})
        (tmp_path / "interactions.json").write_text(text, "utf-8-sig")
        assert knowledge.load(str(tmp_path)).problems == ()


DOSE = {"id": "d", "drug": "paracetamol", "unit": "mg", "day": 4000, "source": ["own", "1"]}
TEST = {"id": "t", "codes": ["2823-3"], "hours": 6, "source": ["own", "1"]}


class TestHostile:
    """The program starts, says so, and goes by what is shipped; no alert falls silent unsaid."""

    @pytest.mark.parametrize(
        "text",
        [
            "[" * 100_000,
            '{"doses": [{"day": NaN}]}',
            '{"doses": [{"day": Infinity}]}',
            '{"doses": [{"day": ' + "9" * 5000 + "}]}",
            '{"doses": [1], "doses": []}',
            '{"doses": ["\\ud800"]}',
            "\0",
        ],
        ids=["deep", "nan", "infinite", "long", "twice", "half-a-mark", "nul"],
    )
    def test_a_file_that_is_no_json_of_ours(self, tmp_path, text):
        (tmp_path / "doses.json").write_text(text, "utf-8")
        reading = knowledge.load(str(tmp_path))
        (problem,) = reading.problems
        assert problem.startswith("doses.json: unreadable: ")
        assert reading.doses == knowledge.shipped().doses

    @pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
    def test_a_folder_that_cannot_be(self, name):
        reading = knowledge.load(name)
        assert len(reading.problems) == 1
        assert reading.doses == knowledge.shipped().doses

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            ({"removed": [{}]}, "removed: not-words"),
            ({"replaces_all": "false"}, "replaces_all: not-true-or-false"),
            ({"tests": [TEST, TEST]}, "tests[1]: t: there-already"),
        ],
    )
    def test_a_file_that_would_silence_others(self, tmp_path, content, problem):
        reading = knowledge.load(put(tmp_path, "tests.json", **content))
        assert reading.problems == (f"tests.json: {problem}",)
        assert reading.tests == knowledge.shipped().tests

    @pytest.mark.parametrize(
        ("table", "entry", "problem"),
        [
            ("tests", {**TEST, "codes": []}, "codes: empty"),
            ("tests", {**TEST, "hours": 1e12}, "hours: too-large"),
            ("drugs", {"id": "x", "names": []}, "names: empty"),
            ("drugs", {"id": "x", "names": [" "]}, "names: '': no-name"),
            ("drugs", {"id": "x", "names": ["MG"]}, "names: 'mg': no-name"),
            ("drugs", {"id": "x", "names": ["Viên"]}, "names: 'vien': no-name"),
            ("classes", {"id": "x", "names": [], "members": []}, "members: empty"),
            ("interactions", {**PAIR, "one": []}, "one: empty"),
            ("interactions", {**PAIR, "most_days": -1}, "most_days: not-positive"),
            ("doses", {**DOSE, "day": "NaN"}, "day: too-large"),
            ("doses", {**DOSE, "day": "sNaN"}, "day: too-large"),
            ("doses", {**DOSE, "from_years": "NaN"}, "from_years: too-large"),
            ("doses", {**DOSE, "to_years": "sNaN"}, "to_years: too-large"),
            ("doses", {**DOSE, "day": "Infinity"}, "day: too-large"),
            ("doses", {**DOSE, "day": None}, "no-amount"),
            ("doses", {**DOSE, "unit": "viên"}, "unit: viên: unknown"),
            ("doses", {**DOSE, "from_years": 18, "to_years": 12}, "to_years: not-above-from_years"),
        ],
    )
    def test_an_entry_that_would_silence_others(self, tmp_path, table, entry, problem):
        file = next(name for name, tables in TABLES.items() if table in tables)
        reading = knowledge.load(put(tmp_path, file, **{table: [entry]}))
        assert reading.problems == (f"{file}: {table}[0]: {problem}",)
        assert reading.drugs_in("Paracetamol 500 mg") == {"paracetamol"}

    def test_a_route_that_nothing_can_be_read_as(self, tmp_path):
        reading = knowledge.load(put(tmp_path, "drugs.json", routes={"topical": ["\u0301"]}))
        assert reading.problems == ("drugs.json: routes: topical: empty",)
        assert reading.route("5 mg (iv)") == "iv"

    @pytest.mark.parametrize(
        ("table", "entry", "problem"),
        [
            ("doses", {**DOSE, "routes": ["uống"]}, "d: uống: unknown-route"),
            ("doses", {**DOSE, "drug": "nsaid"}, "d: nsaid: unknown-drug"),
            ("classes", {"id": "c", "names": [], "members": ["c"]}, "c: c: unknown-drug"),
            ("classes", {"id": "c", "names": [], "members": ["nsaid"]}, "c: nsaid: unknown-drug"),
        ],
    )
    def test_what_there_is_not(self, tmp_path, table, entry, problem):
        file = next(name for name, tables in TABLES.items() if table in tables)
        reading = knowledge.load(
            put(tmp_path, file, **{table: [{**entry, "source": ["own", "1"]}]})
        )
        assert reading.problems == (f"{table}: {problem}",)

    def test_the_drugs_of_a_whole_pharmacy_are_found_without_a_pattern_of_them_all(self, tmp_path):
        names = [f"thuoc {number}x" for number in range(100_000)]
        folder = put(tmp_path, "drugs.json", drugs=[{"id": "own", "names": names}])
        known = knowledge.load(folder)
        assert known.drugs_in("Thuốc 99999X 5 mg, paracetamol") == {"own", "paracetamol"}
        assert known.drugs_in("Thuốc 99999XY 5 mg, paracetamolum") == frozenset()


def test_each_table_has_one_file():
    tables = [table for named in TABLES.values() for table in named]
    assert len(tables) == len(set(tables))
