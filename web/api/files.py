"""Operations that import files: provenance logs, messages, referrals, missing children, links."""

from typing import Annotated

import msgspec
from msgspec import Meta

from access.who_may.decide import require
from commands.information import source
from domain.kernel.codes import DateOrder, FileForm
from ingest.files.mapping import Mapping
from ingest.files.report import Summary
from ingest.importing.load import import_files
from web.api.call import ApiCall
from web.api.operation import post
from web.api.recording import Short


class Incoming(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parameters of an import: the file's name, its form, the case of entries that name no
    case, and the dataset within which an identifier is unique.

    Files of messages and of calls also have `conversations`, the conversations to import ("all" for
    every one); `heard_from`, the person who gave the file; `relation`, that person's relation to
    the child; `dates`, the order of day and month in the file's dates, if they can be read in both
    orders; and `phone`, the phone number whose calls the file lists.
    """

    name: Annotated[str, Meta(pattern=r"^[\w][\w .()-]{0,150}\.[A-Za-z]{2,8}$")]
    form: FileForm = "auto"
    case: Short | None = None
    dataset: Annotated[str, Meta(min_length=1, max_length=100)] = "default"
    dry_run: bool = False
    conversations: tuple[Short, ...] = ()
    heard_from: Short | None = None
    relation: Short | None = None
    dates: DateOrder | None = None
    phone: Short | None = None


@post("/imports", "import", takes="application/octet-stream", repeatable=False)
def take_in(call: ApiCall, asked: Incoming, content: bytes) -> Summary:
    """Import a file; importing the same file twice changes nothing."""
    require(call.reader, "import")
    with call.system.passing() as own:
        file = own / asked.name
        file.write_bytes(content)
        report = import_files(
            call.desk,
            call.reader,
            [file],
            originals=call.system.originals,
            now=call.now,
            form=asked.form,
            dataset=asked.dataset,
            case=asked.case,
            mapping=Mapping().with_fixed(heard_from=asked.heard_from, relation=asked.relation),
            conversations=asked.conversations or None,
            dates=asked.dates,
            phone=asked.phone,
            dry_run=asked.dry_run,
        )
    if not asked.dry_run:
        source.transfer_held(call.desk, call.reader)
    return report.as_json()
