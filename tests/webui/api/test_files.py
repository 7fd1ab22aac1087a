"""Uploading files for a form's file field."""

from io import BytesIO

from engine.forms.files import LIMIT
from tests.webui.api.api_driver import APPEAL
from tests.webui.api.conftest import Login

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR0000IEND\xaeB`\x82"


def test_an_upload_becomes_a_value_of_the_start_form(login: Login) -> None:
    caller = login("jingmi")
    made = caller.post("/files", data={"file": (BytesIO(PNG), "../门口.png")})
    assert (made.status, made["name"], made["content_type"], made["size"]) == (
        201,
        "门口.png",
        "image/png",
        len(PNG),
    )
    case = caller.start({**APPEAL, "attachments": [made["id"]]})
    assert login("platform").get(f"/files/{made['id']}").data == PNG
    values = login("platform").get(f"/cases/{case}/history")["items"][0]["data"]["values"]
    assert values["attachments"] == [made["id"]]


def test_a_file_of_somebody_else_or_of_another_case_is_refused(login: Login) -> None:
    made = login("platform").post("/files", data={"file": (BytesIO(PNG), "a.png")})
    values = {**APPEAL, "attachments": [made["id"]]}
    refused = login("jingmi").post("/cases", {"process": "appeal", "values": values})
    assert refused.status in (403, 422) and login("jingmi").get("/cases")["total"] == 0
    assert (
        login("jingmi")
        .post("/cases", {"process": "appeal", "values": {**APPEAL, "attachments": ["x"]}})
        .wheres
    )


def test_uploads_are_judged(login: Login) -> None:
    caller = login("jingmi")
    exe = caller.post("/files", data={"file": (BytesIO(b"MZ\x00\x01"), "a.exe")})
    assert (exe.status, exe["code"]) == (422, "forms.file_kind")
    big = caller.post("/files", data={"file": (BytesIO(b"a" * (LIMIT + 1)), "a.txt")})
    assert big.status in (413, 422)
    assert caller.post("/files", data={"file": (BytesIO(b"a" * (LIMIT * 2)), "a.txt")}).status == 413
    none = caller.post("/files", data={"x": (BytesIO(b"a"), "a.txt"), "y": "1"})
    assert none.status == 422 and none.wheres == {"x", "y"}
    assert caller.post("/files", {"file": 1}).status == 415
    assert caller.post("/files", data=b"", content_type="multipart/form-data; boundary=x").wheres == {"file"}
    two = caller.post("/files", data={"file": [(BytesIO(b"a"), "a.txt"), (BytesIO(b"b"), "b.txt")]})
    assert (two.status, two["problems"][0]["code"]) == (422, "api.too_many_uploads")
