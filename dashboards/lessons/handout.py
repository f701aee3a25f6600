"""A sheet to print: the question, room for a prediction, the figures or room to draw them, and the way back here."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards.lessons.length import length, stages
from dashboards.lessons.predictions import answers
from dashboards.lessons.print_figures import drawn, room_to_draw
from dashboards.lessons.wording import in_words

if TYPE_CHECKING:
    from dashboards.lessons.lesson import Lesson
    from dashboards.lessons.questions import NumberQuestion
    from dashboards.lessons.running import LessonResult

__all__ = ["handout", "instructor_notes"]

STYLE = """
@page { size: A4; margin: 14mm; }
* { box-sizing: border-box; }
body { font: 10pt/1.34 Georgia, "Times New Roman", serif; color: #111; background: #fff; max-width: 182mm;
  margin: 0 auto; padding: 6mm; }
h1 { font-size: 17pt; line-height: 1.15; margin: 0 0 1mm; } h2 { font-size: 11.5pt; margin: 4mm 0 1mm; }
p, ul { margin: 1mm 0; } ul { padding-left: 5mm; }
.head { display: flex; justify-content: space-between; gap: 6mm; }
.head > :first-child { flex: 1; } .link { width: 44mm; font-size: 7.5pt; overflow-wrap: anywhere; }
.link svg { display: block; width: 26mm; height: 26mm; margin: 0 0 1mm; }
.figures { display: grid; grid-template-columns: 1fr 1fr; gap: 3mm 6mm; margin: 1mm 0; }
.figures > :last-child:nth-child(odd) { grid-column: 1 / -1; display: grid; gap: 0 6mm;
  grid-template-columns: 1fr 1fr; }
.figures > :last-child:nth-child(odd) figcaption { grid-column: 1 / -1; }
figure { margin: 0; break-inside: avoid; } figure p { font-size: 8.5pt; color: #333; }
figcaption { font-weight: bold; font-size: 9.5pt; margin-bottom: 1mm; }
figure svg { display: block; width: 100%; height: auto; font: 9.6px Arial, Helvetica, sans-serif; fill: #111; }
figure text { paint-order: stroke; stroke: #fff; stroke-width: 2.5px; }
h2 { break-after: avoid; } li, tr, .box { break-inside: avoid; }
.meta { color: #444; } .box { border: 1px solid #333; border-radius: 2mm; padding: 2mm 3mm; margin: 2mm 0; }
.lines { height: 16mm; background: repeating-linear-gradient(#fff 0 7.6mm, #999 7.6mm 7.8mm); }
.tick { display: inline-block; width: 3.6mm; height: 3.6mm; border: 1px solid #333; margin-right: 2mm;
  vertical-align: -.5mm; }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt; margin: 1mm 0; break-inside: avoid; }
caption { text-align: left; color: #444; }
th, td { border: 1px solid #777; padding: .8mm 1.5mm; text-align: left; vertical-align: top; font-weight: normal; }
thead th { font-weight: bold; } td.blank { min-width: 38mm; }
footer { margin-top: 4mm; font-size: 8.5pt; color: #444; border-top: 1px solid #777; padding-top: 1mm; }
@media print { body { padding: 0; } }
"""

MOST_ROWS = 5


def handout(
    lesson: Lesson, result: LessonResult | None = None, link: str = "", code: str = ""
) -> str:
    """Return the lesson's handout as self-contained HTML: a sheet of A4, with the results some more.

    Parameters
    ----------
    lesson
        Which.
    result
        Its finished run, to fill in the figures, the results and the explanation; left out, there is room to draw
        and to write.
    link, code
        The address that opens the lesson, and the same as a QR code in SVG; left out, there is none.
    """
    filled_in = result is not None
    parts = [
        '<div class="head"><div>',
        f"<h1>{escape(lesson.title)}</h1>",
        f'<p class="meta">{escape(lesson.level.capitalize())} · {length(lesson)}'
        f"{' · with results' if filled_in else ''}</p>",
        "" if filled_in else '<p class="meta">Name: ______________________</p>',
        f"<p><strong>{_text(lesson.question)}</strong></p></div>",
        f"{_way_back(link, code)}</div>",
        f"<p>{_text(lesson.story)}</p>",
        "<h2>Predict before you run</h2>",
        f'<div class="box"><p>{_text(lesson.predict.text)}</p>{_answer(lesson)}</div>',
        "<h2>What the model gives</h2>",
        _figures(lesson, result),
        _table(lesson, result),
    ]
    if result is None:
        parts.append("<h2>Why, in your own words</h2>")
        parts.append('<div class="lines"></div>')
    else:
        parts.append("<h2>Why</h2>")
        parts += [f"<p>{_text(paragraph.text)}</p>" for paragraph in result.explanation]
    parts += [
        "<h2>Published findings</h2>",
        _published(lesson, result),
        "<h2>What this cannot show</h2>",
        "<ul>" + "".join(f"<li>{_text(one)}</li>" for one in lesson.limits) + "</ul>",
        f"<h2>Next</h2><p>{_text(lesson.next.question)}</p>",
        f"<footer>Alliance, an open simulation of therapists and clients. Lesson {escape(lesson.key)},"
        f" seed {lesson.run.seed}, {lesson.run.replicates} clinics of {lesson.run.clients} clients in each arm. It"
        " reproduces statistics of groups and says nothing about any real client.</footer>",
    ]
    return _page(lesson.title, "\n".join(parts))


def instructor_notes(lesson: Lesson) -> str:
    """Return the notes for the teacher as HTML without a page around it; headings begin at h3."""
    notes = lesson.instructor
    begins = 0
    rows = []
    for what, minutes in stages(lesson):
        rows.append(
            f'<tr><th scope="row">{begins}–{begins + minutes}</th><td class="words">{_text(what)}</td></tr>'
        )
        begins += minutes
    return (
        "<h3>Timing</h3><table><caption>Minutes from the beginning</caption><thead><tr>"
        '<th scope="col">Minutes</th><th scope="col" class="words">What</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
        f"<h3>What to ask</h3>{_list(notes.ask)}"
        "<h3>What students often believe</h3><dl>"
        + "".join(
            f"<dt>{_text(one.belief)}</dt><dd>{_text(one.reply)}</dd>"
            for one in notes.misconceptions
        )
        + f"</dl><h3>To discuss</h3>{_list(notes.discuss)}"
    )


def _way_back(link: str, code: str) -> str:
    """Return the address of the lesson, to click, to scan and to type."""
    if not link:
        return ""
    here = "//127.0.0.1" in link or "//localhost" in link
    remark = " It answers on the computer that runs the dashboard only." if here else ""
    shown = f'<a href="{escape(link, quote=True)}">{escape(link)}</a>'
    return f'<div class="link">{code}Open this lesson: {shown}{remark}</div>'


def _figures(lesson: Lesson, result: LessonResult | None) -> str:
    shown = (
        [room_to_draw(wanted, lesson) for wanted in lesson.figures]
        if result is None
        else [drawn(figure) for figure in result.figures]
    )
    return f'<div class="figures">{"".join(shown)}</div>'


def _answer(lesson: Lesson) -> str:
    options = answers(lesson)
    if options:
        return "".join(f'<p><span class="tick"></span>{_text(text)}</p>' for _, text in options)
    question: NumberQuestion = lesson.predict  # type: ignore[assignment]  # the other kinds have answers
    return f"<p>A number from {question.low:g} to {question.high:g}: ____________</p>"


def _table(lesson: Lesson, result: LessonResult | None) -> str:
    rows = []
    for wanted in lesson.findings[:MOST_ROWS]:
        cell = (
            '<td class="blank"></td>'
            if result is None
            else f"<td>{escape(in_words(result.found[wanted.name]))}</td>"
        )
        rows.append(f'<tr><th scope="row">{_text(wanted.label)}</th>{cell}</tr>')
    return (
        "<table><caption>With 95 % intervals</caption><thead><tr>"
        '<th scope="col">Look at</th><th scope="col">Result</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _published(lesson: Lesson, result: LessonResult | None) -> str:
    from experiments.evidence.facts import fact

    if result is not None:
        return _list(
            [
                f"{row.sentence} {row.fact.citation}. {row.remark}".strip()
                for row in result.published
            ]
        )
    return _list(
        [
            f"{one.statistic} ({one.id}). {one.citation}."
            for one in (fact(wanted.fact) for wanted in lesson.published)
        ]
    )


def _list(items: tuple[str, ...] | list[str]) -> str:
    return "<ul>" + "".join(f"<li>{_text(one)}</li>" for one in items) + "</ul>"


def _text(text: str) -> str:
    return escape(" ".join(text.split()))


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}: handout</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
