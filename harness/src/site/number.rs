//! Numbers on a page: each names the place in the JSON that it is from, so that a test can compare the two.

use minijinja::value::Value as Safe;
use serde_json::Value;
use std::fmt::Write;

/// What numbers are looked up in.
#[derive(Debug)]
pub(super) struct Source {
    /// The report, as it was read.
    pub report: Value,
    /// The lines of the history, the oldest first.
    pub history: Value,
    /// The sizes of the benchmark programs.
    pub counts: Value,
}

impl Source {
    /// What `key` names: a JSON pointer into the report, after `history` into the history's lines, or from `programs` on
    /// into the sizes of the benchmark programs. After `len:` it is how long what is named there is; `passed:FILE:ENGINE`
    /// is how many assertions of a script passed.
    fn value(&self, key: &str) -> Option<f64> {
        if let Some(key) = key.strip_prefix("len:") {
            return match self.place(key)? {
                Value::Array(items) => Some(items.len() as f64),
                Value::Object(fields) => Some(fields.len() as f64),
                _ => None,
            };
        }
        if let Some((file, engine)) = key.strip_prefix("passed:").and_then(|key| key.split_once(':')) {
            return self.passed(file, engine);
        }
        self.place(key)?.as_f64()
    }

    fn place(&self, key: &str) -> Option<&Value> {
        match key.strip_prefix("history") {
            Some(key) => self.history.pointer(key),
            None if key.starts_with("programs/") => self.counts.pointer(&format!("/{key}")),
            None => self.report.pointer(key),
        }
    }

    fn passed(&self, file: &str, engine: &str) -> Option<f64> {
        let file = self.report.pointer(&format!("/parts/conform/data/files/{file}"))?;
        file.get("seconds")?.get(engine)?;
        let not_passed = |assertion: &Value| {
            let not_counted = assertion["not_counted"].as_array();
            assertion["not_passed"].get(engine).is_some()
                || not_counted.is_some_and(|engines| engines.iter().any(|other| other == engine))
        };
        Some(file["assertions"].as_array()?.iter().filter(|assertion| !not_passed(assertion)).count() as f64)
    }

    /// The number as an element; a dash if there is none. A `key` that begins with neither a slash nor a word of the above goes on from `base`.
    pub(super) fn element(&self, base: &str, key: &str, unit: &str) -> Safe {
        let relative = key.starts_with(|first: char| first.is_ascii_alphanumeric()) && !key.contains(':');
        let elsewhere = key.starts_with("history/") || key.starts_with("programs/");
        let whole = if relative && !elsewhere { format!("{base}/{key}") } else { key.to_string() };
        let Some(value) = self.value(&whole) else {
            return Safe::from_safe_string("<span class=\"none\">–</span>".to_string());
        };
        let mut out = String::with_capacity(96);
        out.push_str("<span class=\"n\" data-key=\"");
        escape(key, &mut out);
        write!(out, "\" data-value=\"{value}\">{}</span>", text(value, unit)).expect("a string takes everything");
        Safe::from_safe_string(out)
    }
}

/// Escapes what stands between double quotes.
pub(super) fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(letter),
        }
    }
}

/// A segment of a JSON pointer.
pub(super) fn segment(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A number for people: four digits, and of seconds a unit that leaves few zeros.
pub(super) fn text(value: f64, unit: &str) -> String {
    let seconds = match unit {
        "s" => Some(value),
        "ns" => Some(value / 1e9),
        _ => None,
    };
    match seconds {
        Some(seconds) if seconds == 0.0 || seconds.abs() >= 1.0 => format!("{} s", digits(seconds)),
        Some(seconds) if seconds.abs() >= 1e-3 => format!("{} ms", digits(seconds * 1e3)),
        Some(seconds) if seconds.abs() >= 1e-6 => format!("{} µs", digits(seconds * 1e6)),
        Some(seconds) => format!("{} ns", digits(seconds * 1e9)),
        None if unit == "share" => format!("{} %", digits(value * 100.0)),
        None => digits(value),
    }
}

fn digits(value: f64) -> String {
    let size = value.abs();
    if value.fract() == 0.0 && size < 1e15 {
        format!("{value:.0}")
    } else if !(1e-3..1e9).contains(&size) {
        format!("{value:.3e}")
    } else {
        let before = size.log10().floor() as i32;
        format!("{value:.*}", usize::try_from(3 - before).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_for_people() {
        assert_eq!(text(1.713_594, "ratio"), "1.714");
        assert_eq!(text(114_304.0, "bytes"), "114304");
        assert_eq!(text(12_345.6, "count"), "12346");
        assert_eq!(text(0.000_012_5, "s"), "12.50 µs");
        assert_eq!(text(0.4201, "ns"), "0.4201 ns");
        assert_eq!(text(0.985, "share"), "98.50 %");
        assert_eq!(text(0.0, "s"), "0 s");
        assert_eq!(text(-0.25, "ratio"), "-0.2500");
        assert_eq!(text(0.000_012_5, "ratio"), "1.250e-5");
    }

    #[test]
    fn keys_name_places() {
        let engines = json!({"a/b": 0.5, "b": 1});
        let assertions = json!([{"not_passed": {"b": {}}}, {}, {"not_counted": ["b"]}]);
        let report =
            json!({"parts": {"conform": {"data": {"files": [{"seconds": engines, "assertions": assertions}]}}}});
        let source =
            Source { report, history: json!([{"regressions": 3}]), counts: json!({"programs": {"a/b": {"wasm": 7}}}) };
        assert_eq!(source.value("/parts/conform/data/files/0/seconds/a~1b"), Some(0.5));
        assert_eq!((source.value("passed:0:a/b"), source.value("passed:0:b")), (Some(3.0), Some(1.0)));
        assert_eq!(source.value("passed:0:c"), None);
        assert_eq!(source.value("len:/parts/conform/data/files/0/assertions"), Some(3.0));
        assert_eq!(source.value("history/0/regressions"), Some(3.0));
        assert_eq!(source.value("programs/a~1b/wasm"), Some(7.0));
        assert!(source.element("programs/a~1b", "wasm", "bytes").to_string().contains(">7<"));
        assert!(source.element("", "/nothing", "s").to_string().contains("none"));
        let base = "/parts/conform/data/files/0/seconds";
        assert!(source.element(base, "b", "s").to_string().contains("data-key=\"b\" data-value=\"1\""));
    }
}
