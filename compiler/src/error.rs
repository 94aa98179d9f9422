//! What can go wrong before anything runs: a malformed, unsupported or too large module.

use thiserror::Error;

/// The result of compiling.
pub type CompileResult<T> = Result<T, CompileError>;

/// Why a module was refused. Nothing of the module has run when this is returned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CompileError {
    /// The bytes are not a valid module (specification, chapters "Validation" and "Binary Format").
    #[error("invalid module at byte {offset:#x}: {message}")]
    Invalid {
        /// The position in the module's bytes.
        offset: u64,
        /// What is wrong there.
        message: String,
    },
    /// The module ended before it was complete.
    #[error("unexpected end of the module at byte {offset:#x}")]
    UnexpectedEnd {
        /// How many bytes had arrived.
        offset: u64,
    },
    /// The module uses a feature that this compiler does not have.
    #[error("unsupported feature at byte {offset:#x}: {feature}")]
    Unsupported {
        /// The position in the module's bytes.
        offset: u64,
        /// The feature's name.
        feature: &'static str,
    },
    /// The module exceeds a limit of this implementation.
    #[error("limit exceeded at byte {offset:#x}: {limit}")]
    Limit {
        /// The position in the module's bytes.
        offset: u64,
        /// The limit's name.
        limit: &'static str,
    },
    /// The bytes are not Microwasm, or break one of its rules (`MICROWASM.md`).
    #[error("invalid Microwasm at byte {offset:#x}: {message}{}", at_label(.label))]
    Microwasm {
        /// The position in the module's bytes.
        offset: u64,
        /// The label that it is about.
        label: Option<u32>,
        /// What is wrong there.
        message: String,
    },
    /// The text is not Microwasm, or breaks one of its rules.
    #[error("invalid Microwasm at {line}:{column}: {message}")]
    Text {
        /// The line, from 1.
        line: u32,
        /// The column in characters, from 1.
        column: u32,
        /// What is wrong there.
        message: String,
    },
    /// Microwasm of another version.
    #[error("Microwasm version {found} is not supported; this is version {}", crate::microwasm::VERSION)]
    Version {
        /// The version that the module states.
        found: u32,
    },
    /// The host lacks something that compiled code needs.
    #[error("unsupported host: {0}")]
    Host(String),
}

/// The end of a message about a label.
fn at_label(label: &Option<u32>) -> String {
    label.map_or_else(String::new, |label| format!(" (label .L{label})"))
}

impl From<wasmparser::BinaryReaderError> for CompileError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        crate::wasm::refusal::refuse(&error)
    }
}
