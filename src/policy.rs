//! The built-in policy: the files of `rules/`, as the program carries them.

use crate::compiler::source::{Origin, SourceId, Sources};

mod files {
    include!(concat!(env!("OUT_DIR"), "/built_in_files.rs"));
}

pub use files::FILES;

/// Adds the files of the built-in policy to the sources, in the order in which their rules decide.
pub fn add_to(sources: &mut Sources) -> Vec<SourceId> {
    FILES.iter().map(|(name, text)| sources.add(*name, *text, Origin::BuiltIn)).collect()
}
