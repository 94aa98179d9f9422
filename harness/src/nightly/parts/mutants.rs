//! The mutation score: how many of the bugs that are seeded in the compiler are found.

use super::{Context, Description, Figure, JSON, Part, Plan, Value, rows};
use std::path::Path;

/// Seconds that building the binary with the bugs may take of the part's time: for the first time, and again.
const BUILD: [f64; 2] = [420.0, 90.0];
/// Hunts, the control included, roughly.
const HUNTS: f64 = 165.0;

/// The part.
#[derive(Debug)]
pub struct Mutants;

impl Part for Mutants {
    fn about(&self) -> Description {
        Description {
            name: "mutants",
            title: "bugs seeded in the compiler, and how many of them are found",
            need: 200.0,
            weight: 4.0,
            processes: 1,
        }
    }

    fn plan(&self, context: &Context<'_>) -> Plan {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        if !root.is_file() {
            return Plan::Missing("the build with the seeded bugs needs this program's repository".to_string());
        }
        let binary = std::env::current_exe().map(|program| program.with_file_name("lightbeam-seeded"));
        let build = BUILD[usize::from(binary.is_ok_and(|binary| binary.is_file()))];
        let each = (context.seconds - build) * context.jobs as f64 / HUNTS;
        if each < 0.3 {
            let least = build + 0.3 * HUNTS / context.jobs as f64;
            return Plan::Missing(format!("it needs {least:.0} s, and its share is {:.0} s", context.seconds));
        }
        // Rounded, so that hunts count together when the part is begun again.
        let each = format!("{:.1}", each.min(30.0));
        let (journal, table) = (context.folder.join("mutants.journal"), context.folder.join("mutants.md"));
        Plan::run([
            "mutants",
            "--seconds",
            &each,
            "--seeds",
            "1",
            "--generators",
            "mix",
            "--jobs",
            &context.jobs.to_string(),
            "--journal",
            &journal.to_string_lossy(),
            "--out",
            &table.to_string_lossy(),
            "--json",
            JSON,
        ])
    }

    fn figures(&self, data: &Value) -> Vec<Figure> {
        let killed = |row: &&Value| {
            let mut trials = rows(row, "/trials").peekable();
            trials.peek().is_some() && trials.all(|trial| !trial["killed"].is_null())
        };
        let (all, found) = (rows(data, "/bugs").count() as f64, rows(data, "/bugs").filter(killed).count() as f64);
        if all == 0.0 {
            return Vec::new();
        }
        let control = rows(data, "/control").filter(|trial| !trial["killed"].is_null()).count() as f64;
        let mut figures = vec![
            Figure::info("mutants", "all", "killed share", "share", found / all).higher().headline(),
            Figure::info("mutants", "all", "seeded", "count", all).higher(),
            Figure::exact("mutants", "control", "false alarms", "count", control, 0.0),
        ];
        let mut seconds: Vec<f64> = rows(data, "/bugs")
            .flat_map(|row| rows(row, "/trials"))
            .filter_map(|trial| trial["seconds"].as_f64())
            .collect();
        seconds.sort_by(f64::total_cmp);
        if let Some(median) = seconds.get(seconds.len() / 2) {
            figures.push(Figure::info("mutants", "all", "median time to a kill", "s", *median));
        }
        figures
    }
}
