"""The shipped knowledge holds together; a hospital's own comes on top, or is refused whole."""

import json
from pathlib import Path

import pytest

from workstation import knowledge
from workstation.clinical.knowledge_reading import TABLES
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


def put(folder: Path, name: str, **content):
    (folder / name).write_text(json.dumps({**HEAD, **content}), "utf-8")
    return str(folder)


class TestShipped:
    def test_there_is_enough_to_be_of_use(self):
        known = knowledge.shipped()
        assert len(known.interactions) >= 60
        assert len({limit.drug for limit in known.doses}) >= 60

    @pytest.mark.parametrize(
        "table", ["cross_allergies", "interactions", "doses", "renal", "ages", "pregnancy", "tests"]
    )
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
        assert knowledge.load(str(tmp_path)).problems == ()


def test_each_table_has_one_file():
    tables = [table for named in TABLES.values() for table in named]
    assert len(tables) == len(set(tables))
