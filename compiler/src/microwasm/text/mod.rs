//! Microwasm as text: written by [`Printer`], read by [`parse`]. `MICROWASM.md`, section 6, is the grammar.
//!
//! ```
//! use lightbeam::microwasm::text::{Printer, parse};
//!
//! let text = "microwasm 1\n\
//!     type 0 :: [i32] -> [i32]\n\
//!     func $twice :: type 0\n\
//!     export \"twice\" func $twice\n\
//!     code $twice\n  pick 0\n  pick 0\n  i32.add\n  br .return\nend\n";
//! let (info, printer) = parse(text, Printer::new(String::new()))?;
//! assert_eq!(printer.finish(&info)?, text);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod declaration;
mod lex;
mod names;
mod number;
mod operator;
mod parse;
mod print;
mod printer;

pub use parse::parse;
pub use printer::Printer;
