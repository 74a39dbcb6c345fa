//! Proofs: the evaluator that checks them, hand-written and forged ones, and their JSON.

mod evaluator;
