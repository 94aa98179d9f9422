//! Who is to blame: what became worse, under the name of the operator where there is one, the worst first.

use super::report::{Blame, Change, ConformanceChange, Fault, Finding, State};
use crate::wast::Status;
use std::collections::{BTreeMap, BTreeSet};

/// How much evidence is written down of each.
const MOST: usize = 4;
/// How much more than that of others the word of triage counts: it has seen executions part behind the operator.
const TRIAGE: f64 = 100.0;

/// Gathers what became worse by subject.
pub fn blame(changes: &[Change], conformance: &[ConformanceChange], findings: &[Finding]) -> Vec<Blame> {
    let mut all = BTreeMap::<(Fault, String), Blame>::new();
    let mut add = |fault: Fault, subject: &str, weight: f64, evidence: String| {
        let one = all.entry((fault, subject.to_string())).or_insert_with(|| Blame {
            subject: subject.to_string(),
            fault,
            weight: 0.0,
            evidence: Vec::new(),
        });
        // What is wrong is counted; of what is slower the worst counts.
        one.weight = match fault {
            Fault::WrongOperator | Fault::Wrong => one.weight + weight,
            Fault::SlowerOperator | Fault::Slower => one.weight.max(weight),
        };
        if one.evidence.len() < MOST {
            one.evidence.push(evidence);
        }
    };
    let new: Vec<&Finding> = findings.iter().filter(|finding| finding.new && !finding.flaky).collect();
    let explained = explained(&new);
    for finding in new {
        let located = weight(finding);
        let evidence = format!(
            "{}: {}: {} gives {}, {} gives {}: {}",
            finding.part,
            finding.what,
            finding.engine,
            first_line(&finding.ours),
            finding.oracle,
            first_line(&finding.theirs),
            finding.command
        );
        match &finding.operator {
            Some(operator) => {
                let by =
                    explained.get(operator.as_str()).and_then(|all| all.iter().find(|by| finding.holds.contains(**by)));
                add(Fault::WrongOperator, by.unwrap_or(&operator.as_str()), located, evidence);
            }
            // One miscompile has many signatures: what nobody could locate stands together.
            None => add(
                Fault::Wrong,
                &format!("{}, not located", finding.part),
                1.0,
                format!("{evidence} ({})", finding.signature),
            ),
        }
    }
    for change in conformance.iter().filter(|change| change.regression) {
        let what = match &change.after {
            Some(
                Status::Failed(what)
                | Status::Crashed(what)
                | Status::TimedOut(what)
                | Status::UnexpectedlyPassing(what),
            ) => first_line(what),
            _ => String::new(),
        };
        let (place, directive) = (format!("{}:{}", change.file, change.directive.line), &change.directive);
        let evidence = format!("{place}: {} on {}: {what}", directive.kind, change.engine);
        match &change.operator {
            Some(operator) => add(Fault::WrongOperator, operator, 1.0, evidence),
            None => add(Fault::Wrong, &format!("{} on {}", change.file, change.engine), 1.0, evidence),
        }
    }
    let slower = changes.iter().filter(|change| change.state == State::Slower);
    let gated = slower.clone().any(|change| change.regression && change.figure.operator.is_none());
    for change in slower {
        let figure = &change.figure;
        let weight = change.ratio.map_or(f64::from(u16::MAX), |ratio| (ratio - 1.0).abs());
        let evidence = in_words(change);
        match &figure.operator {
            // What only shows says who is to blame for what gates.
            Some(operator) if change.regression || gated => add(Fault::SlowerOperator, operator, weight, evidence),
            None if change.regression => {
                add(Fault::Slower, &format!("{}: {}", figure.part, figure.subject), weight, evidence);
            }
            _ => {}
        }
    }
    let mut all: Vec<Blame> = all.into_values().collect();
    all.sort_by(|a, b| {
        // What is wrong comes before what is slow; of what is wrong, what most things say.
        let rank = |fault: Fault| match fault {
            Fault::WrongOperator => 0,
            Fault::Wrong => 1,
            Fault::SlowerOperator => 2,
            Fault::Slower => 3,
        };
        rank(a.fault).cmp(&rank(b.fault)).then(b.weight.total_cmp(&a.weight)).then(a.subject.cmp(&b.subject))
    });
    all
}

/// How much a finding weighs that has an operator's name.
fn weight(finding: &Finding) -> f64 {
    if finding.located.as_deref() == Some("triage") { TRIAGE } else { 1.0 }
}

/// The operators that have findings only in small modules which also hold an operator that more findings name, with all
/// such operators, the strongest first. A wrong value that the host gives back to a later call shows behind whatever
/// comes first there; the operator that made it is in the module, too, and is named by others.
fn explained<'f>(findings: &[&'f Finding]) -> BTreeMap<&'f str, Vec<&'f str>> {
    let mut named = BTreeMap::<&str, (f64, Vec<&BTreeSet<String>>)>::new();
    for finding in findings {
        let Some(operator) = &finding.operator else { continue };
        let (weights, holds) = named.entry(operator).or_default();
        *weights += weight(finding);
        holds.push(&finding.holds);
    }
    let mut named: Vec<_> = named.into_iter().collect();
    named.sort_by(|a, b| b.1.0.total_cmp(&a.1.0));
    let (mut convicted, mut explained) = (Vec::new(), BTreeMap::new());
    for (operator, (_, holds)) in named {
        if holds.iter().all(|holds| convicted.iter().any(|by| holds.contains(*by))) {
            explained.insert(operator, convicted.clone());
        } else {
            convicted.push(operator);
        }
    }
    explained
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(120).collect()
}

/// A change in words.
pub fn in_words(change: &Change) -> String {
    let figure = &change.figure;
    let percent = change.ratio.map_or_else(String::new, |ratio| format!(" ({:+.2} %)", 100.0 * (ratio - 1.0)));
    let number = |value: f64| short(value, &figure.unit);
    let unit = if figure.unit == "ratio" || figure.what.contains(&figure.unit) { "" } else { figure.unit.as_str() };
    let space = if unit.is_empty() { "" } else { " " };
    format!(
        "{}: {}, {}: {} → {}{space}{unit}{percent}",
        figure.part,
        figure.subject,
        figure.what,
        number(change.before),
        number(figure.value)
    )
}

/// A number with as many digits as mean something.
pub fn short(value: f64, unit: &str) -> String {
    match unit {
        "s" if value.abs() < 1e-3 => format!("{:.3}e-6", value * 1e6),
        "s" => format!("{value:.4}"),
        _ if value.fract() == 0.0 && value.abs() < 1e15 => format!("{value:.0}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nightly::report::{Baseline, Figure};
    use crate::nightly::verdict;

    fn finding(operator: Option<&str>, located: &str) -> Finding {
        Finding {
            signature: "call-1".to_string(),
            part: "diff".to_string(),
            operator: operator.map(ToString::to_string),
            located: Some(located.to_string()),
            holds: BTreeSet::new(),
            what: "results".to_string(),
            engine: "lightbeam".to_string(),
            oracle: "cranelift".to_string(),
            ours: "1".to_string(),
            theirs: "2".to_string(),
            blame: None,
            votes: Vec::new(),
            origin: String::new(),
            count: 1,
            reproducer: None,
            command: String::new(),
            flaky: false,
            new: true,
        }
    }

    #[test]
    fn a_miscompile_and_a_slowdown_are_on_top_with_their_operators_names() {
        let count =
            |subject: &str, value: f64| Figure::exact("counted", subject, "executed", "instructions", value, 0.003);
        let now = [count("i32.rotl", 1.05).of_operator("i32.rotl"), count("aes", 102.0), count("sha256", 101.0)];
        let before = [count("i32.rotl", 1.0).of_operator("i32.rotl"), count("aes", 100.0), count("sha256", 100.0)];
        let changes = verdict::changes(&now, &before, &Baseline::default());
        // Other operators' modules hold the wrong one, too: triage has seen which it is.
        let others = ["i64.add", "i64.add", "i64.mul"].map(|name| finding(Some(name), "grid"));
        let findings: Vec<Finding> = others.into_iter().chain([finding(Some("f64.min"), "triage")]).collect();
        let unknown = Finding { signature: "call-2".to_string(), ..finding(None, "") };
        let findings: Vec<Finding> = findings.into_iter().chain([finding(None, ""), unknown]).collect();
        let blame = blame(&changes, &[], &findings);
        let order: Vec<(&str, Fault)> = blame.iter().map(|one| (one.subject.as_str(), one.fault)).collect();
        assert_eq!(order[0], ("f64.min", Fault::WrongOperator));
        assert_eq!(
            order.iter().filter(|one| one.1 == Fault::Wrong).collect::<Vec<_>>(),
            [&("diff, not located", Fault::Wrong)]
        );
        let slower: Vec<&str> = order.iter().filter(|one| one.1 > Fault::Wrong).map(|one| one.0).collect();
        assert_eq!(slower, ["i32.rotl", "counted: aes", "counted: sha256"]);
    }

    #[test]
    fn what_a_convicted_operator_explains_counts_for_it() {
        let holding = |name: &str, holds: &[&str]| Finding {
            holds: holds.iter().map(ToString::to_string).collect(),
            ..finding(Some(name), "triage")
        };
        let popcnt = holding("i64.popcnt", &["i64.popcnt", "local.get"]);
        let call = holding("call", &["call", "i64.popcnt"]);
        let findings =
            [popcnt.clone(), popcnt.clone(), call.clone(), holding("f64.const", &["f64.const", "i64.popcnt"])];
        let named = |findings: &[Finding]| -> Vec<(String, f64)> {
            blame(&[], &[], findings).into_iter().map(|one| (one.subject, one.weight / TRIAGE)).collect()
        };
        assert_eq!(named(&findings), [("i64.popcnt".to_string(), 4.0)]);
        // One finding that it does not explain, and the other operator stands for itself.
        let other = holding("call", &["call", "local.get"]);
        let both = [popcnt.clone(), popcnt.clone(), popcnt, call, other];
        assert_eq!(named(&both), [("i64.popcnt".to_string(), 3.0), ("call".to_string(), 2.0)]);
    }

    #[test]
    fn what_is_known_or_flaky_is_nobodys_fault() {
        let known = Finding { new: false, ..finding(None, "") };
        let flaky = Finding { flaky: true, ..finding(None, "") };
        assert!(blame(&[], &[], &[known, flaky]).is_empty());
        assert_eq!(blame(&[], &[], &[finding(None, "")])[0].subject, "diff, not located");
    }
}
