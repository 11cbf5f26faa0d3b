"""Commands for the duty to report child sexual abuse: record that the duty began, that the report
is delayed, and the report itself, which may fulfil several duties.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from msgspec import structs

from commands.kernel.declared import FromFields, InCase, OnNamed, with_time
from commands.kernel.item_references import about, act_on_item
from commands.kernel.unit_of_work import Desk, Receipt
from domain.clocks import CLOCKS
from domain.justice import duty_to_report
from domain.justice.duty_to_report import AbuseReported, DutyArose, ReportingDuty
from domain.kernel.envelope import Event
from domain.kernel.values import Reader

KIND = "reporting-duty"
AT_ONCE = CLOCKS["duty-to-report"].within


def _arise(desk: Desk, reader: Reader, made: DutyArose) -> tuple[Event, ...]:
    now = desk.clock()
    return duty_to_report.arise(structs.replace(made, since=made.since or now), now)


#: Record that a person has a duty to report child sexual abuse that they heard of or saw.
arise = InCase(_arise)


def _happened(made: AbuseReported, now: datetime) -> AbuseReported:
    return structs.replace(made, happened=made.happened or now)


#: Record that the report of child sexual abuse is delayed.
delay = OnNamed(
    "reporting.delay",
    KIND,
    ReportingDuty(),
    duty_to_report.evolve,
    with_time(duty_to_report.delay),
)


@FromFields
def report(
    desk: Desk,
    reader: Reader,
    duty: UUID | str,
    made: AbuseReported,
    others: Sequence[str] = (),
    *,
    command_id: UUID | None = None,
    because_of: Sequence[str] = (),
) -> Receipt:
    """Record that child sexual abuse was reported. The report fulfils this duty and the duties in
    `others`; all of them are checked before any is recorded as fulfilled. Raises Hidden, and
    Refused if `domain.justice.duty_to_report.report` does.
    """
    command_id = command_id or desk.new_random_id()
    further = {other: uuid5(command_id, other) for other in others}
    for text, report_command in further.items():
        if not desk.known_commands([report_command]):
            found_item = about(desk, reader, text, KIND)
            state, _ = desk.current_state(
                reader, found_item, ReportingDuty(), duty_to_report.evolve
            )
            now = desk.clock()
            duty_to_report.report(state, _happened(made, now), now, AT_ONCE)
    first = _report(desk, reader, duty, made, command_id, because_of)
    for text, report_command in further.items():
        _report(desk, reader, text, made, report_command, because_of)
    return first


def _report(
    desk: Desk,
    reader: Reader,
    which: UUID | str,
    made: AbuseReported,
    command_id: UUID,
    because_of: Sequence[str],
) -> Receipt:
    return act_on_item(
        desk,
        reader,
        "reporting.report",
        which,
        KIND,
        ReportingDuty(),
        duty_to_report.evolve,
        lambda state: duty_to_report.report(
            state, _happened(made, desk.clock()), desk.clock(), AT_ONCE
        ),
        [made],
        command_id=command_id,
        because_of=because_of,
    )
