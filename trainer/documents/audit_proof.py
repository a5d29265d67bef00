"""Check a proof bundle of the audit trail: `python verify.py BUNDLE.zip` (Python 3.9 or newer, nothing else needed).

This very file goes into every bundle as verify.py, so it leans on the standard library alone. It reckons every
hash anew and does not use the site's own code.
"""

import hashlib
import json
import sys
import zipfile

PARTS = ("README.txt", "chain.txt", "events.jsonl", "verify.py")
FIRST_HASH = "0" * 64


class Broken(Exception):
    """What does not agree."""


def reckon(event):
    """The hash that follows from an event's content."""
    names = ("seq", "at", "account_id", "actor_name", "action", "object_type", "object_id", "success", "details")
    content = [event[name] for name in names] + [event["previous_hash"]]
    if event["address"] is not None:
        content.append(event["address"])
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def check_parts(bundle):
    """Every part is there, whole, and none besides; returns what the bundle says of itself."""
    manifest = bundle.read("manifest.json")
    if hashlib.sha256(manifest).hexdigest() != bundle.read("manifest.sha256").decode().strip():
        raise Broken("manifest.json is not what manifest.sha256 says")
    said = json.loads(manifest)
    if sorted(bundle.namelist()) != sorted([*PARTS, "manifest.json", "manifest.sha256"]):
        raise Broken("the parts of the bundle are not those that belong in it")
    for name in PARTS:
        if hashlib.sha256(bundle.read(name)).hexdigest() != said["sha256"][name]:
            raise Broken(name + " was changed")
    return said


def check_chain(lines, said):
    """The links follow each other from the beginning to the head; returns hash and hash before, by number."""
    seq, previous, links = 0, FIRST_HASH, {}
    for line in lines:
        number, before, own = line.split()
        if int(number) != seq + 1 or before != previous:
            raise Broken("the chain is broken at " + str(seq + 1))
        seq, previous = int(number), own
        links[seq] = (before, own)
    if (seq, previous) != (said["head"]["seq"], said["head"]["hash"]):
        raise Broken("the chain does not end at the head")
    return links


def check_events(lines, links, said):
    """Each event's hash follows from its content and stands in the chain; returns how many there are."""
    count = 0
    for line in lines:
        event = json.loads(line)
        if reckon(event) != event["hash"] or links.get(event["seq"]) != (event["previous_hash"], event["hash"]):
            raise Broken("event " + str(event["seq"]) + " was changed")
        count += 1
    if count != said["events"]:
        raise Broken("there are " + str(count) + " events, not " + str(said["events"]))
    return count


def verify(file):
    """What the bundle proves, as (events, the head's number, the head's hash). Raises Broken."""
    try:
        with zipfile.ZipFile(file) as bundle:
            said = check_parts(bundle)
            links = check_chain(bundle.read("chain.txt").decode().splitlines(), said)
            count = check_events(bundle.read("events.jsonl").decode().split("\n")[:-1], links, said)
            return count, said["head"]["seq"], said["head"]["hash"]
    except Broken:
        raise
    except Exception as error:  # a damaged zip fails in a dozen ways
        raise Broken("the bundle cannot be read: " + type(error).__name__) from None


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: python verify.py BUNDLE.zip")
    try:
        count, seq, head = verify(sys.argv[1])
    except Broken as error:
        sys.exit("NOT GENUINE: " + str(error))
    sys.stdout.write("genuine: " + str(count) + " events belong unchanged to the chain of " + str(seq) + "\n")
    sys.stdout.write("compare this head with the one that was published: " + str(seq) + " " + head + "\n")


if __name__ == "__main__":
    main()
