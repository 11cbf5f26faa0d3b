"""The certificate of an erasure."""

from typing import TYPE_CHECKING, Annotated

from commands.kernel import item_references
from domain.kernel import values
from projections.data_protection import erasures
from questions.data_protection import certificate
from usecases.kernel import papers
from usecases.kernel.question import Question, QuestionText
from usecases.kernel.usecase import Ask, ItemRef

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from commands.kernel.unit_of_work import Desk
    from domain.kernel.values import Reader
    from projections.kernel.database import Db
    from questions.data_protection.certificate import CertificateLine
    from usecases.kernel.paper import Paper


class ShowCertificate(Question, frozen=True):
    """Show the certificate of an erasure. It says who proposed and approved the erasure, and which
    copies may still open what was erased. It repeats nothing of what was erased."""

    named = QuestionText(
        command="certificate",
        title="Certificate of an erasure",
        empty="This erasure has no certificate yet: it was not carried out.",
        acts=("erase", "approve-erasure"),
        printed=("export",),
    )
    erasure: Annotated[
        ItemRef,
        Ask("Which erasure's certificate is shown?", "The full id or its last eight characters."),
    ]

    def rows(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Sequence[CertificateLine]":
        with desk.asking() as db:
            item = self._which(db, reader)
        return certificate.certified(desk, item)

    @classmethod
    def row(cls) -> "type[CertificateLine]":
        return certificate.CertificateLine

    def paper(self, desk: "Desk", reader: "Reader", now: "datetime") -> "Paper":
        with desk.deciding() as db:
            item = self._which(db, reader)
        lines = certificate.certified(desk, item)
        if not lines:
            raise values.Refused(
                "this erasure has no certificate yet: it was not carried out", field="erasure"
            )
        return papers.certificate(item, lines)

    def _which(self, db: "Db", reader: "Reader") -> "UUID":
        """Return the erasure that the user named by its id or the end of the id. Raises Hidden if
        there is none that this reader may know of.
        """
        known_items = (row.erasure for row in erasures.list_erasures(db, reader))
        return item_references.ending(self.erasure, known_items, "erasure")
