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
    /// The host lacks something that compiled code needs.
    #[error("unsupported host: {0}")]
    Host(String),
}

impl From<wasmparser::BinaryReaderError> for CompileError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        crate::wasm::refusal::refuse(&error)
    }
}
