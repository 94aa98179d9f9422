//! A night in Markdown, for a job's summary: what changed comes first, and all of it is under a mebibyte.

use super::blame::{in_words, short};
use super::report::{Change, Fault, PartStatus, Report, State};
use std::fmt::Write;

/// GitHub takes no more than a mebibyte: this leaves room for what others add.
const MOST_BYTES: usize = 900_000;
/// Rows of a table.
const MOST_ROWS: usize = 60;

/// The summary.
///
/// # Panics
///
/// Never: a string takes everything.
pub fn markdown(report: &Report) -> String {
    let mut text = String::new();
    write_all(report, &mut text).expect("a string takes everything");
    if text.len() > MOST_BYTES {
        let mut end = MOST_BYTES;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push_str("\n\n(cut here: the rest is in report.json)\n");
    }
    text
}

fn write_all(report: &Report, out: &mut String) -> std::fmt::Result {
    writeln!(out, "# {}\n", report.verdict.line())?;
    let subject = &report.subject;
    let short: String = subject.commit.chars().take(12).collect();
    let dirty = if subject.dirty { ", with changes" } else { "" };
    writeln!(out, "`{short}` {}{dirty}, {}, {:.0} s.", plain(&subject.title), report.date, report.seconds)?;
    let baseline = &report.baseline;
    match (&baseline.subject, &baseline.date, &baseline.reason) {
        (Some(before), Some(date), _) => {
            let short: String = before.commit.chars().take(12).collect();
            writeln!(out, "Compared with `{short}` {} of {date}.", plain(&before.title))?;
        }
        (_, _, reason) => writeln!(out, "Compared with nothing: {}.", reason.as_deref().unwrap_or("no baseline"))?,
    }
    for (what, reason) in [("Times", &baseline.times), ("Code", &baseline.code)] {
        if let Some(reason) = reason {
            writeln!(out, "{what} are not compared: {reason}.")?;
        }
    }
    writeln!(out)?;
    write_blame(report, out)?;
    write_changes(report, out)?;
    write_conformance_changes(report, out)?;
    write_findings(report, out)?;
    write_parts(report, out)?;
    write_headlines(report, out)?;
    write_conformance(report, out)
}

/// Text that a table's cell can hold.
fn plain(text: &str) -> String {
    let one = text.replace(['\n', '\r'], " ").replace('|', "\\|").replace('<', "&lt;");
    if one.chars().count() > 300 { one.chars().take(300).chain(['…']).collect() } else { one }
}

fn more(out: &mut String, all: usize) -> std::fmt::Result {
    if all > MOST_ROWS { writeln!(out, "\nand {} more, in report.json", all - MOST_ROWS) } else { Ok(()) }
}

fn write_blame(report: &Report, out: &mut String) -> std::fmt::Result {
    if report.blame.is_empty() {
        return writeln!(out, "Nothing became worse.\n");
    }
    writeln!(out, "## Became worse\n\n| what | how | evidence |\n|---|---|---|")?;
    for blame in report.blame.iter().take(MOST_ROWS) {
        let how = match blame.fault {
            Fault::WrongOperator => "computes something else".to_string(),
            Fault::Wrong => "is wrong".to_string(),
            Fault::SlowerOperator | Fault::Slower => format!("worse by {:.2} %", 100.0 * blame.weight),
        };
        let evidence: Vec<String> = blame.evidence.iter().map(|one| plain(one)).collect();
        writeln!(out, "| **{}** | {how} | {} |", plain(&blame.subject), evidence.join("<br>"))?;
    }
    more(out, report.blame.len())?;
    writeln!(out)
}

fn write_changes(report: &Report, out: &mut String) -> std::fmt::Result {
    for (state, title) in [
        (State::Slower, "Slower, larger, or more"),
        (State::Faster, "Faster, smaller, or fewer"),
        (State::Unsure, "Nobody can be sure"),
    ] {
        let changes: Vec<&Change> = report.changes.iter().filter(|change| change.state == state).collect();
        if changes.is_empty() {
            continue;
        }
        writeln!(out, "<details><summary>{title}: {} figures</summary>\n", changes.len())?;
        writeln!(out, "| figure | gates | remark |\n|---|---|---|")?;
        for change in changes.iter().take(MOST_ROWS) {
            let gates = if change.figure.gates { "yes" } else { "" };
            let reason = change.reason.as_deref().unwrap_or_default();
            writeln!(out, "| {} | {gates} | {} |", plain(&in_words(change)), plain(reason))?;
        }
        more(out, changes.len())?;
        writeln!(out, "\n</details>\n")?;
    }
    Ok(())
}

fn write_conformance_changes(report: &Report, out: &mut String) -> std::fmt::Result {
    let changes = &report.conformance_changes;
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Assertions that changed: {}\n", changes.len())?;
    writeln!(out, "| assertion | engine | before | now |\n|---|---|---|---|")?;
    let word = |status: &Option<crate::wast::Status>| {
        let value = status.as_ref().and_then(|status| serde_json::to_value(status).ok());
        let field = |name: &str| value.as_ref().and_then(|value| value[name].as_str()).map(ToString::to_string);
        match (field("status"), field("reason")) {
            (Some(status), Some(reason)) => format!("{status}: {reason}"),
            (status, _) => status.unwrap_or_else(|| "not there".to_string()),
        }
    };
    for change in changes.iter().take(MOST_ROWS) {
        let directive = &change.directive;
        let what = directive.what.as_deref().unwrap_or_default();
        let place = format!("{}:{} {} {what}", change.file, directive.line, directive.kind);
        let (before, after) = (plain(&word(&change.before)), plain(&word(&change.after)));
        writeln!(out, "| {} | {} | {before} | {after} |", plain(&place), change.engine)?;
    }
    more(out, changes.len())?;
    writeln!(out)
}

fn write_findings(report: &Report, out: &mut String) -> std::fmt::Result {
    if report.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Findings: {}\n", report.findings.len())?;
    writeln!(out, "| | operator | what | engine | oracle | again |\n|---|---|---|---|---|---|")?;
    for finding in report.findings.iter().take(MOST_ROWS) {
        let mark = match (finding.new, finding.flaky) {
            (_, true) => "flaky",
            (true, _) => "new",
            _ => "known",
        };
        writeln!(
            out,
            "| {mark} | {} | {} | {}: {} | {}: {} | `{}` |",
            finding.operator.as_deref().unwrap_or("-"),
            plain(&finding.what),
            finding.engine,
            plain(&finding.ours),
            finding.oracle,
            plain(&finding.theirs),
            plain(&finding.command)
        )?;
    }
    more(out, report.findings.len())?;
    writeln!(out)
}

fn write_parts(report: &Report, out: &mut String) -> std::fmt::Result {
    writeln!(out, "## Parts\n\n| part | status | seconds | of | remark |\n|---|---|---:|---:|---|")?;
    for (name, part) in &report.parts {
        let status = match part.status {
            PartStatus::Done if part.resumed => "done before",
            PartStatus::Done => "done",
            PartStatus::Failed => "**failed**",
            PartStatus::Missing => "**missing**",
            PartStatus::TimedOut => "**timed out**",
        };
        let reason = plain(part.reason.as_deref().unwrap_or_default());
        writeln!(out, "| {name} | {status} | {:.0} | {:.0} | {reason} |", part.seconds, part.given)?;
    }
    for warning in &report.warnings {
        writeln!(out, "\nWarning: {}", plain(warning))?;
    }
    writeln!(out)
}

fn write_headlines(report: &Report, out: &mut String) -> std::fmt::Result {
    let headlines: Vec<_> = report.figures.iter().filter(|figure| figure.headline).collect();
    if headlines.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Figures\n\n| part | of | what | value | interval | unit |\n|---|---|---|---:|---|---|")?;
    for figure in headlines {
        let number = |value| short(value, &figure.unit);
        let interval = if figure.low < figure.high {
            format!("{} to {}", number(figure.low), number(figure.high))
        } else {
            String::new()
        };
        writeln!(
            out,
            "| {} | {} | {} | {} | {interval} | {} |",
            figure.part,
            plain(&figure.subject),
            plain(&figure.what),
            number(figure.value),
            figure.unit
        )?;
    }
    writeln!(out, "\nRatios are our time over theirs: below 1 we are faster.\n")
}

fn write_conformance(report: &Report, out: &mut String) -> std::fmt::Result {
    let Some(conformance) = &report.conformance else { return Ok(()) };
    writeln!(out, "## Conformance\n\nPassed, and of the others: failed, skipped, crashed or timed out.\n")?;
    writeln!(out, "| proposal | {} |", conformance.engines.join(" | "))?;
    writeln!(out, "|---|{}", "---:|".repeat(conformance.engines.len()))?;
    for (proposal, engines) in &conformance.proposals {
        write!(out, "| {proposal} |")?;
        for engine in &conformance.engines {
            match engines.get(engine) {
                Some(counts) => {
                    let died = counts.crashed + counts.timed_out;
                    write!(out, " {} / {} / {} / {died} |", counts.passed, counts.failed, counts.skipped)?;
                }
                None => write!(out, " - |")?,
            }
        }
        writeln!(out)?;
    }
    for (engine, reason) in &conformance.absent {
        writeln!(out, "\n{engine} is absent: {}", plain(reason))?;
    }
    Ok(())
}
