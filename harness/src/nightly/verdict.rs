//! Whether a figure became better or worse: faster, slower, the same, or unsure.

use super::report::{Baseline, Better, Change, Figure, Kind, State};
use std::collections::HashMap;

/// Why what was timed has not become slower.
const SAME_CODE: &str = "the machine code is the same: this is the machine";

/// Why a count that differs is nobody's fault.
const SAME_PROGRAM: &str = "the program is the same: this count depends on chance or on files beside it";

/// Compares all figures with those of the baseline; what is the same is left out. Regressions come first, and of those
/// the largest. A regression in time is only a candidate: fresh processes have to [confirm](super::confirm) it.
pub fn changes(now: &[Figure], before: &[Figure], baseline: &Baseline) -> Vec<Change> {
    let before: HashMap<&str, &Figure> = before.iter().map(|figure| (figure.key.as_str(), figure)).collect();
    let mut changes: Vec<Change> = now
        .iter()
        .filter_map(|figure| Some(compare(figure, before.get(figure.key.as_str())?, baseline)))
        .filter(|change| change.state != State::Same)
        .collect();
    sort(&mut changes);
    changes
}

/// Regressions first, operators among them first, then by size.
pub fn sort(changes: &mut [Change]) {
    changes.sort_by(|a, b| {
        let order = |change: &Change| (!change.regression, change.state, change.figure.operator.is_none());
        let size = |change: &Change| change.ratio.map_or(f64::INFINITY, |ratio| ratio.ln().abs());
        order(a).cmp(&order(b)).then(size(b).total_cmp(&size(a))).then(a.figure.key.cmp(&b.figure.key))
    });
}

/// Compares a figure with that of the baseline.
pub fn compare(now: &Figure, before: &Figure, baseline: &Baseline) -> Change {
    let (mut state, mut reason) = match now.kind {
        Kind::Info => (State::Same, None),
        Kind::Exact => exact(now, before),
        Kind::Timed => timed(now, before),
    };
    let obstacle = match now.kind {
        Kind::Timed => baseline.times.clone().or_else(|| {
            let same = now.code.is_some() && now.code == before.code;
            same.then(|| SAME_CODE.to_string())
        }),
        Kind::Exact => {
            let same = baseline.same_program.then(|| SAME_PROGRAM.to_string());
            baseline.code.clone().or(same)
        }
        Kind::Info => None,
    };
    (state, reason) = match (state, obstacle) {
        // The same program is as fast as it was, whatever the machine did meanwhile.
        (_, Some(_)) if baseline.same_program && now.kind == Kind::Timed => (State::Same, None),
        (State::Faster | State::Slower, Some(obstacle)) => (State::Unsure, Some(obstacle)),
        (_, Some(_)) => (State::Same, None),
        (state, None) => (state, reason),
    };
    let ratio = (before.value != 0.0).then(|| now.value / before.value);
    Change {
        figure: now.clone(),
        before: before.value,
        before_low: before.low,
        before_high: before.high,
        ratio,
        state,
        regression: state == State::Slower && now.gates,
        reason,
    }
}

/// Which way is worse.
fn direction(worse: bool) -> State {
    if worse { State::Slower } else { State::Faster }
}

fn exact(now: &Figure, before: &Figure) -> (State, Option<String>) {
    let difference = now.value - before.value;
    // From nothing to something is a change, however small the threshold's share of nothing is.
    if difference.abs() <= now.threshold * before.value.abs() {
        return (State::Same, None);
    }
    (direction((difference > 0.0) == (now.better == Better::Lower)), None)
}

fn timed(now: &Figure, before: &Figure) -> (State, Option<String>) {
    let ratio = now.value / before.value;
    if !ratio.is_finite() || ratio <= 0.0 {
        return (State::Unsure, Some("there is nothing to compare with".to_string()));
    }
    let apart = now.low > before.high || now.high < before.low;
    let large = ratio.ln().abs() > now.threshold.ln_1p();
    match (apart, large) {
        (false, false) | (true, false) => (State::Same, None),
        (false, true) => (State::Unsure, Some("the intervals overlap".to_string())),
        (true, true) => (direction((ratio > 1.0) == (now.better == Better::Lower)), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::stats::Summary;

    fn time(median: f64, low: f64, high: f64) -> Figure {
        Figure::timed("execute", "aes", "over cranelift", "ratio", Summary { median, low, high }, 0.03)
    }

    fn state(now: &Figure, before: &Figure) -> State {
        compare(now, before, &Baseline::default()).state
    }

    #[test]
    fn a_time_is_slower_only_with_disjoint_intervals_and_by_more_than_the_threshold() {
        let before = time(1.0, 0.98, 1.02);
        assert_eq!(state(&time(1.1, 1.08, 1.12), &before), State::Slower);
        assert_eq!(state(&time(0.9, 0.88, 0.92), &before), State::Faster);
        assert_eq!(state(&time(1.1, 1.01, 1.2), &before), State::Unsure, "the intervals overlap");
        assert_eq!(state(&time(1.025, 1.021, 1.03), &before), State::Same, "below the threshold");
        assert_eq!(state(&time(1.0, 0.9, 1.1), &before), State::Same);
        assert!(compare(&time(1.1, 1.08, 1.12), &before, &Baseline::default()).regression);
        assert!(!compare(&time(1.1, 1.08, 1.12).shown_only(), &before, &Baseline::default()).regression);
    }

    #[test]
    fn the_same_code_has_not_become_slower() {
        let (now, before) = (time(1.1, 1.08, 1.12), time(1.0, 0.98, 1.02));
        let change = compare(&now.clone().of_code(Some("a")), &before.clone().of_code(Some("a")), &Baseline::default());
        assert_eq!((change.state, change.regression), (State::Unsure, false));
        let change = compare(&now.clone().of_code(Some("b")), &before.clone().of_code(Some("a")), &Baseline::default());
        assert_eq!(change.state, State::Slower);
        let elsewhere = Baseline { times: Some("another processor".to_string()), ..Baseline::default() };
        assert_eq!(compare(&now, &before, &elsewhere).reason.as_deref(), Some("another processor"));
        let times = Some("the same".to_string());
        let again = Baseline { times, same_program: true, ..Baseline::default() };
        assert_eq!(compare(&now, &before, &again).state, State::Same, "noise of the machine is no change");
        let count = |value| Figure::exact("counted", "aes", "compiling", "instructions", value, 0.01);
        assert_eq!(compare(&count(2.0), &count(1.0), &again).state, State::Unsure);
    }

    #[test]
    fn counts_are_compared_by_their_threshold_alone() {
        let count = |value| Figure::exact("counted", "aes", "instructions", "instructions", value, 0.005);
        assert_eq!(state(&count(1006.0), &count(1000.0)), State::Slower);
        assert_eq!(state(&count(1004.0), &count(1000.0)), State::Same);
        assert_eq!(state(&count(990.0), &count(1000.0)), State::Faster);
        assert_eq!(state(&count(1.0), &count(0.0)), State::Slower);
        assert_eq!(state(&count(990.0).higher(), &count(1000.0)), State::Slower);
        let info = |value| Figure::info("diff", "all", "modules", "count", value);
        assert_eq!(state(&info(1.0), &info(1000.0)), State::Same);
        let elsewhere = Baseline { code: Some("other features".to_string()), ..Baseline::default() };
        assert_eq!(compare(&count(2000.0), &count(1000.0), &elsewhere).state, State::Unsure);
    }

    #[test]
    fn the_worst_operator_is_on_top() {
        let figure = |subject: &str, value: f64| {
            let figure = Figure::exact("operators", subject, "instructions", "instructions", value, 0.005);
            if subject.contains('.') { figure.of_operator(subject) } else { figure }
        };
        let before: Vec<Figure> = ["i32.add", "i32.rotl", "aes", "f32.abs"].map(|name| figure(name, 100.0)).into();
        let now = [figure("i32.add", 90.0), figure("i32.rotl", 105.0), figure("aes", 200.0), figure("f32.abs", 101.0)];
        let changes = changes(&now, &before, &Baseline::default());
        let order: Vec<&str> = changes.iter().map(|change| change.figure.subject.as_str()).collect();
        assert_eq!(order, ["i32.rotl", "f32.abs", "aes", "i32.add"]);
    }
}
