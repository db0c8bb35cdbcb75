"""Guide: take a count sheet in, with many bins of one warehouse."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.count_sheet import BINS_MOST, CountSheet
from app.domain.goods import Bin, accuracy
from app.domain.stock import Stock
from app.domain.values import Keys, sku_key, stock_key
from app.form import About, Answers, Blank, Choice, Field, Form, Note, Step, Verdict, read_number
from app.text import N_, Text


def warehouses(_answers: Answers, _blank: Blank, facts: Facts) -> tuple[Choice, ...]:
    """List the buildings."""
    return tuple(
        Choice(code, Text("{title}", {"title": place.title}))
        for code, place in sorted(facts.refs.warehouses.items())
    )


def read_bins(text: str) -> tuple[tuple[str, int, int | None], ...] | Text:
    """Read code, counted and, if it stands there, what the screen said; or say what is wrong where."""
    bins: dict[str, tuple[str, int, int | None]] = {}
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        counted = read_number(words[1]) if len(words) > 1 else None
        base = read_number(words[2]) if len(words) > 2 else None
        if counted is None:
            return Text(
                N_('"{line}" is no count. Write an article and its pieces: LN-220 12'), {"line": line[:60]}
            )
        if words[0] in bins:
            return Text(N_("{sku} stands here twice. Leave one out."), {"sku": words[0][:60]})
        bins[words[0]] = (words[0], counted, base)
    if len(bins) > BINS_MOST:
        return Text(N_("A sheet has 1 to {most} bins. Split it."), {"most": BINS_MOST})
    return tuple(bins.values())


def bins_of(answers: Answers, facts: Facts) -> tuple[Bin, ...]:
    """Return the lines that could be read, each against what the screen says where the sheet does not."""
    read = read_bins(answers.get("bins", ""))
    if isinstance(read, Text):
        return ()
    warehouse = answers.get("warehouse", "")
    made = []
    for sku, counted, base in read:
        stock = facts.rows.get(stock_key(warehouse, sku))
        here = stock.on_hand if isinstance(stock, Stock) else 0
        made.append(Bin(sku, counted, here if base is None else base))
    return tuple(made)


def check_bins(value: str, answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Want lines that can be read, of articles that exist and of bins that wait for no second count."""
    read = read_bins(value)
    if isinstance(read, Text):
        return Verdict(is_error=True, text=read)
    if not read:
        return Verdict(is_error=True, text=Text(N_("Paste the sheet: an article and its pieces a line.")))
    for sku, _counted, _base in read:
        if sku not in facts.refs.articles and facts.rows.get(sku_key(sku)) is None:
            return Verdict(
                is_error=True, text=Text(N_("No article {sku}. Choose one from the list."), {"sku": sku[:60]})
            )
        stock = facts.rows.get(stock_key(answers.get("warehouse", ""), sku))
        if isinstance(stock, Stock) and stock.counting:
            text = Text(N_("{sku} waits for a second count. Count that bin by itself."), {"sku": sku})
            return Verdict(is_error=True, text=text)
    return None


def needs(answers: Answers, _blank: Blank, _facts: Facts) -> Keys:
    """Load the articles of the sheet, and what lies of them there."""
    read = read_bins(answers.get("bins", ""))
    if isinstance(read, Text):
        return frozenset()
    warehouse = answers.get("warehouse", "")
    return frozenset(key for sku, _, _ in read for key in (sku_key(sku), stock_key(warehouse, sku)))


def notes(answers: Answers, _blank: Blank, facts: Facts) -> tuple[Note, ...]:
    """Say how right the stock is, and which differences a second person will count."""
    bins = bins_of(answers, facts)
    if not bins:
        return ()
    found = accuracy(bins)
    share = f"{found.equal * 100 / found.counted:.1f}"
    params: dict[str, str | int | Text] = {"equal": found.equal, "counted": found.counted, "share": share}
    said = [Note(N_("Stock accuracy"), Text(N_("{equal} of {counted} bins are equal: {share} %"), params))]
    differ = [one for one in bins if one.counted != one.base]
    if differ:
        more, fewer = (sum(max(0, sign * (one.counted - one.base)) for one in differ) for sign in (1, -1))
        text = Text(
            N_("+{more} and −{fewer} pieces in {bins} bins"),
            {"more": more, "fewer": fewer, "bins": len(differ)},
        )
        said.append(Note(N_("Differences"), text, "waits"))
    asked = [one for one in differ if _asks(one, answers, facts)]
    if asked:
        named = ", ".join(one.sku for one in asked[:5]) + (" …" if len(asked) > 5 else "")
        text = Text(
            N_("{count} bins, a colleague counts them too: {skus}"), {"count": len(asked), "skus": named}
        )
        said.append(Note(N_("Second count"), text, "waits"))
    return tuple(said)


def _asks(one: Bin, answers: Answers, facts: Facts) -> bool:
    """Tell whether a second person is asked. Source: rules recount_above_pieces."""
    stock = facts.rows.get(stock_key(answers.get("warehouse", ""), one.sku))
    left = stock.on_hand - stock.promised if isinstance(stock, Stock) else 0
    difference = one.counted - one.base
    return abs(difference) > facts.rules.recount_above_pieces or left + difference < 0


def start(_blank: Blank, facts: Facts) -> dict[str, str]:
    """Begin in the first building."""
    first = next(iter(sorted(facts.refs.warehouses)), "")
    return {"warehouse": first, "bins": "", "reference": "", "reason": "", "sheet": ""}


def called(_blank: Blank, answers: Answers, facts: Facts) -> str:
    """Call it by its building and its number."""
    place = facts.refs.called("warehouse", answers["warehouse"])
    return " · ".join(part for part in (place, answers.get("reference", "").strip()) if part)


def build(_blank: Blank, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers."""
    return CountSheet(
        sheet=answers["sheet"],
        warehouse=answers["warehouse"],
        bins=bins_of(answers, facts),
        reference=answers.get("reference", "").strip(),
        reason=answers.get("reason", "").strip(),
    )


FORM: Form[Blank] = Form(
    code="count_sheet",
    title=N_("Take a count in"),
    steps=(
        Step(
            name="sheet",
            title=N_("Count sheet"),
            question=N_("Where was counted, and what lay there?"),
            reason=N_(
                "Small differences are booked, large ones wait for a colleague; orders keep what is theirs."
            ),
            told=("warehouse",),
            fields=(
                Field(
                    "warehouse",
                    N_("Warehouse"),
                    N_("All of the sheet lies there."),
                    "choice",
                    choices=warehouses,
                ),
                Field(
                    "bins",
                    N_("Counted"),
                    N_("A line each: article, pieces, and what the screen said where it stands there."),
                    "lines",
                    check=check_bins,
                ),
            ),
        ),
        Step(
            name="paper",
            title=N_("Note"),
            question=N_("What should others know?"),
            reason=N_("A number or a word makes a difference understandable later."),
            told=("reference", "reason"),
            fields=(
                Field("reference", N_("Count sheet"), N_("Its number, if there is one."), is_optional=True),
                Field(
                    "reason",
                    N_("Reason"),
                    N_("For instance: broken, found in another bin."),
                    is_optional=True,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    about=About.NOTHING,
    needs=needs,
    notes=notes,
    fresh=("sheet",),
    label=N_("Take a count in"),
    grant="count_sheet",
    called=called,
)
