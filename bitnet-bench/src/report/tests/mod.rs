//! Every renderer against records made by hand; what a page looks like is kept in `expected/`.

mod comparison;
mod csv;
#[cfg(feature = "companion")]
mod interchange;
mod json_lines;
mod markdown;
mod sample;
mod suite;
mod terminal;

/// Compares a page with what is kept of it. A page that is other on purpose is copied there from
/// where the failure says.
fn same_page(name: &str, expected: &str, actual: &str) {
    if expected != actual {
        let path = std::env::temp_dir().join(format!("bitnet-bench-{name}"));
        let written = std::fs::write(&path, actual);
        panic!("not as in expected/{name}; what it is now is in {} ({written:?}):\n{actual}", path.display());
    }
}

/// A page against the file of that name.
macro_rules! assert_page {
    ($name:literal, $actual:expr) => {
        super::same_page($name, include_str!(concat!("expected/", $name)), &$actual)
    };
}
use assert_page;
