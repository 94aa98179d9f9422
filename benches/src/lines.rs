//! Which source line each part of a module's code is from, as `programs/build.sh` writes it down.

/// Where a part of the code begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where it begins, from the contents of the code section on. It ends where the next one begins.
    pub offset: u32,
    /// The line, from 1 on; 0 if it is not known.
    pub line: u32,
    /// The name of the function whose first part it is.
    pub function: Option<String>,
}

/// Reads a table of lines: `0xOFFSET LINE`, and behind a function's first one its name.
///
/// # Errors
///
/// If a line of the table is something else; the message has it.
pub fn read(text: &str) -> Result<Vec<Place>, String> {
    text.lines().map(|row| place(row).ok_or_else(|| format!("no place and line: {row}"))).collect()
}

fn place(row: &str) -> Option<Place> {
    let mut fields = row.split(' ');
    let offset = u32::from_str_radix(fields.next()?.strip_prefix("0x")?, 16).ok()?;
    let line = fields.next()?.parse().ok()?;
    let function = fields.next().map(ToString::to_string);
    fields.next().is_none().then_some(Place { offset, line, function })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_whole_or_not_at_all() {
        let run = Place { offset: 3, line: 24, function: Some("run".to_string()) };
        assert_eq!(read("0x3 24 run\n0x2a 0\n"), Ok(vec![run, Place { offset: 42, line: 0, function: None }]));
        for wrong in ["3 24", "0x3", "0x3 x", "0x3 24 run again", ""] {
            assert!(read(&format!("0x1 1\n{wrong}\n")).is_err_and(|error| error.ends_with(wrong)), "{wrong}");
        }
    }
}
