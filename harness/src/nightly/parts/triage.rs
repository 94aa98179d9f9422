//! The findings of the parts before it, made small and located: which operator is wrong.

use super::{Context, Description, Figure, Finding, JSON, Part, Plan, Value, rows, text};
use crate::rewrite::operators;
use std::collections::BTreeSet;

/// How many findings are looked into.
const MOST: usize = 20;

/// The part.
#[derive(Debug)]
pub struct Triage;

impl Part for Triage {
    fn about(&self) -> Description {
        Description {
            name: "triage",
            title: "what was found, made small, and the operator behind which executions part",
            need: 60.0,
            weight: 0.0,
            processes: 1,
        }
    }

    fn plan(&self, context: &Context<'_>) -> Plan {
        let mut seen = BTreeSet::new();
        let files: Vec<String> = context
            .found()
            .into_iter()
            .filter(|finding| !finding.flaky && seen.insert(finding.signature.clone()))
            .filter_map(|finding| finding.reproducer)
            .take(MOST)
            .collect();
        if files.is_empty() {
            return Plan::Nothing(Value::Array(Vec::new()));
        }
        let each = (context.seconds / files.len() as f64 / 2.0).max(1.0) as u64;
        let out = context.findings.join("triage").to_string_lossy().into_owned();
        let mut args = vec!["triage".to_string()];
        args.extend(files);
        args.extend(["--seconds", &each.to_string(), "--out", &out, "--json", JSON].map(ToString::to_string));
        Plan::Run(args)
    }

    fn figures(&self, data: &Value) -> Vec<Figure> {
        let count = data.as_array().map_or(0, Vec::len);
        vec![Figure::info("triage", "all", "located", "count", count as f64)]
    }
}

/// Says of findings what triage has found out.
pub fn locate(findings: &mut [Finding], data: &Value) {
    for row in rows(data, "") {
        let operator = row.pointer("/parting/operator").and_then(Value::as_str).map(operators::text);
        let (Some(origin), Some(operator)) = (text(row, "origin"), operator) else { continue };
        for finding in findings.iter_mut().filter(|finding| finding.reproducer.as_deref() == Some(origin)) {
            (finding.operator, finding.located) = (Some(operator.clone()), Some("triage".to_string()));
            let holds = rows(row, "/holds").filter_map(Value::as_str).map(operators::text);
            finding.holds = holds.collect();
        }
    }
}
