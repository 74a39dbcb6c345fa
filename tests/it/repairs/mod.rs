//! `why --repair` and the nearest misses: on random portals, against the portal oracle and an exhaustive search.

mod asking;
mod exhaustive;
mod misses;
mod random;
mod widening;
mod written;
