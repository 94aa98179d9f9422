//! How many things are done at once.

/// More processes or threads than this are a slip of the finger.
const MOST: usize = 1024;

/// The number in `--jobs N`: 1 to 1024.
///
/// # Errors
///
/// If it is not such a number.
pub fn count(text: &str) -> Result<usize, String> {
    let count = text.parse().map_err(|_| "it is not a number".to_string())?;
    if (1..=MOST).contains(&count) { Ok(count) } else { Err(format!("1 to {MOST} can be done at once")) }
}

/// That number, or one for each processor.
pub fn or_processors(jobs: Option<usize>) -> usize {
    jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_make_sense() {
        assert_eq!((count("1"), count("1024")), (Ok(1), Ok(1024)));
        assert!(["0", "1025", "-1", "two", "99999999999999999999"].iter().all(|text| count(text).is_err()));
        assert_eq!(or_processors(Some(3)), 3);
        assert!(or_processors(None) >= 1);
    }
}
