//! The configurations of our engine, by name: `lightbeam`, or `lightbeam:` and parts joined by `+`.

use anyhow::{Result, bail};
use lightbeam::compile::{CompilerConfig, DEFAULT_BATCH_BYTES};
use lightbeam::{Config, CpuFeatures, MemoryBase, Rewrite, Switches};

/// How a module reaches the compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// At once.
    Whole,
    /// In pieces of one byte and more.
    Pieces,
    /// Through Microwasm's binary format.
    Microwasm,
}

/// A configuration of our engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    /// The CPU features that it may use.
    pub features: Option<CpuFeatures>,
    /// Where it finds the base of memory 0.
    pub memory_base: MemoryBase,
    /// Its optional rewrites.
    pub switches: Switches,
    /// How many optional rewrites it may make.
    pub rewrite_limit: u64,
    /// How modules reach it.
    pub delivery: Delivery,
    /// How many threads may compile a module.
    pub jobs: usize,
    /// About how many bytes of functions one of them takes at a time.
    pub batch_bytes: usize,
}

impl Setup {
    /// The configuration that embedders get.
    pub const DEFAULT: Setup = Setup {
        features: None,
        memory_base: MemoryBase::Register,
        switches: Switches::ALL,
        rewrite_limit: u64::MAX,
        delivery: Delivery::Whole,
        jobs: 1,
        batch_bytes: DEFAULT_BATCH_BYTES,
    };

    /// The configuration of this name.
    ///
    /// # Errors
    ///
    /// If a part is not known; the message lists those that are.
    pub fn parse(name: &str) -> Result<Setup> {
        let mut setup = Setup::DEFAULT;
        let Some(parts) = name.strip_prefix("lightbeam").filter(|rest| rest.is_empty() || rest.starts_with(':')) else {
            bail!("`{name}` is no configuration of lightbeam");
        };
        for part in parts.trim_start_matches(':').split('+').filter(|part| !part.is_empty()) {
            let rewrite = part.strip_prefix("no-").and_then(|name| Rewrite::ALL.into_iter().find(|r| r.name() == name));
            let limit = part.strip_prefix("limit=").and_then(|limit| limit.parse().ok());
            if let Some(jobs) = part.strip_prefix("jobs=").and_then(|jobs| jobs.parse().ok()) {
                // As many batches as there are functions: small modules have several, too.
                (setup.jobs, setup.batch_bytes) = (jobs, 1);
                continue;
            }
            match (part, rewrite, limit) {
                ("baseline", ..) => setup.features = Some(CpuFeatures::BASELINE),
                ("segment", ..) => setup.memory_base = MemoryBase::Segment,
                ("plain", ..) => setup.switches = Switches::NONE,
                ("pieces", ..) => setup.delivery = Delivery::Pieces,
                ("microwasm", ..) => setup.delivery = Delivery::Microwasm,
                (_, Some(rewrite), _) => setup.switches = setup.switches.without(rewrite),
                (_, _, Some(limit)) => setup.rewrite_limit = limit,
                _ => bail!(
                    "`{part}` is no part of a configuration; there are baseline, segment, plain, pieces, microwasm, limit=N, jobs=N, {}",
                    Rewrite::ALL.map(|rewrite| format!("no-{}", rewrite.name())).join(", ")
                ),
            }
        }
        Ok(setup)
    }

    /// The configuration as the compiler alone takes it.
    ///
    /// # Errors
    ///
    /// If the CPU lacks what compiled code needs.
    pub fn compiler_config(&self) -> Result<CompilerConfig> {
        let mut config = CompilerConfig::native()?;
        config.memory_base = self.memory_base;
        config.switches = self.switches;
        config.rewrite_limit = self.rewrite_limit;
        (config.jobs, config.batch_bytes) = (self.jobs, self.batch_bytes);
        if let Some(features) = self.features {
            config.features = config.features.and(features);
        }
        Ok(config)
    }

    /// The configuration as the engine takes it.
    pub fn config(&self) -> Config {
        let mut config = Config::new();
        config.memory_base(self.memory_base).switches(self.switches).rewrite_limit(self.rewrite_limit);
        config.jobs(self.jobs).batch_bytes(self.batch_bytes);
        if let Some(features) = self.features {
            config.cpu_features(features);
        }
        config
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_configurations() {
        let parse = |name| Setup::parse(name).map_err(|error| error.to_string());
        assert_eq!(parse("lightbeam"), Ok(Setup::DEFAULT));
        let limited = Setup { features: Some(CpuFeatures::BASELINE), rewrite_limit: 17, ..Setup::DEFAULT };
        assert_eq!(parse("lightbeam:baseline+limit=17"), Ok(limited));
        let segment = Setup { memory_base: MemoryBase::Segment, delivery: Delivery::Pieces, ..Setup::DEFAULT };
        assert_eq!(parse("lightbeam:segment+pieces"), Ok(segment));
        assert_eq!(parse("lightbeam:jobs=3"), Ok(Setup { jobs: 3, batch_bytes: 1, ..Setup::DEFAULT }));
        let switches = Switches::ALL.without(Rewrite::OpenHeader);
        assert_eq!(parse("lightbeam:no-open-header"), Ok(Setup { switches, ..Setup::DEFAULT }));
        assert!(parse("lightbeam:fast").is_err_and(|error| error.contains("no-fuse-test")));
        assert!(parse("lightbeams").is_err());
    }
}
