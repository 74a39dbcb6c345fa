//! The one test binary.

mod facts;
