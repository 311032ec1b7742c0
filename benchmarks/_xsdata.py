"""xsdata's dataclasses for the UBL invoice, generated from the official schema: CPU milliseconds to read and to write.

Made and run by the virtual environment of the peers (xsdata[cli,lxml] in it), in a folder that is thrown away.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from benchmarks._peers import NotThere, run

SCHEMA = Path("standards/ubl/2.3/xsdrt/maindoc/UBL-Invoice-2.3.xsd")
_PROGRAM = """
import json, sys, time
from pathlib import Path
from ubl import Invoice
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.serializers import XmlSerializer
raw, times = Path(sys.argv[1]).read_bytes(), int(sys.argv[2])
context = XmlContext()
parser, serializer = XmlParser(context=context), XmlSerializer(context=context)
document = parser.from_bytes(raw, Invoice)
assert len(document.invoice_line) == 20
assert len(parser.from_string(serializer.render(document), Invoice).invoice_line) == 20
def least(work):
    spent = []
    for _ in range(times):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return round(min(spent) * 1000, 3)
print(json.dumps([least(lambda: parser.from_bytes(raw, Invoice)), least(lambda: serializer.render(document))]))
"""


def measured(raw: bytes, times: int, environment: Path | None, shared: Path) -> tuple[float, float]:
    """Least to read the invoice of 20 lines and to write it again. Raises NotThere."""
    if environment is None:
        raise NotThere("no --peers FOLDER")
    python = environment / "bin" / "python"
    if not (environment / "bin" / "xsdata").is_file():
        raise NotThere("xsdata is not in --peers FOLDER")
    if not (shared / SCHEMA).is_file():
        raise NotThere("no UBL schemas")
    with tempfile.TemporaryDirectory(prefix="avrop-bench-") as name:
        folder = Path(name)
        (folder / "invoice.xml").write_bytes(raw)
        path = (
            f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"  # it lays out its code with its own ruff
        )
        words = ["env", f"PATH={path}", str(environment / "bin" / "xsdata"), "generate", str(shared / SCHEMA)]
        run([*words, "--package", "ubl", "--structure-style", "single-package"], folder, talks=True)
        read, write = json.loads(run([str(python), "-c", _PROGRAM, "invoice.xml", str(times)], folder))
    return read, write
