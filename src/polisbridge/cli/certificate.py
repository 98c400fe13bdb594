"""`polisbridge certificate`: issue, show and verify certificates; what becomes of them is in `certificate_status`."""

from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import certificate_status, options
from polisbridge.cli.certificate_show import CertificateShower
from polisbridge.cli.contract import stay_of
from polisbridge.cli.desk import Desk, Exit
from polisbridge.cli.register import NewRegisterFile, Who, note, register_of
from polisbridge.cli.sources import HELP, one_text_of, opened, texts_of
from polisbridge.cli.trust_options import KeyHere, PassphraseFd, PassphraseFile, Secrets, Unencrypted
from polisbridge.core.codes import Gate
from polisbridge.core.law import LawBook
from polisbridge.core.verification import Answer, Verification
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.decisionfile import to_text
from polisbridge.formats.orderfile import read_order
from polisbridge.formats.qr import png, symbol_of
from polisbridge.formats.verificationfile import certificate_json, verification_json
from polisbridge.services.certify import Issued
from polisbridge.services.certify import issue as issue_certificates
from polisbridge.services.kit import open_kit
from polisbridge.services.trust.ports import FileTree
from polisbridge.services.verify import verify as verify_text

commands = typer.Typer(
    help="Signed proof of one person's contract, good without a network.", no_args_is_help=True, rich_markup_mode=None
)
commands.add_typer(certificate_status.commands)

Source = Annotated[str, typer.Argument(metavar="FILE|TEXT", help=HELP)]
KitFolder = Annotated[Path, typer.Option("--kit", help="The verifier's kit (see `polisbridge trust sync`).")]
_EXITS = {Answer.ACCEPT: Exit.YES, Answer.REFUSE: Exit.NO, Answer.UNDETERMINED: Exit.UNDETERMINED}
_FIRST_LIST = 1


@commands.command()
def issue(
    context: typer.Context,
    file: options.File,
    order: Annotated[Path, typer.Option(help="Who the holders are (see `polisbridge schema order`).")],
    key: KeyHere,
    register: NewRegisterFile,
    out: Annotated[Path, typer.Option(help="Folder for one text and one QR picture per person.")],
    person: options.Person = None,
    who: Who = "",
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    unencrypted: Unencrypted = False,
    json: options.Json = False,
) -> None:
    """Issue a certificate for each insured person, signed with the insurer's key."""
    desk: Desk = context.obj
    with desk.errors():
        world = desk.world.trust()
        contract = read_contract(desk.document(file), desk.book().vocabulary)
        told = read_order(desk.document(order))
        with Secrets(world, passphrase_file, passphrase_fd, none=unencrypted).signer(key) as signer:
            book, say = register_of(desk, register, told.state, new=True), note(desk, who, "issued")
            if not book.has_lists():
                book.open_list(_FIRST_LIST, say)
            found = issue_certificates(contract, person or (), told, book, signer, say)
        paths = [_save(world.tree(out), out, one) for one in found]
    if json:
        rows = [{"key": one.key, "text": one.text, "file": str(path)} for one, path in zip(found, paths, strict=True)]
        print(to_text({"certificates": rows}), end="")
        return
    for one, path in zip(found, paths, strict=True):
        symbol = symbol_of(one.text)
        size = {"length": len(one.text), "version": symbol.version, "level": symbol.level}
        desk.out.print(desk.words("certificate.issued", name=one.key, file=path, **size), markup=False)
        for part in one.certificate.omitted:
            desk.out.print(f"    {desk.words(f'card.omitted.{part.value}')}", markup=False)


def _save(tree: FileTree, folder: Path, one: Issued) -> Path:
    name = one.key.replace("/", "-")
    tree.write(f"{name}.txt", f"{one.text}\n".encode("ascii"))
    tree.write(f"{name}.png", png(symbol_of(one.text)))
    return folder / f"{name}.png"


@commands.command()
def show(context: typer.Context, source: Source, json: options.Json = False) -> None:
    """Show what a certificate says. This checks nothing: see `verify`."""
    desk: Desk = context.obj
    with desk.errors():
        certificate = opened(one_text_of(desk, source))
        if json:
            print(to_text(certificate_json(certificate)), end="")
        else:
            CertificateShower(desk, desk.book()).certificate(certificate)


@commands.command()
def verify(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(metavar="FILE|TEXT…", help=HELP)],
    kit: KitFolder,
    state: Annotated[str, typer.Option(help="State of stay, such as RU; none asks only: genuine and in force?")] = "",
    gate: Annotated[Gate | None, typer.Option(help="The legal occasion.")] = None,
    region: options.Region = None,
    first: options.From = None,
    last: options.To = None,
    as_of: options.AsOf = None,
    purpose: options.Purpose = None,
    status: options.Status = None,
    care_form: options.CareForm = None,
    json: options.Json = False,
) -> None:
    """Accept, refuse or undetermined, with reasons; offline, from a kit. Exit 0, 1 or 3; of several the worst."""
    desk: Desk = context.obj
    if bool(state) != bool(gate):
        raise typer.BadParameter("--state and --gate go together")
    with desk.errors():
        now = desk.world.trust().now()
        held = open_kit(desk.world.trust().tree(kit), state, desk.world.law_of)
        book = held.laws.book if held.laws else desk.book()  # for words; without law in the kit nothing is decided
        stay = None
        if gate is not None:
            said = {"purpose": purpose, "residence_status": status, "care_form": care_form}
            day = as_of.date() if as_of else desk.today()
            stay = stay_of(book, state, gate, region, first, last, day, said)
        texts = [text for source in sources for text in texts_of(desk, source)]
        found = [verify_text(text, held, stay, now) for text in texts]
        _print(desk, book, found, json=json)
    answers = {one.answer for one in found}
    worst = next(one for one in (Answer.REFUSE, Answer.UNDETERMINED, Answer.ACCEPT) if one in answers)
    raise typer.Exit(_EXITS[worst])


def _print(desk: Desk, book: LawBook, found: list[Verification], *, json: bool) -> None:
    if json:
        print(to_text({"verifications": [verification_json(book, one) for one in found]}), end="")
        return
    shower = CertificateShower(desk, book)
    for one in found:
        shower.verification(one)
