//! Real modules: what `corpora/manifest.toml` names, brought with the npm client and checked by digest.

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

/// The manifest, relative to the folder of corpora.
pub const MANIFEST: &str = "manifest.toml";
/// Where modules are put, relative to the folder of corpora.
pub const REAL: &str = "real";

/// The modules that are known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The modules, in order.
    #[serde(rename = "module")]
    pub modules: Vec<RealModule>,
}

/// One module inside an npm package.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RealModule {
    /// The name of the file here, without `.wasm`.
    pub name: String,
    /// The package.
    pub package: String,
    /// Its exact version.
    pub version: String,
    /// The module's path inside the package.
    pub file: String,
    /// The module's SHA-256, in hexadecimal.
    pub sha256: String,
    /// The module's size.
    pub bytes: u64,
    /// The licence of the package.
    pub licence: String,
    /// What it is, and why it is here.
    pub about: String,
}

/// Whether a module is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It is, and its digest is right.
    Present,
    /// There is no such file.
    Missing,
    /// There is a file with another digest.
    Different,
}

impl Manifest {
    /// Reads the manifest of a folder of corpora.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is malformed, or names a file outside the package or outside the folder.
    pub fn read(corpora: &Path) -> Result<Manifest> {
        let path = corpora.join(MANIFEST);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Manifest::parse(&text).with_context(|| format!("{} is malformed", path.display()))
    }

    /// Parses a manifest.
    ///
    /// # Errors
    ///
    /// If it is malformed, or names a file outside the package or outside the folder.
    pub fn parse(text: &str) -> Result<Manifest> {
        let manifest: Manifest = toml::from_str(text)?;
        for (index, module) in manifest.modules.iter().enumerate() {
            let inside = |path: &str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
            ensure!(inside(&module.file), "{}: {:?} leads out of the package", module.name, module.file);
            ensure!(
                !module.name.is_empty()
                    && module.name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)),
                "{:?} is no plain file name",
                module.name
            );
            ensure!(
                module.sha256.len() == 64 && module.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')),
                "{}: its digest is not 64 lower-case hexadecimal digits",
                module.name
            );
            // Both end up on npm's command line.
            ensure!(
                !module.package.starts_with('-') && !module.version.is_empty(),
                "{}: package and version must be exact",
                module.name
            );
            let twin = manifest.modules[..index].iter().any(|other| other.name == module.name);
            ensure!(!twin, "{} is named twice", module.name);
        }
        Ok(manifest)
    }
}

impl RealModule {
    /// Where the module is, or will be.
    pub fn path(&self, corpora: &Path) -> PathBuf {
        corpora.join(REAL).join(format!("{}.wasm", self.name))
    }

    /// The package with its version, as npm wants it.
    pub fn specifier(&self) -> String {
        format!("{}@{}", self.package, self.version)
    }

    /// Whether the module is there.
    ///
    /// # Errors
    ///
    /// If the file is there but cannot be read.
    pub fn presence(&self, corpora: &Path) -> Result<Presence> {
        let path = self.path(corpora);
        match fs::read(&path) {
            Ok(bytes) if digest(&bytes) == self.sha256 => Ok(Presence::Present),
            Ok(_) => Ok(Presence::Different),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Presence::Missing),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Takes the module out of an unpacked package.
    ///
    /// # Errors
    ///
    /// If it is not there, is another one than the manifest says, or cannot be stored.
    fn store(&self, package: &Path, corpora: &Path) -> Result<()> {
        let source = package.join(&self.file);
        let bytes = fs::read(&source).with_context(|| format!("{} has no readable {}", self.specifier(), self.file))?;
        let found = digest(&bytes);
        if found != self.sha256 {
            bail!(
                "{} in {} has SHA-256 {found}, not {} as the manifest says",
                self.file,
                self.specifier(),
                self.sha256
            );
        }
        let target = self.path(corpora);
        let folder = corpora.join(REAL);
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        // Renamed at the end, so that an interrupted run leaves no half-written module.
        let mut partial = tempfile::NamedTempFile::new_in(&folder)?;
        std::io::Write::write_all(&mut partial, &bytes)?;
        partial.persist(&target).with_context(|| format!("cannot write {}", target.display()))?;
        Ok(())
    }
}

/// Brings the modules of one package. All of `modules` must be of the same package and version.
///
/// # Errors
///
/// If npm or tar is missing or fails, or a module is not what the manifest says.
///
/// # Panics
///
/// If `modules` is empty.
pub fn fetch(modules: &[&RealModule], corpora: &Path) -> Result<()> {
    let specifier = modules[0].specifier();
    let folder = tempfile::tempdir().context("cannot create a temporary folder")?;
    let pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination"];
    succeed(Command::new("npm").args(pack).arg(folder.path()).arg(&specifier).current_dir(folder.path()))
        .with_context(|| format!("cannot fetch {specifier}"))?;
    let archives: Vec<PathBuf> = fs::read_dir(folder.path())?
        .map(|entry| Ok(entry?.path()))
        .filter(|path: &Result<PathBuf>| {
            path.as_ref().map_or(true, |path| path.extension().is_some_and(|e| e == "tgz"))
        })
        .collect::<Result<_>>()?;
    let [archive] = archives.as_slice() else {
        bail!("npm left {} archives of {specifier}, not one", archives.len());
    };
    let unpacked = folder.path().join("unpacked");
    fs::create_dir(&unpacked)?;
    succeed(Command::new("tar").arg("-xzf").arg(archive).arg("--strip-components=1").arg("-C").arg(&unpacked))
        .with_context(|| format!("cannot unpack {specifier}"))?;
    modules.iter().try_for_each(|module| module.store(&unpacked, corpora))
}

/// Groups modules by package and version, in the manifest's order, so that each package is fetched once.
pub fn by_package<'a>(modules: &[&'a RealModule]) -> Vec<Vec<&'a RealModule>> {
    let mut groups: Vec<Vec<&RealModule>> = Vec::new();
    for &module in modules {
        match groups.iter_mut().find(|group| group[0].specifier() == module.specifier()) {
            Some(group) => group.push(module),
            None => groups.push(vec![module]),
        }
    }
    groups
}

/// Runs a command and says why it failed.
fn succeed(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("`{program}` is not installed or not on the PATH"),
        other => other.with_context(|| format!("`{program}` does not start"))?,
    };
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("`{program}` failed ({}): {}", output.status, stderr.trim());
    }
    Ok(())
}

/// The SHA-256 of some bytes, in hexadecimal.
fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = "[[module]]\nname = \"a\"\npackage = \"p\"\nversion = \"1.0.0\"\nfile = \"d/a.wasm\"\n\
        sha256 = \"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"\nbytes = 3\n\
        licence = \"MIT\"\nabout = \"a test\"\n";

    #[test]
    fn the_shipped_manifest_is_well_formed() {
        let manifest = Manifest::parse(include_str!("../../corpora/manifest.toml")).expect("it is well-formed");
        assert!(manifest.modules.len() >= 10);
    }

    #[test]
    fn paths_and_names_stay_inside() {
        Manifest::parse(ENTRY).expect("it is well-formed");
        for (good, bad) in [("d/a.wasm", "../a.wasm"), ("d/a.wasm", "/a.wasm"), ("\"a\"", "\"../a\""), ("ba78", "BA78")]
        {
            let text = ENTRY.replacen(good, bad, 1);
            assert_ne!(text, ENTRY);
            assert!(Manifest::parse(&text).is_err(), "{bad} was accepted");
        }
        assert!(Manifest::parse(&format!("{ENTRY}{ENTRY}")).is_err(), "two of one name were accepted");
    }

    #[test]
    fn a_module_is_stored_only_with_the_right_digest() {
        let module = &Manifest::parse(ENTRY).expect("it is well-formed").modules[0];
        let (package, corpora) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        fs::create_dir(package.path().join("d")).expect("a folder");
        let file = package.path().join("d/a.wasm");
        fs::write(&file, "abd").expect("a file");
        let error = module.store(package.path(), corpora.path()).expect_err("the digest is wrong");
        assert!(error.to_string().contains("as the manifest says"), "{error:#}");
        assert_eq!(module.presence(corpora.path()).expect("readable"), Presence::Missing);

        fs::write(&file, "abc").expect("a file");
        module.store(package.path(), corpora.path()).expect("the digest is right");
        assert_eq!(module.presence(corpora.path()).expect("readable"), Presence::Present);
        fs::write(module.path(corpora.path()), "abd").expect("a file");
        assert_eq!(module.presence(corpora.path()).expect("readable"), Presence::Different);
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = succeed(&mut Command::new("no-such-program-as-this")).expect_err("it does not exist");
        assert!(error.to_string().contains("no-such-program-as-this"), "{error}");
    }
}
