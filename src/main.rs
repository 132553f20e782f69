//! The thin binary: an exit code, nothing else.

fn main() -> std::process::ExitCode {
    guitai::run::main()
}
