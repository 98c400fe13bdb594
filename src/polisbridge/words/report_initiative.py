"""The parts of the report on the initiative itself, and on the questions that it leaves to the states."""

from dataclasses import replace

from polisbridge.core.law import LawBook, OpenQuestion
from polisbridge.services.approaches import Approach
from polisbridge.services.report import Banner, Bullets, Cell, Guide, Paragraph, Row, Section, Statement, Table
from polisbridge.services.round_table import RoundTable
from polisbridge.words.citing import Citing


def initiative_section(citing: Citing, found: RoundTable) -> Section:
    """Return the round table, the history since 2013, where the draft stands, and what the practice reports."""
    words = citing.words
    parts = (
        Section("round-table", words("report.section.round_table"), (_prose(citing, found, "round_table"),)),
        Section("history", words("report.section.history"), (_history(citing, found),)),
        Section(
            "draft",
            words("report.section.draft"),
            (Banner(words("report.banner.draft")), _list(citing, found, "draft_status")),
        ),
        Section("documents", words("report.section.documents"), (_list(citing, found, "documents"),)),
        Section("figures", words("report.section.figures"), (_list(citing, found, "figures"),)),
        Section("practice", words("report.section.problems"), (_list(citing, found, "problems"),)),
    )
    return Section("initiative", words("report.section.initiative"), (), parts)


def _prose(citing: Citing, found: RoundTable, part: str) -> Paragraph:
    return Paragraph(tuple(citing.fact(one) for one in found.part(part)))


def _list(citing: Citing, found: RoundTable, part: str) -> Bullets:
    return Bullets(tuple((citing.fact(one),) for one in found.part(part)))


def _history(citing: Citing, found: RoundTable) -> Table:
    words = citing.words
    rows = tuple(Row(words.text(one.when), ((citing.fact(one),),)) for one in found.part("history"))
    return Table(words("report.caption.history"), (words("report.when"), words("report.what")), rows, (3, 8))


def precedents(citing: Citing, found: RoundTable, book: LawBook) -> Bullets:
    """Return what is known of each way that was asked about: texts of law not in force, and motor insurance."""
    words = citing.words
    items = []
    agency = book.get("treaties.ru_ua_1999.agreement.host_policy_by_agency")
    duty = book.get("treaties.cis_1997.agreement.no_duty_to_recognise_contracts")
    for part, provision in (("direct", duty), ("agency", agency), ("extension", None), ("guarantee", None)):
        lines = [] if provision is None else [citing.law(provision)]
        if part == "agency" and agency is not None:
            lines = [citing.said("report.agency.model", agency)]
        lines += [citing.fact(one) for one in found.part(part)]
        head = Statement(f"{words(f'report.way.{part}')}:", method=words("report.method.ways"))
        items += [(head, *lines)] if lines else []
    return Bullets(tuple(items))


def questions_section(citing: Citing, found: RoundTable) -> Section:
    """Return the open questions to put to each state, then those on the treaties and on the draft Agreement."""
    words = citing.words
    own = tuple(_questions(citing, one) for one in found.approaches)
    shared = {one.id: one for treaty in found.treaties for one in treaty.provisions if isinstance(one, OpenQuestion)}
    asked = (words("report.question"), words("report.question.changes"))
    on_treaties = Table(
        words("report.section.questions_treaties"),
        (words("report.question.to"), *asked),
        _rows(citing, tuple(shared.values()), named=True),
        (3, 5, 5),
    )
    on_draft = Table(
        words("report.section.questions_draft"),
        ("#", *asked),
        _rows(citing, found.draft_questions, named=False),
        (1, 6, 6),
    )
    more = (
        Section("questions-treaties", on_treaties.caption, (on_treaties,)),
        Section("questions-draft", on_draft.caption, (on_draft,)),
    )
    return Section(
        "questions", words("report.section.questions"), (Guide(words("report.guide.questions")),), (*own, *more)
    )


def _questions(citing: Citing, one: Approach) -> Section:
    words = citing.words
    rows = tuple(
        Row(citing.gates(gates), (_asked(citing, question), _changes(citing, question)))
        for question, gates in one.questions()
    )
    columns = (words("report.gates"), words("report.question"), words("report.question.changes"))
    caption = words("report.caption.questions", state=words.state(one.state))
    table = Table(caption, columns, rows, (3, 5, 5))
    return Section(f"questions-{one.state.lower()}", words.state(one.state), (table,))


def _rows(citing: Citing, asked: tuple[OpenQuestion, ...], *, named: bool) -> tuple[Row, ...]:
    """Return a row per question; its head is the treaty, or a number where all are on the same text."""
    book, words = citing.book, citing.words
    heads = [
        words.text(book.jurisdictions[one.jurisdiction].title) if named else str(at) for at, one in enumerate(asked, 1)
    ]
    return tuple(
        Row(head, (_asked(citing, one), _changes(citing, one))) for head, one in zip(heads, asked, strict=True)
    )


def _asked(citing: Citing, question: OpenQuestion) -> Cell:
    title, bears = citing.law(question), citing.words(f"bearing.{question.effect.value}")
    return (replace(title, text=f"{title.text} ({bears})"),)


def _changes(citing: Citing, question: OpenQuestion) -> Cell:
    said = citing.words.text(question.would_change) or citing.words("report.question.unknown")
    return (Statement(said, (citing.source(question),)),)
