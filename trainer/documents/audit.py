"""The proof bundle of the audit trail: chosen events whole, the links of the whole chain, and what checks them."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from trainer.documents import audit_proof
from trainer.domain.audit import FIRST_HASH, Event, Filter

README = """\
审计记录证明包
==============
events.jsonl    按筛选条件选出的审计记录，每行一条，内容完整
chain.txt       整条链：每行是编号、前一条的哈希、本条的哈希（SHA-256）
manifest.json   生成时间、生成人、筛选条件、链头、各文件的 SHA-256；它自身的 SHA-256 在 manifest.sha256
verify.py       检验程序，只需 Python 3.9 以上，不连网：python verify.py 本压缩包.zip

检验说明：程序从每条记录的内容重新算出哈希，核对它在链中的位置，并从第一条核对到链头。任何一个字节被改动都会报错。
链头请与单位另行公布（公示、存档、报送）的编号和哈希比对：两者一致，才能证明链的末尾没有被截短，也没有整条重做。
选出的记录是否齐全，请看 manifest.json 中的筛选条件；程序只能证明列出的每一条都真实。

Proof bundle of the audit trail
===============================
events.jsonl    the events that the filter took, one a line, whole
chain.txt       the whole chain: number, hash before, own hash (SHA-256), one event a line
manifest.json   when and by whom it was made, the filter, the head, the SHA-256 of each part; its own SHA-256 is in
                manifest.sha256
verify.py       the check; Python 3.9 or newer, no network: python verify.py THIS.zip

The program reckons each event's hash anew from its content, looks it up in the chain, and follows the chain from the
first event to the head. A changed byte anywhere fails. Compare the head with one that was published elsewhere: only
that proves that the tail was not cut off and the chain not made anew. The program proves that each event listed is
genuine; which events were asked for stands in manifest.json.
"""


def build_bundle(events: Iterable[Event], wanted: Filter, *, by: str, at: datetime) -> bytes:
    """The zip over every event there is, in order, of which `wanted` takes some."""
    chosen, chain, head = [], [], {"seq": 0, "at": None, "hash": FIRST_HASH}
    for event in events:
        chain.append(f"{event.seq} {event.previous_hash} {event.hash}\n")
        head = {"seq": event.seq, "at": event.at.isoformat(), "hash": event.hash}
        if wanted.takes(event):
            chosen.append(event.as_json() + "\n")
    parts = {
        "README.txt": README.encode(),
        "chain.txt": "".join(chain).encode(),
        "events.jsonl": "".join(chosen).encode(),
        "verify.py": Path(audit_proof.__file__).read_bytes(),
    }
    said = {"made_at": at.isoformat(), "made_by": by, "filter": wanted.words(), "events": len(chosen), "head": head}
    return _zip(parts, said, at)


def _zip(parts: Mapping[str, bytes], said: dict[str, object], at: datetime) -> bytes:
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    manifest = json.dumps({**said, "sha256": hashes}, ensure_ascii=False, indent=1).encode()
    own = hashlib.sha256(manifest).hexdigest().encode()
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in {**parts, "manifest.json": manifest, "manifest.sha256": own + b"\n"}.items():
            bundle.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return output.getvalue()
