//! Differential testing of Lightbeam: generated and real modules run on two engines, and every
//! result, trap, host call and piece of state must be equal, bit for bit.

pub mod bench;
pub mod blame;
pub mod cli;
pub mod compare;
pub mod conform;
pub mod corpora;
pub mod cpu;
pub mod engine;
pub mod engines;
pub mod finding;
pub mod generate;
pub mod guest;
pub mod host;
pub mod measure;
pub mod mutants;
pub mod outcome;
pub mod panics;
pub mod pathological;
pub mod places;
pub mod plan;
pub mod property;
pub mod reduce;
pub mod rewrite;
pub mod rng;
pub mod sample;
pub mod script;
pub mod shape;
pub mod source;
pub mod triage;
pub mod validity;
pub mod value;
pub mod vote;
pub mod wast;
pub mod worker;
