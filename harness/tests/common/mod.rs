//! What the tests share: the binary, run to its end.

use std::process::{Command, Output};

/// The binary with these arguments.
pub fn lightbeam(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lightbeam"));
    command.args(args);
    command
}

/// What a command printed, and its exit code.
pub fn finish(mut command: Command) -> (String, Option<i32>) {
    let Output { status, stdout, stderr } = command.output().expect("the binary runs");
    let text = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    (text, status.code())
}
