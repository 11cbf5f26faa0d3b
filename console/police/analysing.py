"""The command that computes measures over the whole network, for users who may see all of it. A
computation takes minutes or hours; its result is saved for `continuum network analyses`.
"""

from pathlib import Path
from typing import Annotated

import typer

from console.engine.parsing import BadInput
from console.engine.session import CommandSession, note, stamp
from domain.kernel.codes import Analysis, AnalysisEngine, DirectLayer
from projections.intelligence import links


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command("analyse")(analyse)


def analyse(
    context: typer.Context,
    what: Annotated[Analysis, typer.Argument(metavar="WHAT", help="Which analysis.")],
    layer: Annotated[DirectLayer, typer.Option(help="Between which people.")] = "offender-offender",
    min_grade: Annotated[
        str | None, typer.Option(help="Minimum grade, such as 2C, or any (ungraded too).")
    ] = None,
    engine: Annotated[
        AnalysisEngine, typer.Option(help="This process, Spark, or by the number of links.")
    ] = "auto",
    master: Annotated[
        str | None, typer.Option(help="Where Spark computes: local[2], spark://…; default: as set.")
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(help="A directory that all of Spark's machines can read."),
    ] = None,
) -> None:
    """Compute measures over the whole network. It computes components, pagerank, label-propagation,
    triangles or k-core, and saves the result with its position in the log. A computation that was
    interrupted continues if it is started again within an hour."""
    from analytics import job

    session: CommandSession = context.obj
    try:
        lowest = links.least(min_grade, ())
    except ValueError as error:
        raise BadInput(f"--min-grade: {error}") from error
    system = session.open()
    chosen = system.settings
    wanted = job.JobRequest(
        what,
        layer,
        lowest,
        engine,
        chosen.analyse_links,
        master or chosen.analyse_master,
        work.absolute() if work else None,
    )
    # record the computation now; each reading of its result is recorded later
    session.consulted(b"")
    row = job.compute(session.desk, system, session.reader, wanted, note)
    of = f"{row.people:,} people and {row.ties:,} links ({layer})"
    session.print_message(
        {"what": what, "layer": layer, "begun": row.begun, "people": row.people, "ties": row.ties,
         "engine": row.engine, "why": row.why},
        [
            f"Computed: {what} of {of}, as known on {stamp(row.begun)}; {row.engine}, {row.why}",
            f"To read it: continuum network analyses {what} --layer {layer}",
        ],
    )  # fmt: skip
