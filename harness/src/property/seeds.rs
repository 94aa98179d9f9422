//! The seeds that are shipped, for a fuzzer whose corpus is still empty: it starts from what others found.

use std::io;
use std::path::{Path, PathBuf};

/// Copies the seeds into the fuzzer's corpus if that is the only folder on the command line and is empty, and says so on
/// standard error. A corpus that has inputs grew from them, or was chosen, and stays as it is; so it does when corpora
/// are merged or one input is minimised.
///
/// What goes wrong is said, too, and the fuzzer starts without seeds.
pub fn plant_seeds(seeds: &Path) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(corpus) = only_folder(&arguments) else { return };
    match plant(seeds, &corpus) {
        Ok(0) => {}
        Ok(count) => eprintln!("seeds: {count} of {} into {}", seeds.display(), corpus.display()),
        Err(error) => eprintln!("seeds: none of {}: {error}", seeds.display()),
    }
}

/// The only folder among the fuzzer's arguments, if it is to fill it.
fn only_folder(arguments: &[String]) -> Option<PathBuf> {
    let (flags, folders): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|word| word.starts_with('-'));
    let other_work = ["-merge=", "-set_cover_merge=", "-merge_inner=", "-minimize_crash=", "-cleanse_crash="];
    if flags.iter().any(|flag| other_work.iter().any(|work| flag.starts_with(work))) {
        return None;
    }
    match folders[..] {
        [folder] => Some(PathBuf::from(folder)).filter(|folder| folder.is_dir()),
        _ => None,
    }
}

/// How many seeds it copied: none if the folder holds anything.
fn plant(seeds: &Path, corpus: &Path) -> io::Result<usize> {
    if std::fs::read_dir(corpus)?.next().is_some() {
        return Ok(0);
    }
    let mut count = 0;
    for entry in std::fs::read_dir(seeds)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == "wasm") {
            std::fs::copy(entry.path(), corpus.join(entry.file_name()))?;
            count += 1;
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Case;

    fn shipped() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/seeds")
    }

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_string).collect()
    }

    #[test]
    fn an_empty_corpus_starts_with_the_seeds_and_another_stays_as_it_is() {
        let corpus = tempfile::tempdir().expect("a folder can be made");
        let count = plant(&shipped(), corpus.path()).expect("the seeds are there");
        assert!(count > 50, "{count} seeds");
        assert_eq!(std::fs::read_dir(corpus.path()).expect("it is there").count(), count);
        assert_eq!(plant(&shipped(), corpus.path()).expect("the seeds are there"), 0);
        assert!(plant(&shipped(), &corpus.path().join("not there")).is_err());
    }

    #[test]
    fn only_a_corpus_that_is_fuzzed_is_filled() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let folder = folder.path().to_str().expect("its name is text");
        assert_eq!(only_folder(&words(&format!("-artifact_prefix=x/ {folder} -runs=7"))), Some(PathBuf::from(folder)));
        for line in [
            format!("-merge=1 {folder}"),
            format!("-set_cover_merge=1 {folder}"),
            format!("-minimize_crash=1 {folder}"),
            format!("{folder} {folder}"),
            format!("{folder}/not_there"),
            "-runs=3".to_string(),
        ] {
            assert_eq!(only_folder(&words(&line)), None, "{line}");
        }
    }

    #[test]
    fn seeds_are_cases_and_few_and_small() {
        let (mut count, mut bytes) = (0, 0);
        for entry in std::fs::read_dir(shipped()).expect("the seeds are there") {
            let seed = std::fs::read(entry.expect("it can be listed").path()).expect("it can be read");
            assert!(Case::from_envelope(&seed).is_some(), "a seed holds its plan");
            count += 1;
            bytes += seed.len();
        }
        assert!(count <= 150 && bytes <= 500 << 10, "{count} seeds of {bytes} bytes: too many to read in a moment");
    }
}
