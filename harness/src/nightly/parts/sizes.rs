//! Static counters of the code of each program.

use super::{Context, Description, Figure, JSON, Part, Plan, Value, fields, number, rows, text};

/// A change of a counter that is none yet.
const THRESHOLD: f64 = 0.003;
/// Counters of which less is better, certainly enough for a gate. The others are shown.
const GATES: [&str; 5] = ["code bytes", "reloads", "back-edge moves", "back-edge reloads", "back-edge spills"];

/// The part.
#[derive(Debug)]
pub struct Sizes;

impl Part for Sizes {
    fn about(&self) -> Description {
        Description {
            name: "sizes",
            title: "code bytes, spills, moves on back-edges, rewrites, and the work of compiling, program by program",
            need: 20.0,
            weight: 0.0,
            processes: 1,
        }
    }

    fn plan(&self, _: &Context<'_>) -> Plan {
        Plan::run(["bench", "sizes", "--json", JSON])
    }

    fn figures(&self, data: &Value) -> Vec<Figure> {
        let mut figures = Vec::new();
        let mut sums = [0.0, 0.0];
        for row in rows(data, "/rows") {
            let Some(name) = text(row, "name") else { continue };
            let real = row["real"].as_bool().unwrap_or_default();
            for (counter, value) in fields(row, "/counters") {
                let Some(value) = value.as_f64() else { continue };
                let unit = if counter.ends_with("bytes") { "bytes" } else { "count" };
                let figure = Figure::exact("sizes", name, counter, unit, value, THRESHOLD);
                let figure = if counter.starts_with("rewrite") { figure.higher() } else { figure };
                figures.push(if GATES.contains(&counter.as_str()) { figure } else { figure.shown_only() });
                if counter == "code bytes" {
                    sums[usize::from(real)] += value;
                }
            }
            if let Some(work) = number(row, "/work") {
                figures.push(Figure::exact("sizes", name, "work of compiling", "steps", work, 0.01));
            }
            if let Some(held) = number(row, "/held_bytes") {
                figures.push(Figure::exact("sizes", name, "bytes held", "bytes", held, THRESHOLD).shown_only());
            }
        }
        for (what, sum) in ["code bytes of programs", "code bytes of real modules"].into_iter().zip(sums) {
            if sum > 0.0 {
                figures.push(Figure::exact("sizes", "all", what, "bytes", sum, THRESHOLD).shown_only().headline());
            }
        }
        figures
    }
}
