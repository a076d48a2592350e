"""Version ids that are no numbers, as some servers give them."""

from __future__ import annotations

import uuid
from dataclasses import replace

from hospital.wire import Request, Response
from tests.kit.hospital_habits import Json, is_bundle, mapped
from workstation.fhir.json import dump_bytes, parse


class OpaqueVersions:
    """Version ids as UUIDs, to and fro."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}

    def inward(self, request: Request) -> Request:
        """Numbers, as our server knows them."""
        headers = {
            name: self._number(value) if name in ("if-match", "if-none-match") else value
            for name, value in request.headers.items()
        }
        path = "/".join(self._numbers.get(step, step) for step in request.path.split("/"))
        body = request.body
        if is_bundle(request) and b"atch" in body:
            content = parse(body)
            for name in ("ifMatch", "ifNoneMatch"):
                content = mapped(content, name, self._number)
            body = dump_bytes(content)
        return replace(request, path=path, headers=headers, body=body)

    def outward(self, response: Response) -> Response:
        """UUIDs, as the client sees them; the same number of another resource is another one."""
        headers = dict(response.headers)
        content = parse(response.body) if response.body else {}
        if "ETag" in headers:
            own = (
                headers.get("Location", "") or f"{content.get('resourceType')}/{content.get('id')}"
            )
            headers["ETag"] = self._tag(headers["ETag"], own)
        if "Location" in headers:
            headers["Location"] = self._place(headers["Location"])
        body = dump_bytes(self._opaque(content)) if response.body else b""
        return replace(response, headers=headers, body=body)

    def _opaque(self, content: Json) -> Json:
        meta = content.get("meta")
        if isinstance(meta, dict) and "versionId" in meta:
            name = f"{content['resourceType']}/{content['id']}"
            content = {
                **content,
                "meta": {**meta, "versionId": self._made(meta["versionId"], name)},
            }
        if content.get("resourceType") == "Bundle":
            content = {**content}
            if "entry" in content:
                content["entry"] = [self._entry(entry) for entry in content["entry"]]
        return content

    def _entry(self, entry: Json) -> Json:
        entry = dict(entry)
        if "resource" in entry:
            entry["resource"] = self._opaque(entry["resource"])
        answer = entry.get("response")
        if isinstance(answer, dict):
            answer = dict(answer)
            own = answer.get("location") or entry.get("fullUrl", "")
            if "etag" in answer:
                answer["etag"] = self._tag(answer["etag"], own)
            if "location" in answer:
                answer["location"] = self._place(answer["location"])
            entry["response"] = answer
        return entry

    def _place(self, location: str) -> str:
        head, mark, number = location.partition("/_history/")
        return f"{head}{mark}{self._made(number, location)}" if mark else location

    def _tag(self, tag: str, own: str) -> str:
        return f'W/"{self._made(tag.removeprefix("W/").strip(chr(34)), own)}"'

    def _made(self, number: str, own: str) -> str:
        name = "/".join(own.split("/_history", maxsplit=1)[0].split("/")[-2:])
        made = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{number}"))
        self._numbers[made] = number
        return made

    def _number(self, tag: str) -> str:
        bare = tag.removeprefix("W/").strip('"')
        return f'W/"{self._numbers.get(bare, bare)}"' if bare != "*" else tag
