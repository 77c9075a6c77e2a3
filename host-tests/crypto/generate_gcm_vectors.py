"""Writes gcm-vectors.json: NIST's test vectors of AES-256-GCM (CAVS 14.0), with IVs of 96 bits and tags of 128 bits, out of
the Python package `cryptography-vectors`. Of each length of text and AAD the first five.

Run it in an environment that has the package; the tests need only the JSON file.

    python3 -m venv venv && venv/bin/pip install cryptography-vectors==50.0.2
    venv/bin/python host-tests/crypto/generate_gcm_vectors.py
"""

import json
import pathlib
import re
from importlib.metadata import version
from importlib.resources import files

OF_EACH = 5
FOLDER = files("cryptography_vectors") / "ciphers" / "AES" / "GCM"


def records(name):
    section = {}
    for block in re.split(r"\n\s*\n", (FOLDER / name).read_text()):
        found = dict(re.findall(r"^\[(\w+) = (\d+)\]", block, re.M))
        if found:
            section = {**section, **found} if "Keylen" not in found else found
            count = 0
        values = dict(re.findall(r"^(\w+) = ?([0-9a-f]*)\s*$", block, re.M))
        if "Key" in values and section["IVlen"] == "96" and section["Taglen"] == "128" and count < OF_EACH:
            count += 1
            yield {
                **{name.lower(): values[name] for name in ("Key", "IV", "AAD", "CT", "Tag")},
                "pt": values.get("PT"),
            }


vectors = {
    "cryptography-vectors": version("cryptography-vectors"),
    "seal": list(records("gcmEncryptExtIV256.rsp")),
    "open": list(records("gcmDecrypt256.rsp")),
}
path = pathlib.Path(__file__).with_name("gcm-vectors.json")
path.write_text(json.dumps(vectors, indent=1) + "\n")
